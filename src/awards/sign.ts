import { publicAddresses } from '../credentials/addresses.ts'
import type { AwardFacts } from '../credentials/facts.ts'
import { prepare, sign, type Signed, type SigningKey, UnfitToSign } from '../credentials/issue.ts'
import type { Deps } from '../deps.ts'
import { Refusal } from '../refusal.ts'
import type { Issuing } from './issuing.ts'
import type { DecisionFacts, StoredKey } from './read.ts'
import { verifyOwn } from './verify-own.ts'

type SigningDeps = Pick<Deps, 'config'> & { readonly issuing: Issuing }
type Keys<K> = { readonly ob2: K; readonly ob3: K }

/**
 * Builds and checks both documents, then opens the keys and signs, then reads the result back (S-24; DESIGN, The award path 4). Also gives the
 * short names of the keys, for the writing statement to see that they are still in use. Refuses with `unfit-to-sign` and a JSON pointer to
 * each field before a key is opened, and with `stopped` when a key is missing; throws `NotVerified`. `whenSigned` is waited for before reading back.
 */
export async function signAward(
  deps: SigningDeps,
  tenant: string,
  read: Pick<DecisionFacts, 'badge_algorithm' | 'ob2' | 'ob3'>,
  facts: AwardFacts,
  whenSigned: () => Promise<void>,
): Promise<{ readonly signed: Signed; readonly kids: readonly string[] }> {
  const { ob2, ob3 } = keysInUse(read)
  const addressOf = ({ kid }: StoredKey): string => publicAddresses.key(deps.config.publicOrigin, tenant, kid)
  const prepared = refuseUnfit(() => prepare(facts, { ob2: addressOf(ob2), ob3: addressOf(ob3) }))
  const open = (key: StoredKey): SigningKey => ({ ...openKey(deps, tenant, key), kid: addressOf(key) })
  const rsa = open(ob2)
  const keys = { ob2: rsa, ob3: ob3 === ob2 ? rsa : open(ob3) }
  const signed = await sign(prepared, keys.ob2, keys.ob3)
  await whenSigned()
  await verifyOwn(signed, prepared, facts, keys)
  return { signed, kids: [...new Set([ob2.kid, ob3.kid])] }
}

/**
 * OB 2.0 is signed by RSA, OB 3.0 as the organisation chose (CONFORMANCE 3.1; DESIGN, Keys). Never by another key than it chose: without that
 * one nothing is signed.
 */
function keysInUse(read: Pick<DecisionFacts, 'badge_algorithm' | 'ob2' | 'ob3'>): Keys<StoredKey> {
  const { ob2 } = read
  const ob3 = read.badge_algorithm === 'ES256' ? read.ob3 : ob2
  if (ob2 && ob3) return { ob2, ob3 }
  throw new Refusal('stopped', 'The organisation has no signing key in use. Nothing was lost; the application waits', {
    retryAfter: 600,
  })
}

function openKey(deps: SigningDeps, tenant: string, stored: StoredKey): Omit<SigningKey, 'kid'> {
  const opened = deps.issuing.openKey({
    tenant_id: tenant,
    kid: stored.kid,
    algorithm: stored.algorithm,
    data_key: Buffer.from(stored.data_key, 'base64'),
    kek_version: stored.kek_version,
    private_sealed: Buffer.from(stored.private_sealed, 'base64'),
  })
  return { ...opened, alg: stored.algorithm }
}

function refuseUnfit<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof UnfitToSign)) throw error
    throw new Refusal('unfit-to-sign', 'The badge would say something it must not. Nothing was signed', {
      fields: error.faults.map(({ pointer, code, detail }) => ({ pointer, code, detail })),
    })
  }
}
