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

/**
 * One check. `code` is stable and names the reason (`signature-wrong`, `status-not-fetched`); `values` fill the sentence a person
 * reads. Values may be copied from the badge: untrusted text, cut to 200 characters (CONFORMANCE 6.11).
 */
export type Check = {
  readonly id: CheckId
  readonly outcome: Outcome
  readonly code: CheckCode
  readonly values?: Readonly<Record<string, string>>
}

/** In the order in which they are made and shown. A check that does not concern the form of badge is absent. */
export const checkIds = [
  'format', // the bytes could be read, and as what
  'structure', // required members, contexts and their order, types
  'schema', // JSON Schema of the specification, bundled (3.0; for 2.0 there is none, `structure` does it)
  'signature', // the proof itself
  'binding', // 3.0 JWT: iss, jti, sub, nbf, exp against the credential (S-27); 2.0: the BadgeClass at its address is the one named
  'key', // the key belongs to issuer.id (CONFORMANCE 1.8, 3.7, 3.11)
  'issuer', // whose host, key set or document it is, and that it names the same issuer
  'dates', // not before, not after
  'status', // revoked or suspended
  'recipient', // given and matching; absent from the list when no recipient was given
  'endorsements', // present only when the credential carries some
  'companion', // present only when a picture holds a second credential (CONFORMANCE 4.6)
] as const
export type CheckId = (typeof checkIds)[number]

/** Every reason there is, by the check that gives it. i18n has a sentence for each, complete by type. */
const codesByCheck = {
  any: [
    'not-reached', // an earlier check ended the verification
  ],
  format: [
    'read-ob3-jwt',
    'read-ob3-json',
    'read-ob2-jws',
    'empty',
    'too-large', // values.limit, in bytes
    'unknown-format', // neither PNG, JSON, JWS nor an address
    'not-json',
    'json-duplicate-member',
    'json-too-deep',
    'json-forbidden-member', // __proto__
    'not-a-badge', // readable, but no Open Badge
    'png-broken',
    'png-too-many-chunks',
    'crc-wrong', // values.chunk
    'not-baked', // a picture without a badge inside
    'baked-twice', // two texts of one kind
    'baked-text-compressed',
    'baked-text-malformed',
    'jws-not-three-parts',
    'jws-encrypted', // JWE
    'jws-json-serialisation',
    'jws-not-canonical', // base64url with padding, spare bits or foreign characters
    'jws-header-unreadable',
    'jws-header-member', // values.member: jku, x5u, x5c, crit, b64 and everything else that is not allowed
    'jws-header-key-ways', // kid and jwk, or neither (CONFORMANCE 3.2)
    'jws-algorithm-refused', // values.alg
    'jws-type-refused', // values.typ
    'badge-not-at-address',
    'badge-not-fetched',
    'svg-not-supported-yet',
    'legacy-png-not-supported-yet',
    'vc-1.1-not-supported-yet',
    'clr-not-supported-yet',
    'hosted-not-supported-yet',
    'ob1-not-supported-yet',
  ],
  structure: [
    'structure-right',
    'context-wrong', // first, second, or their order
    'context-unknown', // values.context
    'context-not-plain', // a context written out inside the badge
    'type-wrong', // values.member
    'member-missing', // values.member
    'member-wrong', // values.member
    'member-not-plain', // a member under a full address or keyword: the signature covers it, a plain reader overlooks it
    'subject-not-identified',
    'versions-mixed', // a vc claim with VC 2.0 (CONFORMANCE 3.5), or 3.0 content in a 2.0 place
  ],
  schema: [
    'schema-met',
    'schema-not-met', // values.place, values.why
    'schema-unknown', // values.schema
  ],
  signature: [
    'signature-right', // values.alg or values.cryptosuite
    'signature-wrong',
    'signature-malformed', // wrong length, r or s zero or out of range, Ed25519 s not canonical
    'algorithm-not-of-key', // the header says another algorithm than the key is made for
    'key-too-weak', // RSA below 2048 bits
    'key-unusable', // private members, unknown type
    'no-key', // the signature could not be checked, the check `key` tells why
    'no-proof',
    'term-undefined', // safe mode refuses it: the signature would not cover everything (CONFORMANCE T4)
    'proof-malformed',
    'proof-purpose-wrong',
    'unsupported-proof', // values.proof
  ],
  binding: [
    'binding-right',
    'binding-without-sub', // passed, with a note (CONFORMANCE 3.6)
    'claim-missing', // values.claim
    'iss-wrong',
    'jti-wrong',
    'sub-wrong',
    'nbf-wrong',
    'exp-wrong',
    'badge-class-right',
    'badge-class-of-another-issuer',
    'badge-class-unreadable',
    'badge-class-not-fetched',
  ],
  key: [
    'key-of-issuer', // values.key
    'key-of-another-issuer', // values.owner
    'key-unknown', // nothing at the key's address
    'key-not-listed', // the issuer does not list it
    'key-not-named',
    'key-unreadable',
    'key-not-fetched',
    'key-set-missing', // the issuer's host publishes no key set
    'key-set-unreadable',
    'key-set-not-fetched',
    'key-revoked',
    'key-expired',
    'did-not-supported-yet',
  ],
  issuer: [
    'issuer-right',
    'issuer-host-only', // passed, with a note: the key set is of the issuer's host, and does not say whose key it is
    'issuer-of-another-id', // the document at the address says it is another's
    'issuer-missing',
    'issuer-unreadable',
    'issuer-not-fetched',
    'issuer-not-shown', // the key did not show it
  ],
  dates: [
    'dates-right',
    'expired', // values.until
    'not-yet-valid', // values.from
    'expires-before-issued',
    'issued-in-future', // values.from
  ],
  status: [
    'not-revoked',
    'no-status', // passed: the issuer promised no list
    'revoked', // values.reason, when one is given
    'suspended',
    'status-not-fetched',
    'status-unreadable',
    'status-list-proof-wrong',
    'status-list-proof-not-checked',
    'status-list-of-another-issuer',
    'status-list-of-another-address',
    'status-list-not-current',
    'status-purpose-wrong',
    'status-list-length',
    'status-index-out-of-range',
    'unsupported-status', // values.type
    'refresh-not-supported-yet',
  ],
  recipient: [
    'recipient-right',
    'recipient-other',
    'recipient-not-comparable', // nothing in the badge that the given identity could be compared with
  ],
  endorsements: ['endorsements-not-supported-yet'],
  companion: [
    'companion-valid',
    'companion-not-linked', // passed, with a note: neither credential names the other
    'companion-of-another-award',
    'companion-not-valid', // values.verdict, values.check, values.code
    'companion-could-not-check', // values.check, values.code
  ],
} as const

export const checkCodes = Object.values(codesByCheck).flat()
export type CheckCode = (typeof checkCodes)[number]

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
  /** The 2.0 credential that lies beside a 3.0 one in the same picture, verified by itself. */
  readonly companion?: Verdict
}

/** What a fetch is for. The caller decides from it, and from the address, whether and how to answer. */
export type LookPurpose = 'key' | 'key-set' | 'issuer' | 'status-list' | 'revocation-list' | 'badge' | 'badge-class'

export type Looked =
  | { readonly outcome: 'found'; readonly status: number; readonly contentType: string; readonly body: Uint8Array }
  /** Nothing was learnt: closed by policy, no answer in time, not in the given world. */
  | { readonly outcome: 'not-fetched'; readonly why: 'closed' | 'unreachable' | 'too-large' }

/**
 * How the pure verifier learns of the world outside: keys, issuer documents, status lists. Never called with anything but an address
 * from the badge or, for `key-set`, the well-known address on its issuer's host. What was read from a `body` is remembered by the
 * identity of that array, so a caller that answers again with the same array saves the work; it must never write into it.
 */
export type Look = (address: string, purpose: LookPurpose) => Promise<Looked>
