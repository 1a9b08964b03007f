import { type RawBuilder, sql } from 'kysely'
import { isCoachedBy } from '../clients/relation.ts'
import { widestReach } from '../matrix/rows.ts'
import { roles } from '../matrix/words.ts'

/** Whoever has one of these roles hands out codes and cards to every client of the foundation, or to the own ones. */
const everywhere = roles.filter((role) => widestReach([role], 'code:hand-out') === 'foundation')
const toOwn = roles.filter((role) => !everywhere.includes(role) && widestReach([role], 'code:hand-out') !== undefined)

type Columns = {
  /** Whose code or card it is. */
  readonly giver: RawBuilder<unknown>
  readonly client: RawBuilder<unknown>
  readonly tenant: RawBuilder<unknown>
}

/**
 * Might who gave a code or a card give it today? What a colleague gave opens no longer than the colleague has the role and reaches the client,
 * also where a relation or a stand-in ends by its date and nobody writes a row (S-12, S-14). The columns are of the statement around it,
 * `today` a day or one of them. A coordinator who once was the client's coach reaches the client still.
 */
export function isWithinReach(
  { giver, client, tenant }: Columns,
  today: string | RawBuilder<unknown>,
): RawBuilder<boolean> {
  return sql<boolean>`exists (select from role_grant held
    where held.tenant_id = ${tenant} and held.account_id = ${giver} and held.ended_at is null
      and (held.role in (${listed(everywhere)}) or held.role in (${listed(toOwn)}) and ${isCoachedBy(giver, today, client, tenant)}))`
}

function listed(some: readonly string[]): RawBuilder<unknown> {
  return sql.join(some.map((role) => sql.lit(role)))
}

/**
 * Over `session s`: may a client's session go on, as far as its giver goes? One by a code or a card ends with the giver's reach: who made a card
 * has seen its PIN. Who moved to another foundation keeps the own session, and one in another foundation's passport hangs on the session
 * that it comes from.
 */
export function goesOnWithoutGiver(today: RawBuilder<unknown>): RawBuilder<boolean> {
  const columns = { giver: sql`s.opened_by`, client: sql`s.client_id`, tenant: sql`s.tenant_id` }
  return sql<boolean>`(${isWithinReach(columns, today)} or s.root_session is not null
    or exists (select from client gone where gone.tenant_id = s.tenant_id and gone.id = s.client_id and gone.moved_at is not null))`
}
