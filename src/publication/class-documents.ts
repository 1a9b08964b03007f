import { findSignedHead } from '../awards/history-head.ts'
import { badgeClassFacts } from '../badges/facts.ts'
import { publicAddresses } from '../credentials/addresses.ts'
import { contentTypes } from '../credentials/content-types.ts'
import {
  badgeClass as ob2BadgeClass,
  cryptographicKey,
  issuerProfile as ob2Profile,
  type RevokedAward,
  revocationList,
} from '../credentials/ob2/build.ts'
import { achievementDocument } from '../credentials/ob3/build.ts'
import {
  didDocument,
  issuerDocument,
  jwkDocument,
  jwks,
  multikeyDocument,
  revokedCredentials,
} from '../credentials/ob3/publish.ts'
import { asTenant } from '../db/connect.ts'
import type { Trx } from '../db/database.ts'
import { messages } from '../i18n/index.ts'
import { documentOf, jsonDocument, type PublicDocument } from './document.ts'
import { addressedIssuer, type Issuer, issuerOf } from './issuer.ts'
import type { AwardPath, BadgeClassPath, EndorsementPath, PublicPath } from './public-path.ts'
import { currentStatusList, type StatusDeps } from './status.ts'
import { findBadgeClass, findIssuer, findPicture, listRevoked, listTenants } from './store.ts'

/** What changes when keys, names or revocations do (CONFORMANCE 7.5). */
const shortly = { maxAge: 300 }
/** What never changes once it was published (DESIGN, Rules). */
const forDays = { maxAge: 86_400 }

export type ClassPath = Exclude<PublicPath, AwardPath | EndorsementPath>

/** The document of an issuer, a key, a badge class or a list; undefined when nobody has it. One data statement, but for the host's key set. */
export async function readClassDocument(deps: StatusDeps, path: ClassPath): Promise<PublicDocument | undefined> {
  const origin = deps.config.publicOrigin
  if (path.kind === 'key-set') return await hostKeySet(deps)
  if (path.kind === 'status-list') {
    const list = await currentStatusList(deps, path.tenant, path.list)
    return list === undefined ? undefined : documentOf(list, contentTypes.credential, shortly)
  }
  return await asTenant(deps.db, path.tenant, async (trx) => await tenantDocument(trx, origin, path))
}

async function tenantDocument(
  trx: Trx,
  origin: string,
  path: Exclude<ClassPath, { kind: 'key-set' | 'status-list' }>,
): Promise<PublicDocument | undefined> {
  switch (path.kind) {
    case 'achievement':
    case 'badge-class-ob2':
      return await badgeClassDocument(trx, origin, path)
    case 'picture':
      return await picture(trx, path)
    case 'history-head': {
      const head = await findSignedHead(trx, path.tenant)
      return head === undefined ? undefined : documentOf(head, contentTypes.historyHead, shortly)
    }
    case 'revoked':
    case 'revoked-ob2':
      return await revokedDocument(trx, origin, path)
    case 'issuer':
    case 'issuer-ob2':
    case 'issuer-keys':
    case 'did':
    case 'key':
    case 'key-ob2': {
      const stored = await findIssuer(trx, path.tenant)
      return stored && issuerPart(issuerOf(stored, origin, path.tenant), path)
    }
  }
}

/** Every organisation's keys: all foundations share one host, so each key says whose it is (CONFORMANCE 3.7, S-23). */
async function hostKeySet(deps: StatusDeps): Promise<PublicDocument> {
  const issuers: Issuer[] = []
  for (const tenant of await listTenants(deps.db)) {
    // Keys are a tenant's rows: each set is read as that tenant, never across (S-10).
    const stored = await asTenant(deps.db, tenant, async (trx) => await findIssuer(trx, tenant))
    if (stored) issuers.push(issuerOf(stored, deps.config.publicOrigin, tenant))
  }
  return jsonDocument(jwks(issuers), contentTypes.jwks, shortly)
}

function issuerPart(
  { issuer, keys }: Issuer,
  path: Extract<ClassPath, { kind: 'issuer' | 'issuer-ob2' | 'issuer-keys' | 'did' | 'key' | 'key-ob2' }>,
): PublicDocument | undefined {
  switch (path.kind) {
    case 'issuer':
      return jsonDocument(issuerDocument(issuer, keys), contentTypes.ob3, {
        ...shortly,
        page: { kind: 'issuer', issuer },
      })
    case 'issuer-ob2':
      return jsonDocument(ob2Profile(issuer, keys), contentTypes.ob2, shortly)
    case 'issuer-keys':
      return jsonDocument(jwks([{ issuer, keys }]), contentTypes.jwks, shortly)
    case 'did':
      return jsonDocument(didDocument(issuer, keys), contentTypes.did, shortly)
    case 'key':
    case 'key-ob2':
      return keyPart({ issuer, keys }, path.kind, path.kid)
  }
}

function keyPart({ issuer, keys }: Issuer, kind: 'key' | 'key-ob2', kid: string): PublicDocument | undefined {
  const key = keys.find((one) => one.kid === publicAddresses.key(issuer.origin, issuer.code, kid))
  if (key === undefined) return undefined
  if (key.alg === 'EdDSA') {
    return kind === 'key' ? jsonDocument(multikeyDocument(issuer, key), contentTypes.multikey, shortly) : undefined
  }
  // A JWK has no way to say "compromised": it is gone, and the issuer's document tells (S-22). The 2.0 key says it itself.
  if (key.revoked !== undefined && kind === 'key') return undefined
  if (kind === 'key') return jsonDocument(jwkDocument(issuer, key), contentTypes.jwk, shortly)
  if (key.alg !== 'RS256') return undefined
  const status = key.revoked === undefined ? 200 : 410
  return jsonDocument(cryptographicKey(issuer, key), contentTypes.ob2, { ...shortly, status })
}

async function badgeClassDocument(
  trx: Trx,
  origin: string,
  path: BadgeClassPath & { readonly kind: 'achievement' | 'badge-class-ob2' },
): Promise<PublicDocument | undefined> {
  const stored = await findBadgeClass(trx, path)
  if (!stored) return undefined
  const { issuerName: name, issuerUrl: url, issuerEmail: email } = stored
  const facts = badgeClassFacts(stored, { origin, code: path.tenant, name, url, email }, path.language)
  return path.kind === 'badge-class-ob2'
    ? jsonDocument(ob2BadgeClass(facts), contentTypes.ob2, forDays)
    : jsonDocument(achievementDocument(facts), contentTypes.ob3, {
        // What it is never changes; who endorses it does.
        ...shortly,
        page: { kind: 'achievement', badgeClass: facts },
      })
}

async function picture(trx: Trx, path: Extract<ClassPath, { kind: 'picture' }>): Promise<PublicDocument | undefined> {
  const isPng = path.form === 'png'
  const column = isPng ? (path.isSmall ? 'png_128' : 'png_400') : path.isSmall ? 'small_svg' : 'svg'
  const found = await findPicture(trx, path, column)
  if (found === undefined) return undefined
  return documentOf(found, isPng ? ['image/png'] : ['image/svg+xml'], forDays)
}

async function revokedDocument(
  trx: Trx,
  origin: string,
  path: { readonly kind: 'revoked' | 'revoked-ob2'; readonly tenant: string },
): Promise<PublicDocument | undefined> {
  const stored = await listRevoked(trx, path.tenant)
  if (!stored) return undefined
  // The general reason in the language of the badge: whoever reads the list shows it as it is.
  const revoked = stored.map(
    ({ credentialId, assertionId, language, reason }): RevokedAward => ({
      credentialId,
      assertionId,
      reason: messages(language).awards.reasons[reason],
    }),
  )
  const issuer = addressedIssuer(origin, path.tenant)
  return path.kind === 'revoked'
    ? jsonDocument(revokedCredentials(issuer, revoked), contentTypes.revokedCredentials, shortly)
    : jsonDocument(revocationList(issuer, revoked), contentTypes.ob2, shortly)
}
