import { sql } from 'kysely'
import { asTenant } from '../db/connect.ts'
import type { Deps } from '../deps.ts'
import type { StaffActor } from '../http/actor.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import { openName, type PersonName } from './client.ts'

/** A client in the coordinator's list, with who works with the client now. */
export type PersonWithCoaches = {
  readonly id: string
  /** Undefined where the identity is protected: a list shows no name (PRODUCT K7). */
  readonly name: PersonName | undefined
  readonly coaches: readonly string[]
}

type Row = {
  readonly id: string
  readonly tenant_id: string
  readonly data_key: Buffer
  readonly kek_version: string
  readonly name_sealed: Buffer
  readonly is_protected: boolean
  readonly coaches: readonly string[]
}

/** Everybody of the foundation with the coaches of today, by name in Finnish order; people of protected identity last, without their names. */
export async function listPeople(
  deps: Pick<Deps, 'db' | 'vault' | 'now'>,
  { tenant }: Pick<StaffActor, 'tenant'>,
): Promise<readonly PersonWithCoaches[]> {
  const today = dayInHelsinki(deps.now())
  const rows = await asTenant(deps.db, tenant, async (trx) => {
    const result = await sql<Row>`
      select c.id, c.tenant_id, c.data_key, c.kek_version, c.name_sealed, c.protected_at is not null as is_protected,
        array(select a.display_name from client_coach r join account a on a.tenant_id = r.tenant_id and a.id = r.account_id
          where r.tenant_id = c.tenant_id and r.client_id = c.id and r.from_day <= ${today}::date
            and (r.until_day is null or r.until_day >= ${today}::date)
          union select a.display_name from client_unit cu
            join account_unit au on au.tenant_id = cu.tenant_id and au.unit_id = cu.unit_id
            join account a on a.tenant_id = au.tenant_id and a.id = au.account_id
          where cu.tenant_id = c.tenant_id and cu.client_id = c.id and cu.until_day is null and au.from_day <= ${today}::date
            and (au.until_day is null or au.until_day >= ${today}::date) order by 1) as coaches
      from client c where c.tenant_id = ${tenant} and c.ended_at is null and c.moved_at is null order by c.id`.execute(
      trx,
    )
    return result.rows
  })
  const order = new Intl.Collator('fi')
  return rows
    .map((row) => ({
      id: row.id,
      name: row.is_protected ? undefined : openName(deps.vault, row),
      coaches: row.coaches,
    }))
    .toSorted((a, b) => order.compare(sortedBy(a), sortedBy(b)))
}

function sortedBy({ name }: PersonWithCoaches): string {
  return name ? `${name.family} ${name.given}` : '\uffff'
}
