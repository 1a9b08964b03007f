import { asTenant } from '../db/connect.ts'
import type { Db } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import { hashPassword } from './password.ts'
import { tidyName } from './sign-in.ts'
import { keyedDigest } from './sign-in-code.ts'
import { insertAccount } from './store.ts'
import type { RoleGrantTable } from './tables.ts'

/**
 * Makes a staff account with its roles. The sign-in name is kept only as a keyed digest. Gives the account's id. Refuses weak passwords
 * (S-17); throws when the name is taken.
 */
export async function makeAccount(
  deps: Pick<Deps, 'secrets' | 'now' | 'newId'> & { readonly db: Db },
  tenant: string,
  wanted: {
    readonly signInName: string
    readonly password: string
    readonly displayName: string
    readonly roles: readonly RoleGrantTable['role'][]
    readonly language?: 'fi' | 'sv' | 'en'
  },
): Promise<string> {
  const id = deps.newId()
  const account = {
    tenant_id: tenant,
    id,
    display_name: wanted.displayName,
    password_hash: await hashPassword(wanted.password),
    language: wanted.language ?? 'fi',
    created_at: deps.now(),
    disabled_at: null,
  }
  const digest = keyedDigest(deps.secrets.codePepper, 'name', tidyName(wanted.signInName))
  await asTenant(deps.db, tenant, async (trx) => await insertAccount(trx, account, wanted.roles, digest))
  return id
}
