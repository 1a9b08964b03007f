import { isDeepStrictEqual } from 'node:util'
import type { CredentialSummary, Verdict } from '../../src/credentials/verdict.ts'
import { verify } from '../../src/credentials/verify.ts'
import { readBytes } from '../../src/credentials/verify/read.ts'
import { now } from './award-facts.ts'
import { type Documents, lookIn } from './badge-world.ts'
import type { Sample } from './samples.ts'

/** Numbers from 0 up to 1 that follow from the seed alone (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** The bytes with one of them changed, anywhere, to anything else. */
export function withChangedByte(bytes: Uint8Array, random: () => number): Uint8Array {
  const changed = Uint8Array.from(bytes)
  const place = Math.floor(random() * bytes.length)
  changed[place] = (bytes[place] ?? 0) ^ (1 + Math.floor(random() * 255))
  return changed
}

/** Everything that is shown of a badge beside the verdict. */
function saidBy(verdict: Verdict): readonly CredentialSummary[] {
  const { credential, companion, credentials = [] } = verdict
  return [...(credential ? [credential] : []), ...(companion ? saidBy(companion) : []), ...credentials.flatMap(saidBy)]
}

/** The credentials that lie in these bytes, or the address that they are. */
function heldIn(bytes: Uint8Array): readonly unknown[] {
  const read = readBytes(bytes)
  return read.outcome === 'address' ? [read] : [read.credential, ...(read.companion ? [read.companion] : [])]
}

const areAmong = (some: readonly unknown[], all: readonly unknown[]): boolean =>
  some.every((one) => all.some((other) => isDeepStrictEqual(one, other)))

/** How one sample stands, and what becomes of it when it is changed. */
export type Judge = {
  /** Every check that did not pass, of the sample as it is. */
  readonly unmet: readonly string[]
  /** Why these bytes should not have been taken; undefined when they are refused, or are the identical badge. */
  readonly problemOf: (changed: Uint8Array) => Promise<string | undefined>
}

/**
 * Judges changes of one sample in a world that knows these documents. Of a picture with two credentials one may be lost, as when its
 * namespace is another: what is left must be the other, unchanged.
 */
export async function judgeOf(sample: Sample, documents: Documents): Promise<Judge> {
  const judge = async (bytes: Uint8Array): Promise<Verdict> => await verify(bytes, lookIn(documents), { at: now })
  const original = await judge(sample.bytes)
  const [held, said] = [heldIn(sample.bytes), saidBy(original)]
  const unmet = original.checks.filter(({ outcome, id }) => outcome !== 'passed' && id !== 'second-opinion')
  return {
    unmet: unmet.map(({ code }) => code),
    problemOf: async (changed) => {
      const verdict = await judge(changed)
      if (verdict.verdict !== 'valid') return undefined
      if (!areAmong(saidBy(verdict), said)) return 'valid, and says something else'
      // What lies at the address of a hosted badge is the truth, and a copy that differs is told (CONFORMANCE 6.10).
      const isTold = verdict.checks.some(({ code }) => code === 'read-hosted-instead')
      return isTold || areAmong(heldIn(changed), held) ? undefined : 'valid, and another credential'
    },
  }
}
