import type { TestService } from '../support/app.ts'
import { parseObject } from '../support/json.ts'

export type HistoryLine = {
  readonly seq: number
  readonly kind: string
  readonly at: Date
  readonly content: Readonly<Record<string, unknown>>
}

/** A foundation's history from its first line, with what each tells. */
export async function linesOf(service: TestService, tenant: string): Promise<readonly HistoryLine[]> {
  const rows = await service.database.ownerDb
    .selectFrom('history as h')
    .innerJoin('history_content as c', (join) =>
      join.onRef('c.tenant_id', '=', 'h.tenant_id').onRef('c.history_id', '=', 'h.id'),
    )
    .select(['h.seq', 'h.kind', 'h.at', 'c.content'])
    .where('h.tenant_id', '=', tenant)
    .orderBy('h.seq')
    .execute()
  return rows.map((row) => ({ ...row, content: parseObject(row.content) }))
}

/** Only what happened, in order. */
export async function kindsOf(service: TestService, tenant: string): Promise<readonly string[]> {
  return (await linesOf(service, tenant)).map(({ kind }) => kind)
}
