import { readFile } from 'node:fs/promises'
import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite'
import { verifyCredential } from '@digitalbazaar/vc'
import { checkStatus } from '@digitalbazaar/vc-bitstring-status-list'
import { compactVerify, decodeProtectedHeader, importJWK, importSPKI, type JWK } from 'jose'
import { z } from 'zod'
import { documentAt, Fields, payloadOf, type World } from './files.ts'

// Verifiers that know nothing of this service: all they may see is the world and the published contexts.

/** The contexts that our credentials and documents name, as files (schemas/README.md). */
const contexts: Readonly<Record<string, string>> = {
  'https://www.w3.org/ns/credentials/v2': 'w3c-credentials-v2',
  'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json': 'ob-v3p0-context-3.0.3',
  'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json': 'ob-v3p0-extensions',
  'https://www.w3.org/ns/cid/v1': 'w3c-cid-v1',
  'https://w3id.org/security/multikey/v1': 'security-multikey-v1',
}

type Loaded = { documentUrl: string; document: object; contextUrl: null }

/** Answers from the world and the contexts, and throws for everything else: nothing is fetched. */
function loaderOf(world: World): (address: string) => Promise<Loaded> {
  return async (documentUrl) => {
    const context = contexts[documentUrl]
    if (context !== undefined) {
      const file = new URL(`../../../schemas/contexts/${context}.json`, import.meta.url)
      return { documentUrl, document: Fields.parse(JSON.parse(await readFile(file, 'utf8'))), contextUrl: null }
    }
    const [base = '', fragment] = documentUrl.split('#')
    const document = documentAt(world, base)
    if (fragment === undefined) return { documentUrl, document, contextUrl: null }
    // What stands behind # is a part of the controller's document.
    const methods = z.array(Fields).parse(document['verificationMethod'])
    const method = methods.find(({ id }) => id === documentUrl)
    if (!method) throw new Error(`there is no ${documentUrl} in the world`)
    return { documentUrl, document: method, contextUrl: null }
  }
}

export type Judged = { readonly verified: boolean; readonly isRevoked: boolean | undefined; readonly error: string }

/** What `@digitalbazaar/vc` with `eddsa-rdfc-2022` says, in safe mode as it always is, with the status list. */
export async function judgeEmbedded(json: string, world: World): Promise<Judged> {
  const credential = Fields.parse(JSON.parse(json))
  const suite = new DataIntegrityProof({ cryptosuite })
  const documentLoader = loaderOf(world)
  const status: { isRevoked?: boolean | undefined } = {}
  const { verified, error } = await verifyCredential({
    credential,
    suite,
    documentLoader,
    checkStatus: async () => {
      const answer = await checkStatus({ credential, suite, documentLoader })
      status.isRevoked = answer.results?.some((entry) => entry.status)
      return answer
    },
  })
  return {
    verified,
    isRevoked: status.isRevoked,
    error: error ? JSON.stringify(error, ['name', 'message', 'errors', 'cause', 'details', 'code']) : '',
  }
}

const Jwk = z.looseObject({ kid: z.string(), iss: z.string(), kty: z.string(), alg: z.string() })

/** One JWK as jose takes it; a key that is no public one is none. */
function publicJwk(value: unknown): JWK & z.infer<typeof Jwk> {
  const { d, ...jwk } = Jwk.parse(value)
  if (d !== undefined) throw new Error('a private key is public')
  return jwk
}

/**
 * Verifies a VC-JWT by its key's address and by the key set of the issuer's host (CONFORMANCE 3.6, 3.7). Gives the payload; throws when a
 * step fails.
 */
export async function verifyJwt(jwt: string, world: World): Promise<Fields> {
  const { alg, kid, typ, ...rest } = decodeProtectedHeader(jwt)
  if (alg !== 'RS256' || kid === undefined || typ !== 'JWT' || Object.keys(rest).length > 0) throw new Error('header')
  const ownKey = publicJwk(documentAt(world, kid))
  const { payload } = await compactVerify(jwt, await importJWK(ownKey, alg), { algorithms: ['RS256'] })
  const credential = Fields.parse(JSON.parse(Buffer.from(payload).toString('utf8')))
  const { id: issuer } = z.looseObject({ id: z.url() }).parse(credential['issuer'])
  const keySet = documentAt(world, `${new URL(issuer).origin}/.well-known/jwks.json`)
  const listed = z.array(z.unknown()).parse(keySet['keys']).map(publicJwk)
  const used = listed.find((key) => key.kid === kid)
  if (!used || used.iss !== issuer || credential['iss'] !== issuer) throw new Error('the key is not of the issuer')
  await compactVerify(jwt, await importJWK(used, alg), { algorithms: ['RS256'] })
  return credential
}

const Ob2 = {
  assertion: z.looseObject({
    badge: z.url(),
    verification: z.looseObject({ type: z.literal('SignedBadge'), creator: z.url() }),
  }),
  badgeClass: z.looseObject({ type: z.literal('BadgeClass'), id: z.url(), issuer: z.url() }),
  key: z.looseObject({ type: z.literal('CryptographicKey'), id: z.url(), owner: z.url(), publicKeyPem: z.string() }),
  profile: z.looseObject({
    type: z.literal('Profile'),
    id: z.url(),
    publicKey: z.array(z.url()),
    revocationList: z.url(),
  }),
}

/**
 * Verifies a signed OB 2.0 Assertion (CONFORMANCE 1.7, 1.8, 6.10): its creator is a key whose owner is the issuer of the badge class, and
 * the owner lists it. Gives the Assertion and the address of the issuer's revocation list; throws when a step fails.
 */
export async function verifyOb2(jws: string, world: World): Promise<{ assertion: Fields; revocationList: string }> {
  const claimed = Ob2.assertion.parse(payloadOf(jws))
  const key = Ob2.key.parse(documentAt(world, claimed.verification.creator))
  const profile = Ob2.profile.parse(documentAt(world, key.owner))
  const badgeClass = Ob2.badgeClass.parse(documentAt(world, claimed.badge))
  if (key.id !== claimed.verification.creator || !profile.publicKey.includes(key.id)) throw new Error('not listed')
  if (badgeClass.id !== claimed.badge || badgeClass.issuer !== profile.id) throw new Error('of another issuer')
  const { payload } = await compactVerify(jws, await importSPKI(key.publicKeyPem, 'RS256'), { algorithms: ['RS256'] })
  return {
    assertion: Fields.parse(JSON.parse(Buffer.from(payload).toString('utf8'))),
    revocationList: profile.revocationList,
  }
}
