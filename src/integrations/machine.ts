import { inOneTrip } from '../db/connect.ts'
import type { Deps } from '../deps.ts'
import type { AccessGrant } from '../http/access-tokens.ts'
import type { MachineActor } from '../http/actor.ts'
import { digestOfKey, tenantOfKey } from './key-text.ts'
import { keyByDigest, keyById } from './store.ts'

/**
 * The program whose key this is, or whose access token was made from it, in one statement at each request: a key that was revoked, that
 * expired or whose account was closed opens nothing from that moment, nor do tokens made from it (S-13). A token has the scopes that both it
 * and its key have. Undefined when there is no such live key.
 */
export async function findMachine(
  deps: Pick<Deps, 'db' | 'secrets' | 'now'>,
  proof: { readonly key: string } | AccessGrant,
): Promise<MachineActor | undefined> {
  const isKey = 'key' in proof
  const tenant = isKey ? tenantOfKey(proof.key) : proof.tenant
  if (tenant === undefined) return undefined
  const asked = isKey
    ? keyByDigest(tenant, digestOfKey(deps.secrets.codePepper, proof.key), deps.now())
    : keyById(tenant, proof.keyId, deps.now())
  const [row] = await inOneTrip(deps.db, tenant, asked)
  if (!row) return undefined
  return {
    kind: 'machine',
    tenant,
    keyId: row.id,
    accountId: row.account_id,
    sessionId: null,
    name: row.name,
    scopes: isKey ? row.scopes : row.scopes.filter((scope) => proof.scopes.includes(scope)),
  }
}
