import type { Db } from '../db/database.ts'
import { WrongUse } from './command.ts'

export type Tenant = { readonly tenant: string; readonly name: string }

/** The organisation with this code, or all of them when none is named. Names and codes are public facts. */
export async function tenantsFor(db: Db, code: string | undefined): Promise<readonly Tenant[]> {
  const all = await db.selectFrom('organisation').select(['tenant_id as tenant', 'name']).orderBy('tenant_id').execute()
  if (code === undefined) return all
  const found = all.filter(({ tenant }) => tenant === code)
  if (found.length > 0) return found
  const there = all.map(({ tenant }) => tenant).join(', ')
  throw new WrongUse(`There is no organisation ${code}.${there === '' ? '' : ` There are: ${there}.`}`)
}

/** The same where one must be named. */
export async function tenantFor(db: Db, code: string | undefined): Promise<Tenant> {
  if (code === undefined) throw new WrongUse('Say which organisation, by its 4-character code.')
  const [found] = await tenantsFor(db, code)
  if (!found) throw new WrongUse(`There is no organisation ${code}.`)
  return found
}
