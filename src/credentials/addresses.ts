import type { Language } from './facts.ts'

/**
 * Addresses inside signed documents. They never change once signed and hold no names (DESIGN, Public addresses).
 * `origin` is PUBLIC_ORIGIN without a trailing slash, `code` the organisation's 4-character code.
 */
export const publicAddresses = {
  issuer: (origin: string, code: string): string => `${origin}/o/${code}`,
  issuerOb2: (origin: string, code: string): string => `${origin}/o/${code}/ob2`,
  issuerJwks: (origin: string, code: string): string => `${origin}/o/${code}/jwks.json`,
  issuerDid: (origin: string, code: string): string => `${origin}/o/${code}/did.json`,
  wellKnownJwks: (origin: string): string => `${origin}/.well-known/jwks.json`,
  /** `kid` here is the short key name, e.g. `rsa-2026-11-22-x7`; the JOSE `kid` is this whole address (CONFORMANCE 3.2). */
  key: (origin: string, code: string, kid: string): string => `${origin}/o/${code}/keys/${kid}`,
  keyOb2: (origin: string, code: string, kid: string): string => `${origin}/o/${code}/keys/${kid}/ob2`,
  achievement: (origin: string, code: string, slug: string, version: number, language: Language): string =>
    `${origin}/o/${code}/badges/${slug}/${version}/${language}`,
  badgeClassOb2: (origin: string, code: string, slug: string, version: number, language: Language): string =>
    `${origin}/o/${code}/badges/${slug}/${version}/${language}/ob2`,
  badgePicture: (
    origin: string,
    code: string,
    slug: string,
    version: number,
    language: Language,
    kind: 'png' | 'svg',
  ): string => `${origin}/o/${code}/badges/${slug}/${version}/${language}.${kind}`,
  statusList: (origin: string, code: string, list: number): string => `${origin}/o/${code}/status/${list}`,
  revoked: (origin: string, code: string): string => `${origin}/o/${code}/revoked`,
  revokedOb2: (origin: string, code: string): string => `${origin}/o/${code}/revoked/ob2`,
  endorsement: (origin: string, code: string, id: string): string => `${origin}/o/${code}/endorsements/${id}`,
  historyHead: (origin: string, code: string): string => `${origin}/o/${code}/history-head`,
  award: (origin: string, publicId: string): string => `${origin}/b/${publicId}`,
  awardOb2: (origin: string, publicId: string): string => `${origin}/b/${publicId}/ob2`,
} as const
