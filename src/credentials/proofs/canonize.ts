import jsonld from 'jsonld'
import type { RemoteDocument } from 'jsonld/jsonld-spec.js'
import { documentLoader } from '../contexts.ts'
import type { DocumentLoader } from '../contexts.ts'
import type { JsonObject } from '../json.ts'

/**
 * RDFC-1.0 N-Quads of a document, in safe mode: a term that no context defines is an error, because it would be dropped
 * before hashing and so not be signed (CONFORMANCE 3.9, T4). Takes the document and, for tests with other contexts, a
 * document loader; the bundled contexts otherwise. Throws what `jsonld` throws, or the loader's `UnknownContext`.
 */
export async function canonize(document: JsonObject, load: DocumentLoader = documentLoader): Promise<string> {
  // The one door to the library's types, which know only mutable arrays; it changes neither document nor context.
  const loadForLibrary = async (address: string): Promise<RemoteDocument> => {
    const loaded = await load(address)
    return { ...loaded, documentUrl: loaded.documentUrl, document: loaded.document as RemoteDocument['document'] }
  }
  // `safe` is missing in the published types; RDFC-1.0 is the default algorithm of this version.
  const options = { documentLoader: loadForLibrary, safe: true, format: 'application/n-quads' } as const
  const canonical: unknown = await jsonld.canonize(document, options)
  if (typeof canonical !== 'string') throw new TypeError('Canonical N-Quads are text')
  return canonical
}
