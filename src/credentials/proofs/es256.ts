import type { JwsAlgorithm } from './jws-algorithm.ts'
import { signSha256 } from './jws-algorithm.ts'

/** ECDSA on P-256 with SHA-256, the signature as r ‖ s (RFC 7518 §3.4, CONFORMANCE 3.1). */
export const es256: JwsAlgorithm = {
  alg: 'ES256',
  fits: (key) => key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1',
  sign: async (input, key) => await signSha256(input, { key, dsaEncoding: 'ieee-p1363' }),
}
