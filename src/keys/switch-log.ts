import { sql } from 'kysely'
import { z } from 'zod'
import { asTenant } from '../db/connect.ts'
import type { Deps } from '../deps.ts'
import { startReasons, stopReasons } from './issuing-switch.ts'

const Content = z.object({
  accountId: z.uuid().optional(),
  reason: z
    .enum([...stopReasons, ...startReasons])
    .optional()
    .catch(undefined),
})

/** One turn of a tenant's stop switch, as its history holds it. `by` is null for a command. */
export type SwitchTurn = {
  readonly at: Date
  readonly stopped: boolean
  readonly reason: z.infer<typeof Content>['reason']
  readonly by: string | null
}

export type SwitchState = {
  /** Since when this organisation's own switch is off. */
  readonly stoppedAt: Date | null
  readonly isStoppedForAll: boolean
  /** The latest first. */
  readonly turns: readonly SwitchTurn[]
}

const shownTurns = 10

/** How the tenant's stop switch stands, and when and why it was turned (S-25). */
export async function readSwitch({ db }: Pick<Deps, 'db'>, tenant: string): Promise<SwitchState> {
  return await asTenant(db, tenant, async (trx) => {
    const own = await trx
      .selectFrom('organisation')
      .select('issuing_stopped_at')
      .where('tenant_id', '=', tenant)
      .executeTakeFirstOrThrow()
    const all = await sql<{ stopped: boolean }>`
      select exists (select from app.issuance where stopped_at is not null) as stopped`.execute(trx)
    const { rows } = await sql<{ at: Date; kind: string; content: string; name: string | null }>`
      select h.at, h.kind, c.content, a.display_name as name
      from history h join history_content c on c.tenant_id = h.tenant_id and c.history_id = h.id
        left join account a on a.tenant_id = h.tenant_id and a.id = (c.content::jsonb ->> 'accountId')::uuid
      where h.tenant_id = ${tenant} and h.kind in ('issuing.stopped', 'issuing.started')
      order by h.seq desc limit ${shownTurns}`.execute(trx)
    return {
      stoppedAt: own.issuing_stopped_at,
      isStoppedForAll: all.rows[0]?.stopped === true,
      turns: rows.map(({ at, kind, content, name }) => {
        const { reason } = Content.parse(JSON.parse(content))
        return { at, stopped: kind === 'issuing.stopped', reason, by: name }
      }),
    }
  })
}
