import type { Look } from '../credentials/verdict.ts'
import type { Deps } from '../deps.ts'
import type { PublicationDeps } from '../publication/documents.ts'
import { isOwnAddress, lookAtOwn } from '../publication/look.ts'

export type VerificationDeps = PublicationDeps & Pick<Deps, 'door'>

/**
 * How the verifier of this service learns of keys, issuers and lists in one verification: our own documents from the database, without any
 * request; everything else through the door.
 */
export function ownLook(deps: VerificationDeps): Look {
  const [own, outside] = [lookAtOwn(deps), deps.door.forOne()]
  return async (address, purpose) =>
    await (isOwnAddress(deps, address) ? own(address, purpose) : outside(address, purpose))
}

/**
 * What a person who was shown a badge here copies from the browser: where people meet the service may be another origin than the one in
 * signed documents (DESIGN, Origins). The same badge lies under both, and what lies there is verified in any case.
 */
export function asPublicAddress({ config }: Pick<PublicationDeps, 'config'>, bytes: Uint8Array): Uint8Array {
  const pages = `${config.pagesOrigin}/b/`
  if (config.pagesOrigin === config.publicOrigin || bytes.length > 2048) return bytes
  const text = Buffer.from(bytes).toString('utf8').trim()
  return text.startsWith(pages) ? Buffer.from(`${config.publicOrigin}/b/${text.slice(pages.length)}`) : bytes
}
