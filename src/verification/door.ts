import type { Look } from '../credentials/verdict.ts'

/**
 * The one way out to addresses that are not ours (S-46, CONFORMANCE 3.15). It is closed: nothing is resolved, no connection is made, and
 * every address reads alike. A check that would need one answers `not-checked`.
 */
export const door: Look = async () => await Promise.resolve({ outcome: 'not-fetched', why: 'closed' })
