import { createHash } from 'node:crypto'
import type { BadgeClassFacts, IssuerFacts } from '../credentials/facts.ts'
import type { Json } from '../credentials/json.ts'

/** What a person is shown at an address that has a page. */
export type PageFacts =
  | { readonly kind: 'issuer'; readonly issuer: IssuerFacts }
  | { readonly kind: 'achievement'; readonly badgeClass: BadgeClassFacts }
  | {
      readonly kind: 'award'
      readonly publicId: string
      readonly ob3Jwt: string
      readonly hasEmbedded: boolean
      /** Signed endorsements that stand now. */
      readonly endorsements: readonly string[]
    }
  | { readonly kind: 'hidden' }
  | { readonly kind: 'revoked'; readonly at: Date; readonly reason: RevocationReason }

type RevocationReason = 'issued-in-error' | 'evidence-corrected' | 'misuse' | 'holder-asked'

/** The answer of a public address: the same for strangers, for our own verifier and for `world.json`. */
export type PublicDocument = {
  readonly status: 200 | 410
  /** What is answered when nothing in particular is asked for. */
  readonly contentType: string
  /** Every type the same bytes may be asked for as, `contentType` first (CONFORMANCE 1.5, 2.8). */
  readonly contentTypes: readonly string[]
  readonly body: Buffer
  readonly etag: string
  /** For how many seconds others may keep it; 0: they ask every time. */
  readonly maxAge: number
  readonly page?: PageFacts
  /** The page comes first also for who asks for nothing in particular. */
  readonly isPageFirst?: boolean
}

type Rest = { readonly maxAge: number } & Partial<Pick<PublicDocument, 'status' | 'page' | 'isPageFirst'>>

/** Puts together an answer of these bytes and gives it its ETag. */
export function documentOf(
  body: string | Buffer,
  contentTypes: readonly [string, ...string[]],
  rest: Rest,
): PublicDocument {
  const bytes = typeof body === 'string' ? Buffer.from(body, 'utf8') : body
  const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`
  return { status: 200, contentType: contentTypes[0], contentTypes, body: bytes, etag, ...rest }
}

/** The same for JSON. */
export function jsonDocument(json: Json, contentTypes: readonly [string, ...string[]], rest: Rest): PublicDocument {
  return documentOf(JSON.stringify(json), contentTypes, rest)
}
