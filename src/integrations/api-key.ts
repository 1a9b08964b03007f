import { randomBytes } from 'node:crypto'
import { hashPassword } from '../accounts/password.ts'
import { recordAuditAlone } from '../audit/record.ts'
import { asTenant } from '../db/connect.ts'
import type { Deps } from '../deps.ts'
import type { StaffActor } from '../http/actor.ts'
import { looksLike } from '../i18n/names.ts'
import { Refusal } from '../refusal.ts'
import { digestOfKey, newKeyText } from './key-text.ts'
import type { ApiKey, NewApiKey } from './schema.ts'
import { type ApiKeyRow, endKey, findKey, findSandbox, insertKey, listKeys } from './store.ts'

type KeyDeps = Pick<Deps, 'db' | 'secrets' | 'now' | 'newId'>
const day = 86_400_000

/**
 * Makes a key for a program (S-13). The key is told here and never again: only its digest is kept. A test key acts in the sandbox
 * organisation only (PRODUCT §7, Auth). Refuses `conflict` with `no-sandbox` where the service has none, and `content` for a name that
 * looks like that of another live key (S-40).
 */
export async function makeApiKey(
  deps: KeyDeps,
  actor: StaffActor,
  wanted: NewApiKey,
): Promise<{ readonly key: string; readonly row: ApiKeyRow }> {
  const now = deps.now()
  const tenant = wanted.mode === 'live' ? actor.tenant : await sandboxOf(deps, actor.tenant)
  const key = newKeyText(wanted.mode, tenant)
  const row: ApiKeyRow = {
    tenant_id: tenant,
    id: deps.newId(),
    name: wanted.name,
    mode: wanted.mode,
    scopes: [...wanted.scopes],
    made_for: actor.tenant,
    created_at: now,
    expires_at: new Date(now.getTime() + wanted.expiresInDays * day),
    last_used_at: null,
    revoked_at: null,
  }
  const others = await readKeys(deps, actor.tenant, {})
  if (others.some((other) => stateOf(other, now) === 'active' && looksLike(other.name, wanted.name))) {
    const detail = 'another key has a name that looks the same'
    throw new Refusal('content', `/name: ${detail}`, {
      code: 'validation',
      fields: [{ pointer: '/name', code: 'name-taken', detail }],
    })
  }
  // Nobody knows this password, and there is no name to sign in with.
  const passwordHash = await hashPassword(randomBytes(32).toString('base64url'))
  const kept = {
    ...row,
    account_id: deps.newId(),
    digest: digestOfKey(deps.secrets.codePepper, key),
    made_by: actor.accountId,
    revoked_by: null,
  }
  // In the admin's own organisation, also where the key acts in the sandbox. First, so that there is no key without its line (S-53).
  await recordAuditAlone(deps.db, { tenant: actor.tenant, at: now, kind: 'api-key.made', by: actor, ref: row.id })
  await asTenant(deps.db, tenant, async (trx) => await insertKey(trx, kept, passwordHash))
  return { key, row }
}

/** Keys that the actor's organisation made, newest first, wherever they act. */
export async function listApiKeys(
  deps: Pick<Deps, 'db'>,
  actor: StaffActor,
  page: { readonly before?: string | undefined; readonly limit?: number } = {},
): Promise<readonly ApiKeyRow[]> {
  return await readKeys(deps, actor.tenant, page)
}

/** One key that the actor's organisation made. Refuses `not-found` (S-11). */
export async function getApiKey(deps: Pick<Deps, 'db'>, actor: StaffActor, id: string): Promise<ApiKeyRow> {
  for (const tenant of await tenantsOf(deps, actor.tenant)) {
    const row = await asTenant(deps.db, tenant, async (trx) => await findKey(trx, tenant, actor.tenant, id))
    if (row) return row
  }
  throw new Refusal('not-found', 'There is no such key')
}

/** Ends a key at once, with every access token made from it. Again: the same answer. Refuses `not-found` (S-11). */
export async function revokeApiKey(deps: Pick<Deps, 'db' | 'now'>, actor: StaffActor, id: string): Promise<ApiKeyRow> {
  const found = await getApiKey(deps, actor, id)
  if (found.revoked_at) return found
  const { tenant_id: tenant } = found
  await recordAuditAlone(deps.db, { tenant: actor.tenant, at: deps.now(), kind: 'api-key.ended', by: actor, ref: id })
  await asTenant(deps.db, tenant, async (trx) => await endKey(trx, tenant, id, actor.accountId, deps.now()))
  return await getApiKey(deps, actor, id)
}

/** As the API tells it. */
export function apiKeyBody(row: ApiKeyRow, now: Date): ApiKey {
  return {
    id: row.id,
    name: row.name,
    mode: row.mode,
    organisation: row.tenant_id,
    scopes: row.scopes,
    state: stateOf(row, now),
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
  }
}

function stateOf(row: ApiKeyRow, now: Date): ApiKey['state'] {
  if (row.revoked_at) return 'revoked'
  return row.expires_at <= now ? 'expired' : 'active'
}

async function sandboxOf(deps: Pick<Deps, 'db'>, tenant: string): Promise<string> {
  const sandbox = await findSandbox(deps.db, tenant)
  if (sandbox !== undefined) return sandbox
  throw new Refusal('conflict', 'This service has no sandbox organisation, so a test key would reach nothing', {
    code: 'no-sandbox',
  })
}

/** Where keys of the organisation may act: in itself and in the sandbox. */
async function tenantsOf(deps: Pick<Deps, 'db'>, tenant: string): Promise<readonly string[]> {
  return [...new Set([tenant, (await findSandbox(deps.db, tenant)) ?? tenant])]
}

async function readKeys(
  deps: Pick<Deps, 'db'>,
  madeFor: string,
  page: { readonly before?: string | undefined; readonly limit?: number },
): Promise<readonly ApiKeyRow[]> {
  const found: ApiKeyRow[] = []
  for (const tenant of await tenantsOf(deps, madeFor))
    found.push(...(await asTenant(deps.db, tenant, async (trx) => await listKeys(trx, tenant, { madeFor, ...page }))))
  return found.toSorted((a, b) => (a.id < b.id ? 1 : -1)).slice(0, page.limit)
}
