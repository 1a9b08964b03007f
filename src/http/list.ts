import { z } from 'zod'
import { Refusal } from '../refusal.ts'

/** How a list is asked for (PRODUCT §7, Lists). The cursor is opaque: where the last page ended. */
export const ListQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(25),
  cursor: z.string().max(200).optional(),
})
export type ListQuery = z.infer<typeof ListQuery>

export type Page<T> = { readonly data: T[]; readonly page: { readonly next: string | null } }

/** The answer's schema around one row's. */
export function listOf<T extends z.ZodType>(
  row: T,
): z.ZodObject<{ data: z.ZodArray<T>; page: z.ZodObject<{ next: z.ZodNullable<z.ZodString> }> }> {
  return z.object({ data: z.array(row), page: z.object({ next: z.string().nullable() }) })
}

/** The id after which the wanted page begins; undefined for the first page. Refuses a cursor that we never gave. */
export function idOfCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined
  const id = z.uuid().safeParse(Buffer.from(cursor, 'base64url').toString('utf8'))
  if (id.success) return id.data
  throw new Refusal('content', '/querystring/cursor: this cursor is not one of ours', { code: 'cursor' })
}

/** Makes a page of rows that were read with one more than the limit, in the order of their ids. */
export function pageOf<R extends { readonly id: string }, T>(
  rows: readonly R[],
  limit: number,
  show: (row: R) => T,
): Page<T> {
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1) : undefined
  return { data: shown.map(show), page: { next: last ? Buffer.from(last.id).toString('base64url') : null } }
}

/** A page of rows that are read whole because there are never many: in the order of their ids, so that a cursor holds when some come and go. */
export function pageOfAll<R extends { readonly id: string }, T>(
  rows: readonly R[],
  { limit, cursor }: ListQuery,
  show: (row: R) => T,
): Page<T> {
  const after = idOfCursor(cursor)
  const rest = rows.toSorted((a, b) => (a.id < b.id ? -1 : 1)).filter(({ id }) => after === undefined || id > after)
  return pageOf(rest, limit, show)
}
