'use strict'

const v1 = require('../../schemas/contexts/openbadges-v1.json')

const contexts = new Map([
  ['https://w3id.org/openbadges/v1', v1],
  // Named by the 1.1 context and published nowhere any more. It held the 1.0 names, each of which that context defines again.
  ['https://w3id.org/openbadges/legacy-v1', { '@context': {} }],
])
const missing = new Set()

async function documentLoader(address) {
  const document = contexts.get(address)
  if (document === undefined) {
    missing.add(address)
    throw new Error('not among the built-in contexts')
  }
  return { contextUrl: null, documentUrl: address, document }
}

/** Only so that `new DocumentCache()` and `set` work: what is in it is never asked for, the built-in contexts are. */
class DocumentCache {
  set() {}
}

/** `expand(document, callback)` as jsonld 0.4 had it. */
function expand(document, callback) {
  // Before 1.1 there are no contexts, and what has none expands to nothing.
  if (document['@context'] === undefined) {
    setImmediate(callback, null, [])
    return
  }
  // Here and not above: loading it takes longer than all the rest.
  const jsonld = require('jsonld')
  jsonld.expand(document, { documentLoader }).then(
    // Out of the promise, so that what the callback throws is not taken for a fault of ours.
    (expanded) => setImmediate(callback, null, expanded),
    (error) => setImmediate(callback, error),
  )
}

module.exports = { DocumentCache, expand, missing: () => [...missing] }
