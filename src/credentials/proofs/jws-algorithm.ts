import { sign } from 'node:crypto'
import type { KeyObject, SignKeyObjectInput } from 'node:crypto'

/** One JOSE algorithm that we sign with. */
export type JwsAlgorithm = {
  readonly alg: 'RS256' | 'ES256'
  /** Is the key of the right kind and strong enough? */
  readonly fits: (key: KeyObject) => boolean
  /** Signs off the main thread, so that many awards at once do not block the others. */
  readonly sign: (input: Uint8Array, privateKey: KeyObject) => Promise<Buffer>
}

/**
 * `crypto.sign` with SHA-256 as a promise; with the callback it works in the thread pool (PERFORMANCE, Designs). A key without further
 * options is given as it is: looking for options costs the main thread twice as much as the rest of the call.
 */
export async function signSha256(input: Uint8Array, key: KeyObject | SignKeyObjectInput): Promise<Buffer> {
  return await new Promise((resolve, reject) => {
    sign('sha256', input, key, (error, signature) => {
      if (error === null) resolve(signature)
      else reject(error)
    })
  })
}
