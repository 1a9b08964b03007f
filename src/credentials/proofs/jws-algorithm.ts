import { createPrivateKey, sign } from 'node:crypto'
import type { KeyObject, SignKeyObjectInput } from 'node:crypto'

/** One JOSE algorithm that we sign with. */
export type JwsAlgorithm = {
  readonly alg: 'RS256' | 'ES256'
  /** Is the key of the right kind and strong enough? */
  readonly fits: (key: KeyObject) => boolean
  /** Signs off the main thread, so that many awards at once do not block the others. */
  readonly sign: (input: Uint8Array, privateKey: KeyObject) => Promise<Buffer>
}

/** Copies of a key that no signature is using just now. They live as long as the key. */
const idleCopies = new WeakMap<KeyObject, KeyObject[]>()

/**
 * A copy of the key for one signature at a time. The thread pool locks a key while it signs, and the next call with the same key would make
 * the main thread wait for it: half of an award's time when many are made at once.
 */
function takeCopy(key: KeyObject): KeyObject {
  const der = { format: 'der', type: 'pkcs8' } as const
  return idleCopies.get(key)?.pop() ?? createPrivateKey({ key: key.export(der), ...der })
}

function giveBack(key: KeyObject, copy: KeyObject): void {
  const idle = idleCopies.get(key)
  if (idle) idle.push(copy)
  else idleCopies.set(key, [copy])
}

/** `crypto.sign` with SHA-256 as a promise; with the callback it works in the thread pool (PERFORMANCE, Designs). */
export async function signSha256(
  input: Uint8Array,
  privateKey: KeyObject,
  how: Omit<SignKeyObjectInput, 'key'> = {},
): Promise<Buffer> {
  const copy = takeCopy(privateKey)
  try {
    return await new Promise((resolve, reject) => {
      sign('sha256', input, { ...how, key: copy }, (error, signature) => {
        if (error === null) resolve(signature)
        else reject(error)
      })
    })
  } finally {
    giveBack(privateKey, copy)
  }
}
