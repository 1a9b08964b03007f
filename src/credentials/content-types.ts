/**
 * The HTTP content types of every public badge document (CONFORMANCE 1.5, 2.8, 3.7, 3.8). The first is answered when the client
 * asks for nothing in particular; the others only when it asks for them and not for the first. All JSON is UTF-8, and all of
 * these answer with `Access-Control-Allow-Origin: *` (CONFORMANCE 1.5).
 */
export const contentTypes = {
  /** OB 2.0 Profile, BadgeClass, Assertion, CryptographicKey, RevocationList (1.5). */
  ob2: ['application/ld+json', 'application/json'],
  /** The issuer document and the achievement; HTML goes before when it is asked for first (2.8, T18). */
  ob3: ['application/ld+json', 'application/json'],
  /** An OB 3.0 credential or a status list with an embedded proof (2.8). `application/vc` is the later name. */
  credential: ['application/vc+ld+json', 'application/vc', 'application/ld+json', 'application/json'],
  /** A VC-JWT or an OB 2.0 JWS (2.8). */
  jws: ['text/plain', 'application/vc+jwt', 'application/jwt'],
  /** One JWK (3.8). */
  jwk: ['application/json', 'application/jwk+json'],
  /** One Multikey (3.10). */
  multikey: ['application/ld+json', 'application/json'],
  /** A key set (3.7). */
  jwks: ['application/jwk-set+json', 'application/json'],
  /** The did:web document (3.14). */
  did: ['application/did+ld+json', 'application/did', 'application/json'],
  /** The 1EdTech revocation list (7.1). */
  revokedCredentials: ['application/json'],
  /** The signed head of a history: a compact JWS that is no badge. */
  historyHead: ['application/jose', 'text/plain'],
} as const satisfies Readonly<Record<string, readonly [string, ...string[]]>>
