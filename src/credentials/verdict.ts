/** The words of a verification (DESIGN, Words; S-28). */
export const verdictWords = [
  'valid',
  'revoked',
  'suspended',
  'expired',
  'not-yet-valid',
  'invalid',
  'issuer-not-recognised',
  'could-not-check',
] as const
export type VerdictWord = (typeof verdictWords)[number]

export type Outcome = 'passed' | 'failed' | 'not-checked'

/** One check. `code` is stable and names the reason (`signature-wrong`, `status-list-not-fetched`); `values` fill the sentence a person reads. */
export type Check = {
  readonly id: CheckId
  readonly outcome: Outcome
  readonly code: CheckCode
  readonly values?: Readonly<Record<string, string>>
}

export const checkIds = [
  'format', // the bytes could be read, and as what
  'structure', // required members, contexts and their order, types
  'schema', // JSON Schema of the specification, bundled
  'signature', // the proof itself
  'binding', // iss, jti, sub, nbf, exp against the credential (S-27)
  'key', // the key belongs to issuer.id (CONFORMANCE 3.7, 3.11)
  'dates', // not before, not after
  'status', // revoked or suspended
  'issuer', // the issuer document could be read and names the same issuer
  'recipient', // given and matching; absent from the list when no recipient was given
  'endorsements', // present only when the credential carries some
] as const
export type CheckId = (typeof checkIds)[number]

/** Open on purpose while formats are added; every code has its sentence in i18n, and a test compares the two lists. */
export type CheckCode = string

/** What the badge says, for showing beside the verdict. All text is untrusted (CONFORMANCE 6.11). */
export type CredentialSummary = {
  readonly format: 'ob2-jws' | 'ob2-json' | 'ob3-jwt' | 'ob3-json'
  readonly id: string
  readonly name: string
  readonly description?: string
  readonly criteria?: string
  readonly image?: string
  readonly language?: string
  readonly issuer: { readonly id: string; readonly name?: string; readonly host?: string }
  readonly awardedOn?: string
  readonly validFrom?: string
  readonly validUntil?: string
  readonly tier?: string
  readonly alignments: readonly {
    readonly targetName: string
    readonly targetUrl: string
    readonly targetCode?: string
    readonly targetFramework?: string
  }[]
  readonly revocationReason?: string
}

export type Verdict = {
  readonly verdict: VerdictWord
  readonly checks: readonly Check[]
  /** Undefined when the bytes held nothing that can be shown. */
  readonly credential?: CredentialSummary
}

/** What a fetch is for. The caller decides from it, and from the address, whether and how to answer. */
export type LookPurpose = 'key' | 'key-set' | 'issuer' | 'status-list' | 'revocation-list' | 'badge' | 'badge-class'

export type Looked =
  | { readonly outcome: 'found'; readonly status: number; readonly contentType: string; readonly body: Uint8Array }
  /** Nothing was learnt: closed by policy, no answer in time, not in the given world. */
  | { readonly outcome: 'not-fetched'; readonly why: 'closed' | 'unreachable' | 'too-large' }

/** How the pure verifier learns of the world outside: keys, issuer documents, status lists. Never called with anything but an address from the badge. */
export type Look = (address: string, purpose: LookPurpose) => Promise<Looked>
