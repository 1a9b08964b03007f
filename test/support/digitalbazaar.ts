import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import { generate } from '@digitalbazaar/ed25519-multikey'
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite'
import { issue, verifyCredential } from '@digitalbazaar/vc'
import { checkStatus, decodeList } from '@digitalbazaar/vc-bitstring-status-list'
import { vi } from 'vitest'
import { documentLoader } from '../../src/credentials/contexts.ts'
import { isJsonObject } from '../../src/credentials/json.ts'
import type { Json, JsonObject } from '../../src/credentials/json.ts'

/** Public documents by address: all that the other implementation may see besides the bundled contexts. */
export type World = Readonly<Record<string, JsonObject>>

type Answer = { documentUrl: string; document: object; contextUrl: null }

// A verification method is a part of the document at its address without the fragment.
function partOf(document: JsonObject, id: string): Json | undefined {
  const methods = [document['verificationMethod'] ?? []].flat()
  return methods.find((method) => isJsonObject(method) && method['id'] === id)
}

/** Answers from the world, then from the bundled contexts, and throws for anything else: nothing is fetched. */
export function worldLoader(world: World): (address: string) => Promise<Answer> {
  return async (address) => {
    const [base = address] = address.split('#')
    const found = world[address] ?? (world[base] === undefined ? undefined : partOf(world[base], address))
    if (isJsonObject(found)) return { documentUrl: address, document: structuredClone(found), contextUrl: null }
    return { ...(await documentLoader(address)), contextUrl: null }
  }
}

export type Judged = { readonly verified: boolean; readonly revoked?: boolean; readonly error?: string }

const suite = (): object => new DataIntegrityProof({ cryptosuite })

/** Worlds whose one status list was found to be proven: the list of a world stays the same, and proving it costs as much as a badge. */
const proven = new WeakSet<World>()

/** What `@digitalbazaar/vc` says of a credential with an embedded proof, its status list read as well. Safe mode, no network. */
export async function judgeByDigitalBazaar(credential: JsonObject, world: World, now: Date): Promise<Judged> {
  let revoked: boolean | undefined
  let statusError: Error | undefined
  const loader = worldLoader(world)
  const result = await verifyCredential({
    credential: structuredClone(credential),
    suite: suite(),
    documentLoader: loader,
    now,
    checkStatus: async () => {
      const status = await atTime(
        now,
        async () =>
          await checkStatus({
            credential,
            suite: suite(),
            documentLoader: loader,
            verifyBitstringStatusListCredential: !proven.has(world),
          }),
      )
      if (status.verified) proven.add(world)
      revoked = status.results?.some((entry) => entry.status)
      statusError = status.error
      return status
    },
  })
  const error = result.error ?? statusError
  return {
    verified: result.verified,
    ...(revoked === undefined ? {} : { revoked }),
    ...(error === undefined ? {} : { error: JSON.stringify(error, ['message', 'errors', 'cause', 'name']) }),
  }
}

/** Does the work at the tests' time: the status check takes no `now`, and looks at the clock itself. */
async function atTime<T>(now: Date, work: () => Promise<T>): Promise<T> {
  vi.useFakeTimers({ now, toFake: ['Date'] })
  try {
    return await work()
  } finally {
    vi.useRealTimers()
  }
}

/** A credential signed by `@digitalbazaar/vc` with a key of its own; the key as a Multikey comes with it. */
export async function issueByDigitalBazaar(
  credential: JsonObject,
  controller: string,
): Promise<{ readonly signed: JsonObject; readonly publicKeyMultibase: string }> {
  const key = await generate({ controller })
  const signer = new DataIntegrityProof({ signer: key.signer(), cryptosuite })
  const signed: unknown = await issue({
    credential: structuredClone(credential),
    suite: signer,
    documentLoader: worldLoader({}),
  })
  if (!isJsonObject(signed)) throw new TypeError('Not a credential')
  return { signed, publicKeyMultibase: key.publicKeyMultibase }
}

/** Reads one place of an `encodedList` with the other implementation. */
export async function statusByDigitalBazaar(encodedList: string, index: number): Promise<boolean> {
  const list = await decodeList({ encodedList })
  return list.getStatus(index)
}
