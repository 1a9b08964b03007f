/** One thing that is wrong in a document. `pointer` is a JSON pointer (RFC 6901) into it; `code` never changes. */
export type Fault = { readonly pointer: string; readonly code: FaultCode; readonly detail: string }

export type FaultCode =
  | 'schema' // the JSON Schema of the specification says no
  | 'unknown-member' // a member that we never write
  | 'missing-member'
  | 'context' // contexts or their order (CONFORMANCE T1)
  | 'date' // not an instant in UTC with whole seconds (CONFORMANCE 1.2, 3.4)
  | 'shape' // a type, an array, a fixed value or an identifier is not as we write it
  | 'reference' // an identifier that must be found elsewhere in the document, or belong to the issuer, does not
  | 'private-text' // text that must never be in a badge: a support level, an e-mail address, a personal identity code
  | 'claims' // JWT claims that differ from the credential (CONFORMANCE 3.4)
  | 'json-ld' // an undefined term or context in safe mode (CONFORMANCE T4)

/** The same faults in a document that lies at `prefix` of a larger one. */
export function under(prefix: string, faults: readonly Fault[]): readonly Fault[] {
  return faults.map((fault) => ({ ...fault, pointer: `${prefix}${fault.pointer}` }))
}

/** JSON pointer of a path of member names and array places. */
export function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}
