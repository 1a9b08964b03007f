import type { Deps } from '../deps.ts'
import { networkOf } from '../http/rate-limits.ts'
import { Refusal } from '../refusal.ts'
import { readFailures } from './backoff-store.ts'
import { keyedDigest } from './sign-in-code.ts'

/** A try to sign in, for counting (S-17): what is tried, and from which network. Keyed digests: neither can be read back. */
export type Try = { readonly subject: Buffer; readonly source: Buffer }

type Counted = {
  readonly what: 'password' | 'factor' | 'card' | 'code'
  readonly name?: string
  readonly address: string
}

/** Wrong tries from one network in an hour: after so many codes it waits, after so many of the others it may try once a minute. */
const most = { code: 10, other: 50 } as const

/** What is counted for a try of this kind. One-time codes have no name: they count for the network alone. */
export function tryOf(deps: Pick<Deps, 'secrets'>, { what, name = '', address }: Counted): Try {
  const pepper = deps.secrets.codePepper
  const network = networkOf(address)
  return {
    subject: keyedDigest(pepper, 'backoff', `${what} ${what === 'code' ? network : name}`),
    source: keyedDigest(pepper, 'source', `${what === 'code' ? 'code' : 'password'} ${network}`),
  }
}

/** Refuses `too-many` when the network has 10 wrong codes in the last hour (S-17). */
export async function refuseManyCodes(deps: Pick<Deps, 'db'>, { source }: Try, now: Date): Promise<void> {
  const seen = await readFailures(deps.db, source, now)
  if (seen.failures >= most.code && seen.oldest) throw waitUntil(new Date(seen.oldest.getTime() + 3_660_000), now)
}

/** Refuses `too-many` when the network has 50 failures in the last hour and one of them in this minute: it is slowed, not shut out (S-17). */
export async function refuseFastNetwork(deps: Pick<Deps, 'db'>, { source }: Try, now: Date): Promise<void> {
  const seen = await readFailures(deps.db, source, now)
  if (seen.failures < most.other || !seen.newest) return
  const next = new Date(seen.newest.getTime() + 60_000)
  if (next > now) throw waitUntil(next, now)
}

function waitUntil(end: Date, now: Date): Refusal {
  const retryAfter = Math.max(1, Math.ceil((end.getTime() - now.getTime()) / 1000))
  return new Refusal('too-many', 'Too many wrong tries from this network. Wait a moment', { retryAfter })
}
