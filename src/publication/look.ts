import type { Look, Looked } from '../credentials/verdict.ts'
import { findDocument, type PublicationDeps } from './documents.ts'

/** Is the address one of our own host, so that it is answered here and never fetched? */
export function isOwnAddress(deps: Pick<PublicationDeps, 'config'>, address: string): boolean {
  return address.startsWith(`${deps.config.publicOrigin}/`)
}

/**
 * How our own verifier learns of our own documents: from the database, without any outgoing request. An address of another host is
 * answered as closed; the caller may ask elsewhere.
 */
export function lookAtOwn(deps: PublicationDeps): Look {
  return async (address): Promise<Looked> => {
    if (!isOwnAddress(deps, address)) return { outcome: 'not-fetched', why: 'closed' }
    // What stands behind # is a part of the document.
    const [path = ''] = address.slice(deps.config.publicOrigin.length).split('#')
    const document = await findDocument(deps, path)
    return document
      ? { outcome: 'found', status: document.status, contentType: document.contentType, body: document.body }
      : { outcome: 'found', status: 404, contentType: 'application/json', body: nothing }
  }
}

const nothing = new Uint8Array()
