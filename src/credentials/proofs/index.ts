import { eddsaRdfc2022, signEddsa, verifyEddsa } from './eddsa-rdfc-2022.ts'
import { es256 } from './es256.ts'
import type { JwsAlgorithm } from './jws-algorithm.ts'
import { rs256 } from './rs256.ts'

/** The algorithms we sign JWS with; nothing else, because the official validator takes only these two (CONFORMANCE 3.1). */
export const jwsAlgorithms: Readonly<Record<JwsAlgorithm['alg'], JwsAlgorithm>> = { RS256: rs256, ES256: es256 }

/** The embedded proof suites we sign and verify (CONFORMANCE 3.9). */
export const embeddedSuites = { [eddsaRdfc2022]: { sign: signEddsa, verify: verifyEddsa } } as const
