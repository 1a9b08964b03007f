import type { Insertable, Selectable } from 'kysely'
import type { Db, Trx } from '../db/database.ts'
import { type Statement, statement } from '../db/statement.ts'
import type { Scope } from '../http/scopes.ts'
import type { ApiKeyTable } from './tables.ts'

/** A key as it is listed. */
export type ApiKeyRow = Selectable<Omit<ApiKeyTable, 'digest' | 'account_id' | 'made_by' | 'revoked_by'>>

const listed = [
  'tenant_id',
  'id',
  'name',
  'mode',
  'scopes',
  'made_for',
  'created_at',
  'expires_at',
  'last_used_at',
  'revoked_at',
] as const

/** The organisation itself where it is a sandbox, else the service's first one, if it has any. */
export async function findSandbox(db: Db, tenant: string): Promise<string | undefined> {
  const rows = await db
    .selectFrom('organisation')
    .select('tenant_id')
    .where('demo', '=', true)
    .orderBy('founded_at')
    .orderBy('tenant_id')
    .execute()
  return rows.find((row) => row.tenant_id === tenant)?.tenant_id ?? rows[0]?.tenant_id
}

export type Which = { readonly madeFor: string; readonly before?: string | undefined; readonly limit?: number }

/** Keys in one tenant that an organisation's admins made, newest first. */
export async function listKeys(trx: Trx, tenant: string, which: Which): Promise<readonly ApiKeyRow[]> {
  let query = trx
    .selectFrom('api_key')
    .select(listed)
    .where('tenant_id', '=', tenant)
    .where('made_for', '=', which.madeFor)
    .orderBy('id', 'desc')
  if (which.before !== undefined) query = query.where('id', '<', which.before)
  if (which.limit !== undefined) query = query.limit(which.limit)
  return await query.execute()
}

export async function findKey(trx: Trx, tenant: string, madeFor: string, id: string): Promise<ApiKeyRow | undefined> {
  return await trx
    .selectFrom('api_key')
    .select(listed)
    .where('tenant_id', '=', tenant)
    .where('made_for', '=', madeFor)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** Writes the key and the program's own account, which has no sign-in name and no role. */
export async function insertKey(trx: Trx, key: Insertable<ApiKeyTable>, passwordHash: string): Promise<void> {
  const { tenant_id, account_id, name, created_at } = key
  await trx
    .insertInto('account')
    .values({
      tenant_id,
      id: account_id,
      kind: 'program',
      display_name: name,
      password_hash: passwordHash,
      language: 'fi',
      created_at,
      disabled_at: null,
    })
    .execute()
  await trx.insertInto('api_key').values(key).execute()
}

/** Ends a key: from now on it opens nothing. A second time changes nothing. */
export async function endKey(trx: Trx, tenant: string, id: string, by: string, now: Date): Promise<void> {
  await trx
    .updateTable('api_key')
    .set({ revoked_at: now, revoked_by: by })
    .where('tenant_id', '=', tenant)
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .execute()
}

export type LiveKey = {
  readonly id: string
  readonly account_id: string
  readonly name: string
  readonly scopes: Scope[]
}

/**
 * The live key with this digest, in one statement that notes its use at most once a minute. A test key lives only while the organisation in
 * which it acts is a sandbox.
 */
export function keyByDigest(tenant: string, digest: Buffer, now: Date): Statement<LiveKey> {
  const fresh = new Date(now.getTime() - 60_000)
  return statement<LiveKey>('api-key.by-digest')`
    with live as (
      select k.tenant_id, k.id, k.account_id, k.name, k.scopes, k.last_used_at from api_key k
        join account a on a.tenant_id = k.tenant_id and a.id = k.account_id and a.disabled_at is null
        join organisation o on o.tenant_id = k.tenant_id and (k.mode = 'live' or o.demo)
      where k.tenant_id = ${tenant} and k.digest = ${digest} and k.revoked_at is null and k.expires_at > ${now}
    ), used as (
      update api_key set last_used_at = ${now} from live
      where api_key.tenant_id = live.tenant_id and api_key.id = live.id
        and (live.last_used_at is null or live.last_used_at < ${fresh})
    )
    select id, account_id, name, scopes from live`
}

/** The same for an access token, which names its key. */
export function keyById(tenant: string, id: string, now: Date): Statement<LiveKey> {
  const fresh = new Date(now.getTime() - 60_000)
  return statement<LiveKey>('api-key.by-id')`
    with live as (
      select k.tenant_id, k.id, k.account_id, k.name, k.scopes, k.last_used_at from api_key k
        join account a on a.tenant_id = k.tenant_id and a.id = k.account_id and a.disabled_at is null
        join organisation o on o.tenant_id = k.tenant_id and (k.mode = 'live' or o.demo)
      where k.tenant_id = ${tenant} and k.id = ${id} and k.revoked_at is null and k.expires_at > ${now}
    ), used as (
      update api_key set last_used_at = ${now} from live
      where api_key.tenant_id = live.tenant_id and api_key.id = live.id
        and (live.last_used_at is null or live.last_used_at < ${fresh})
    )
    select id, account_id, name, scopes from live`
}
