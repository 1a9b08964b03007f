import type { Db } from '../db/database.ts'

/** The organisation that is responsible for the client's data: its name is a public fact. */
export async function readOrganisationName({ db }: { readonly db: Db }, tenant: string): Promise<string> {
  const row = await db
    .selectFrom('organisation')
    .select('name')
    .where('tenant_id', '=', tenant)
    .executeTakeFirstOrThrow()
  return row.name
}
