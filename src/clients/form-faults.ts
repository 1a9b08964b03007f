import { z } from 'zod'
import type { PageContext } from '../http/pages.ts'
import { refusalSentence } from '../i18n/index.ts'
import { Refusal } from '../refusal.ts'
import type { FieldError } from '../web/components/error-summary.ts'

/** What no form of ours sends as a coach. */
export function uuidFault({ t }: PageContext, field: string, value: string): readonly FieldError[] {
  return z.uuid().safeParse(value).success ? [] : [{ field, message: t.error.codes['unknown-coach'] }]
}

/** What is no day. */
export function dayFault({ t }: PageContext, field: string, value: string): readonly FieldError[] {
  return z.iso.date().safeParse(value).success ? [] : [{ field, message: t.error.dateUnreadable }]
}

/** A rule's no beside the field that it is about; a person who is not there is no fault of a field. */
export async function faultsOf({ t }: PageContext, act: Promise<unknown>): Promise<readonly FieldError[]> {
  try {
    await act
    return []
  } catch (error) {
    if (!(error instanceof Refusal) || error.kind === 'not-found') throw error
    const field = error.details.fields?.[0]?.pointer.slice(1) ?? 'coachId'
    return [{ field, message: refusalSentence(t, error.kind, error.code) }]
  }
}

/** It ended meanwhile: that is what was wanted. */
export async function ignoreOver(act: Promise<void>): Promise<void> {
  try {
    await act
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'relation-over') throw error
  }
}
