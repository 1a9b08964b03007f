import type { Check, Verdict } from '../verdict.ts'
import { passed } from './checks.ts'
import { checkEndorsements } from './endorsements.ts'
import { achievementKind } from './kinds.ts'
import type { Secured } from './prove.ts'
import { proveCredential } from './prove.ts'
import { checkOb3Recipient } from './recipient.ts'
import { summaryOfOb3 } from './summary.ts'
import { verdictWordOf } from './word.ts'
import type { World } from './world.ts'

export type Asked = { readonly at: Date; readonly recipient?: string }

/** Verifies an OB 3.0 credential, as VC-JWT or with an embedded proof (CONFORMANCE 3, 6; S-26, S-27). */
export async function verifyOb3(secured: Secured, asked: Asked, world: World): Promise<Verdict> {
  const proven = await proveCredential(secured, achievementKind, asked.at, world)
  const { document, checks: ofCredential, isTrue } = proven
  const format = proven.secured.form === 'jwt' ? 'ob3-jwt' : 'ob3-json'
  const summary = summaryOfOb3(document, format)
  if (ofCredential.some((check) => check.id === 'format')) {
    return { verdict: verdictWordOf(ofCredential), checks: ofCredential, credential: summary }
  }
  const endorsements = await checkEndorsements(document, isTrue, asked.at, world)
  const checks: readonly Check[] = [
    passed('format', format === 'ob3-jwt' ? 'read-ob3-jwt' : 'read-ob3-json'),
    ...ofCredential,
    ...(asked.recipient === undefined ? [] : [checkOb3Recipient(document, asked.recipient)]),
    ...endorsements.checks,
  ]
  const reason = checks.find((check) => check.code === 'revoked')?.values?.['reason']
  const credential = {
    ...summary,
    ...(reason ? { revocationReason: reason } : {}),
    ...(endorsements.says === undefined ? {} : { endorsements: endorsements.says }),
  }
  return { verdict: verdictWordOf(checks), checks, credential }
}
