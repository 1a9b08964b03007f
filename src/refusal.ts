/**
 * The one error that a rule throws when it says no. `http/problem.ts` has the one table from kind to HTTP status;
 * pages and API tell the same reason. Anything else that is thrown is a bug.
 */
export type RefusalKind =
  | 'unreadable' // the request could not be read (400)
  | 'not-signed-in' // 401
  | 'forbidden' // 403
  | 'not-found' // 404, also for what is not yours
  | 'conflict' // 409, the state does not allow it
  | 'gone' // 410
  | 'precondition-required' // 428
  | 'precondition-failed' // 412
  | 'content' // 422, one or more fields cannot be accepted
  | 'criteria-unmet' // 422, the evidence rule is not met
  | 'two-persons' // 422, the decider proposed, or is the only observer
  | 'idempotency-mismatch' // 422, same key, other body
  | 'unfit-to-sign' // 422, the credential would be wrong: nothing was signed
  | 'too-large' // 413
  | 'unsupported-type' // 415
  | 'too-many' // 429
  | 'stopped' // 503, issuing is stopped
  | 'busy' // 503, come again

/** One field that cannot be accepted. `pointer` is a JSON pointer (RFC 6901) into the request body; `code` never changes. */
export type FieldFault = { readonly pointer: string; readonly code: string; readonly detail: string }

export type RefusalDetails = {
  readonly fields?: readonly FieldFault[]
  /** Seconds after which a new try makes sense. */
  readonly retryAfter?: number
  /** Facts a person can act on, such as what the evidence rule still misses. Never personal data. */
  readonly facts?: Readonly<Record<string, unknown>>
}

export class Refusal extends Error {
  readonly kind: RefusalKind
  /** Stable code below the kind, e.g. `decider-is-proposer`; the kind itself when there is nothing finer. */
  readonly code: string
  readonly details: RefusalDetails

  constructor(kind: RefusalKind, message: string, details: RefusalDetails & { readonly code?: string } = {}) {
    super(message)
    this.name = 'Refusal'
    this.kind = kind
    this.code = details.code ?? kind
    this.details = details
  }
}
