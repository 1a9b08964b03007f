'use strict'

// Address → { contentType, body }. What is not here was not brought, and is answered as unreachable.
let documents = new Map()
const missing = new Set()

/** `request(options, callback)` as openbadges-validator calls it: one GET whose body stays bytes. */
function request(options, callback) {
  const address = String(options.url)
  const found = documents.get(address)
  // Later, as a real answer would come: the caller builds on that.
  setImmediate(() => {
    if (found === undefined) {
      missing.add(address)
      callback(new Error('not among the given documents'))
      return
    }
    callback(null, { statusCode: 200, headers: { 'content-type': found.contentType } }, found.body)
  })
}

/** Hands over the documents, by address, that every later call is answered from. */
request.answerFrom = (given) => {
  documents = given
}

/** Addresses that were asked for and not brought. */
request.missing = () => [...missing]

module.exports = request
