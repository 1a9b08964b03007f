import type { JwsAlgorithm } from './jws-algorithm.ts'
import { signSha256 } from './jws-algorithm.ts'

/** RSASSA-PKCS1-v1_5 with SHA-256 and at least 2048 bits: what every Open Badges verifier must take (CONFORMANCE 3.1). */
export const rs256: JwsAlgorithm = {
  alg: 'RS256',
  fits: (key) => key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048,
  sign: async (input, key) => await signSha256(input, key),
}
