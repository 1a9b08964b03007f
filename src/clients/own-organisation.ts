import type { Db } from '../db/database.ts'

/** What the organisation is called: a public fact. */
export async function ownOrganisation({ db }: { readonly db: Db }, tenant: string): Promise<string> {
  const row = await db
    .selectFrom('organisation')
    .select('name')
    .where('tenant_id', '=', tenant)
    .executeTakeFirstOrThrow()
  return row.name
}
