import jsonld from 'jsonld'
import type { RemoteDocument } from 'jsonld/jsonld-spec.js'
import { documentLoader } from '../contexts.ts'
import type { DocumentLoader } from '../contexts.ts'
import type { JsonObject } from '../json.ts'

/** Gives the canonical N-Quads of a document. */
export type Canonize = (document: JsonObject) => Promise<string>

// `safe` is missing in the published types; RDFC-1.0 is the default algorithm of this version.
const safely = { safe: true, format: 'application/n-quads' } as const

/** The one door to the library's types, which know only mutable arrays; it changes neither document nor context. */
function forLibrary(load: DocumentLoader): (address: string) => Promise<RemoteDocument> {
  return async (address) => {
    const loaded = await load(address)
    return { ...loaded, documentUrl: loaded.documentUrl, document: loaded.document as RemoteDocument['document'] }
  }
}

/**
 * RDFC-1.0 N-Quads of a document, in safe mode: a term that no context defines is an error, because it would be dropped
 * before hashing and so not be signed (CONFORMANCE 3.9, T4). Takes the document and, for tests with other contexts, a
 * document loader; the bundled contexts otherwise. Throws what `jsonld` throws, or the loader's `UnknownContext`.
 */
export async function canonize(document: JsonObject, load: DocumentLoader = documentLoader): Promise<string> {
  return asText(await jsonld.canonize(document, { ...safely, documentLoader: forLibrary(load) }))
}

/** A document expanded by its contexts, in safe mode: each member under its full address. Throws like `canonize`. */
export async function expandSafely(document: JsonObject): Promise<unknown> {
  return await jsonld.expand(document, { ...safely, documentLoader: forLibrary(documentLoader) })
}

/** `canonize` of what `expandSafely` gave. */
export async function canonizeExpanded(expanded: unknown): Promise<string> {
  const options = { ...safely, skipExpansion: true, documentLoader: forLibrary(documentLoader) }
  // The door again: what was expanded is a list of objects.
  return asText(await jsonld.canonize(expanded as JsonObject, options))
}

function asText(canonical: unknown): string {
  if (typeof canonical !== 'string') throw new TypeError('Canonical N-Quads are text')
  return canonical
}
