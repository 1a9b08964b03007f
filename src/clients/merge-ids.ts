import { type RawBuilder, sql } from 'kysely'

/**
 * Every row of one person: the client's own and those that went into it (PRODUCT K7), for `= any(…)`. What stays with a row that went (looks,
 * links, names) is the person's all the same, and belongs to that row alone again once they are taken apart.
 */
export function idsOfPerson(tenant: string, clientId: string): RawBuilder<readonly string[]> {
  return sql`array(with recursive person (id) as (
    select ${clientId}::uuid
    union select c.id from client c join person p on c.merged_into = p.id where c.tenant_id = ${tenant}
  ) select id from person)`
}

/** The row in which a client's person stands now: the client's own, or the one that it went into. Both are columns of the statement around. */
export function personOf(client: RawBuilder<unknown>, tenant: RawBuilder<unknown>): RawBuilder<string> {
  return sql`(with recursive way (id, next) as (
    select c.id, c.merged_into from client c where c.tenant_id = ${tenant} and c.id = ${client}
    union select c.id, c.merged_into from client c join way w on c.id = w.next where c.tenant_id = ${tenant}
  ) select id from way where next is null)`
}
