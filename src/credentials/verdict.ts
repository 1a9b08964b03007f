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
  /** The check inside that made it so: of an endorsement, or of a badge in a collection. */
  readonly cause?: Check
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
  'refresh', // a newer version of it; present only when the credential names a refresh service (CONFORMANCE 6.4)
  'dates', // not before, not after
  'status', // revoked or suspended
  'recipient', // given and matching; absent from the list when no recipient was given
  'endorsements', // present only when the credential carries some
  'credentials', // collections only: every badge inside, verified like any other (CONFORMANCE 10.4)
  'holder', // collections only: the badges inside are of the one whose collection it is (CONFORMANCE 10.4)
  'second-opinion', // Open Badges 0.5–1.1 only: another validator's answer. It never counts for the verdict (S-29)
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
    'read-clr-jwt',
    'read-clr-json',
    'read-ob2-jws',
    'read-ob2-hosted',
    'read-ob1-jws', // values.version
    'read-ob1-hosted', // values.version
    'read-hosted-instead', // passed, with a note: what was given is not what lies at its address, and only that counts (CONFORMANCE 6.10)
    'hosted-without-address', // an Open Badges 0.5 Assertion does not say where it lies
    'empty',
    'too-large', // values.limit, in bytes
    'unknown-format', // neither PNG, SVG, JSON, JWS nor an address
    'not-json',
    'json-duplicate-member',
    'json-too-deep',
    'json-forbidden-member', // __proto__
    'not-a-badge', // readable, but no Open Badge
    'png-broken',
    'png-too-many-chunks',
    'crc-wrong', // values.chunk
    'svg-broken',
    'svg-doctype', // a DOCTYPE, and with it perhaps entities: never followed
    'svg-encoding', // values.encoding
    'svg-too-complex', // elements, depth or attributes beyond our bounds
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
  ],
  structure: [
    'structure-right',
    'structure-of-vc-1.1', // passed, with a note: the older data model (CONFORMANCE T15)
    'structure-of-older-context', // passed, with a note: values.context
    'structure-issuer-elsewhere', // passed, with a note: another place says values.member of the issuer, which the issuer's own does not
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
    'too-many-values', // values.limit: making it canonical would cost more than a badge is worth (CONFORMANCE T13)
    'term-undefined', // safe mode refuses it: the signature would not cover everything (CONFORMANCE T4)
    'proof-malformed',
    'proof-purpose-wrong',
    'proof-context-missing', // VC 1.1 without the context that defines its proof (CONFORMANCE 3.12)
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
    'hosted-at-another-address', // what lies there says that it lies elsewhere
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
    'key-revoked', // values.since
    'key-revoked-later', // passed, with a note: the badge is older, as values.recorded shows (S-22)
    'key-expired', // values.since
    'key-expired-later', // passed, with a note, as above
  ],
  issuer: [
    'issuer-right',
    'hosted-by-issuer', // without a signature: the badge lies where its issuer says that its badges lie (CONFORMANCE 1.4)
    'hosted-outside-scope', // values.host
    'issuer-host-only', // passed, with a note: the key set is of the issuer's host, and does not say whose key it is
    'issuer-key-only', // passed, with a note: a did:key is a key, and nobody says whose
    'did-malformed', // values.issuer
    'did-not-known', // values.issuer: another method than did:key and did:web
    'issuer-elsewhere', // values.host: the issuer's address leads to another host
    'issuer-of-another-id', // the document at the address says it is another's
    'issuer-missing',
    'issuer-unreadable',
    'issuer-not-fetched',
    'issuer-not-shown', // the key did not show it
  ],
  refresh: [
    'refreshed', // values.from; the newer one was checked and is shown
    'refresh-not-newer', // passed, with a note, as all below: the original stands (CONFORMANCE 6.4)
    'refresh-not-fetched',
    'refresh-not-accepted', // another badge, another issuer, or not rightly signed
    'refresh-not-known', // values.type
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
    'gone', // 410 at the badge's own address, without a word about it (CONFORMANCE 1.6)
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
  ],
  recipient: [
    'recipient-right',
    'recipient-other',
    'recipient-not-comparable', // nothing in the badge that the given identity could be compared with
  ],
  endorsements: [
    'endorsements-right', // values.count
    'endorsement-not-valid', // values.endorser; the cause is its own check
    'endorsement-could-not-check', // values.endorser; likewise
    'endorsement-of-another', // values.endorser: it speaks of something else than what carries it
    'endorsements-too-many', // values.limit
  ],
  credentials: [
    'credentials-valid', // values.count
    'credential-not-valid', // values.name, values.number; the cause is its own check
    'credential-could-not-check', // values.name, values.number; likewise
    'credential-unsigned', // values.name: only the giver of the collection vouches for it (CONFORMANCE 10.5)
    'credentials-too-many', // values.limit
  ],
  holder: [
    'holder-same',
    'holder-not-shown', // values.name: nothing in the collection ties this badge to its subject
  ],
  'second-opinion': [
    'second-opinion-good',
    'second-opinion-bad', // values.why
    'second-opinion-not-given', // values.why: late, broken, incomplete
    'second-opinion-not-asked', // our own checks ended it before, or nobody was there to ask
  ],
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
  readonly format: 'ob1-jws' | 'ob1-json' | 'ob2-jws' | 'ob2-json' | 'ob3-jwt' | 'ob3-json' | 'clr-jwt' | 'clr-json'
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
  /** What others say of it; only when every endorsement that it carries is good. */
  readonly endorsements?: readonly {
    readonly endorser: { readonly id: string; readonly name?: string; readonly host?: string }
    readonly comment?: string
    readonly on?: string
  }[]
}

export type Verdict = {
  readonly verdict: VerdictWord
  readonly checks: readonly Check[]
  /** Undefined when the bytes held nothing that can be shown. */
  readonly credential?: CredentialSummary
  /** The 2.0 credential that lies beside a 3.0 one in the same picture, verified by itself. */
  readonly companion?: Verdict
  /** The credentials inside a collection in their order, each verified by itself (CONFORMANCE 10.4). */
  readonly credentials?: readonly Verdict[]
}

/** What a fetch is for. The caller decides from it, and from the address, whether and how to answer. */
export type LookPurpose =
  | 'key'
  | 'key-set'
  | 'issuer'
  | 'status-list'
  | 'revocation-list'
  | 'badge'
  | 'badge-class'
  | 'refresh'
  | 'picture' // for the second opinion only: that there is one, and of which type

export type Looked =
  | {
      readonly outcome: 'found'
      readonly status: number
      readonly contentType: string
      readonly body: Uint8Array
      /** Where it was found in the end, after redirects. Absent: at the address that was asked for. */
      readonly address?: string
    }
  /** Nothing was learnt: closed by policy, no answer in time, not in the given world. */
  | { readonly outcome: 'not-fetched'; readonly why: 'closed' | 'unreachable' | 'too-large' }

/**
 * How the pure verifier learns of the world outside: keys, issuer documents, status lists. Never called with anything but an address
 * from the badge or, for `key-set`, the well-known address on its issuer's host. What was read from a `body` is remembered by the
 * identity of that array, so a caller that answers again with the same array saves the work; it must never write into it.
 */
export type Look = (address: string, purpose: LookPurpose) => Promise<Looked>

/** A signed badge as its issuer's record would know it: the JWS, or the JSON document without spaces, as SHA-256 in hex. */
export type SignedBadge = { readonly issuerId: string; readonly id: string; readonly sha256: string }

/**
 * When exactly this signed badge entered its issuer's own record; undefined when it is not there, or the record is not the caller's to read.
 * Asked only for a signature that is right and whose key was taken out of use since: the dates inside a badge show nothing then, because
 * who stole the key writes them as he likes (S-22).
 */
export type History = (badge: SignedBadge) => Promise<Date | undefined>

/** A document that a verification has found, by the address it was asked at. */
export type Learnt = { readonly address: string; readonly contentType: string; readonly body: Uint8Array }

export type SecondOpinionAnswer =
  | { readonly outcome: 'good' }
  | { readonly outcome: 'bad'; readonly why: string }
  /** No answer in time, no answer at all, or it asked for a document that was not found. */
  | { readonly outcome: 'none'; readonly why: 'late' | 'broken' | 'incomplete' }

/**
 * Another validator's answer about an Open Badges 0.5–1.1 badge: its JWS or the text of the hosted Assertion, and everything that was found
 * for it. It looks nothing up itself, never throws and never decides (S-29).
 */
export type SecondOpinion = (badge: string, documents: readonly Learnt[]) => Promise<SecondOpinionAnswer>
