import clrV2p0Context201 from '../../schemas/contexts/clr-v2p0-context-2.0.1.json' with { type: 'json' }
import clrV2p0Context from '../../schemas/contexts/clr-v2p0-context.json' with { type: 'json' }
import obV3p0Context301 from '../../schemas/contexts/ob-v3p0-context-3.0.1.json' with { type: 'json' }
import obV3p0Context302 from '../../schemas/contexts/ob-v3p0-context-3.0.2.json' with { type: 'json' }
import obV3p0Context303 from '../../schemas/contexts/ob-v3p0-context-3.0.3.json' with { type: 'json' }
import obV3p0Context from '../../schemas/contexts/ob-v3p0-context.json' with { type: 'json' }
import obV3p0Extensions from '../../schemas/contexts/ob-v3p0-extensions.json' with { type: 'json' }
import openbadgesV1 from '../../schemas/contexts/openbadges-v1.json' with { type: 'json' }
import openbadgesV2 from '../../schemas/contexts/openbadges-v2.json' with { type: 'json' }
import securityDataIntegrityV1 from '../../schemas/contexts/security-data-integrity-v1.json' with { type: 'json' }
import securityDataIntegrityV2 from '../../schemas/contexts/security-data-integrity-v2.json' with { type: 'json' }
import securityJwkV1 from '../../schemas/contexts/security-jwk-v1.json' with { type: 'json' }
import securityMultikeyV1 from '../../schemas/contexts/security-multikey-v1.json' with { type: 'json' }
import securitySuitesEd255192020V1 from '../../schemas/contexts/security-suites-ed25519-2020-v1.json' with {
  type: 'json',
}
import securitySuitesJws2020V1 from '../../schemas/contexts/security-suites-jws-2020-v1.json' with { type: 'json' }
import securityV2 from '../../schemas/contexts/security-v2.json' with { type: 'json' }
import w3cCidV1 from '../../schemas/contexts/w3c-cid-v1.json' with { type: 'json' }
import w3cCredentialsStatusV1 from '../../schemas/contexts/w3c-credentials-status-v1.json' with { type: 'json' }
import w3cCredentialsV1 from '../../schemas/contexts/w3c-credentials-v1.json' with { type: 'json' }
import w3cCredentialsV2 from '../../schemas/contexts/w3c-credentials-v2.json' with { type: 'json' }
import w3cDidV1 from '../../schemas/contexts/w3c-did-v1.json' with { type: 'json' }
import w3idVcStatusList2021V1 from '../../schemas/contexts/w3id-vc-status-list-2021-v1.json' with { type: 'json' }

/** The addresses of the contexts that our own documents name. */
export const contextAddress = {
  credentials: 'https://www.w3.org/ns/credentials/v2',
  openBadges: 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
  openBadgesExtensions: 'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json',
  openBadges2: 'https://w3id.org/openbadges/v2',
  clr: 'https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json',
  controlledIdentifiers: 'https://www.w3.org/ns/cid/v1',
  did: 'https://www.w3.org/ns/did/v1',
  multikey: 'https://w3id.org/security/multikey/v1',
  jwk: 'https://w3id.org/security/jwk/v1',
} as const

/** Every context that can be answered, by address. Pinned copies: the same address circulates with other contents (CONFORMANCE T3). */
const bundledContexts: ReadonlyMap<string, object> = new Map<string, object>([
  ['https://w3id.org/openbadges/v2', openbadgesV2],
  ['https://openbadgespec.org/v2/context.json', openbadgesV2],
  ['https://purl.imsglobal.org/spec/ob/v2p0/context.json', openbadgesV2],
  ['https://w3id.org/openbadges/v1', openbadgesV1],
  ['https://purl.imsglobal.org/spec/ob/v3p0/context.json', obV3p0Context],
  ['https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json', obV3p0Context301],
  ['https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json', obV3p0Context302],
  ['https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json', obV3p0Context303],
  ['https://purl.imsglobal.org/spec/ob/v3p0/extensions.json', obV3p0Extensions],
  ['https://purl.imsglobal.org/spec/clr/v2p0/context.json', clrV2p0Context],
  ['https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json', clrV2p0Context201],
  ['https://www.w3.org/2018/credentials/v1', w3cCredentialsV1],
  ['https://www.w3.org/ns/credentials/v2', w3cCredentialsV2],
  ['https://www.w3.org/ns/credentials/status/v1', w3cCredentialsStatusV1],
  ['https://w3id.org/vc/status-list/2021/v1', w3idVcStatusList2021V1],
  ['https://w3id.org/security/data-integrity/v1', securityDataIntegrityV1],
  ['https://w3id.org/security/data-integrity/v2', securityDataIntegrityV2],
  ['https://w3id.org/security/multikey/v1', securityMultikeyV1],
  ['https://w3id.org/security/jwk/v1', securityJwkV1],
  ['https://w3id.org/security/suites/ed25519-2020/v1', securitySuitesEd255192020V1],
  ['https://w3id.org/security/suites/jws-2020/v1', securitySuitesJws2020V1],
  ['https://w3id.org/security/v2', securityV2],
  ['https://www.w3.org/ns/did/v1', w3cDidV1],
  ['https://www.w3.org/ns/cid/v1', w3cCidV1],
])

/** A context that is not in the package. Contexts are never fetched (S-47). */
export class UnknownContext extends Error {
  readonly address: string

  constructor(address: string) {
    super(`The context ${address.slice(0, 200)} is not among the bundled ones, and contexts are never fetched`)
    this.name = 'UnknownContext'
    this.address = address
  }
}

/** What a document loader gives for an address, as JSON-LD processors want it. `static` lets them keep what they made of a context. */
export type LoadedDocument = { readonly documentUrl: string; readonly document: object; readonly tag?: 'static' }
export type DocumentLoader = (address: string) => Promise<LoadedDocument>

/** Is this context in the package? */
export function isBundledContext(address: string): boolean {
  return bundledContexts.has(address)
}

/**
 * The document loader for JSON-LD. Takes an address, gives the bundled context; throws `UnknownContext`, naming it, for
 * everything else. Never opens a file or a socket (S-47, CONFORMANCE T3).
 */
export async function documentLoader(address: string): Promise<LoadedDocument> {
  const document = bundledContexts.get(address)
  if (document === undefined) throw new UnknownContext(address)
  return await Promise.resolve({ documentUrl: address, document, tag: 'static' })
}
