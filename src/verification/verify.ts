import { recordedHere } from '../awards/recorded.ts'
import { isJsonList, isJsonObject } from '../credentials/json.ts'
import { publicAddresses } from '../credentials/addresses.ts'
import type { Look, Verdict } from '../credentials/verdict.ts'
import { verify } from '../credentials/verify.ts'
import { asPublicAddress, ownLook, type VerificationDeps } from './look.ts'
import { askSecondOpinion } from './second-opinion.ts'

/** The most that is read of one badge or picture (S-44). */
export const maxBadgeBytes = 1024 * 1024

/**
 * Verifies what somebody presents: a file's bytes, a badge's text or its address (PRODUCT S1; CONFORMANCE 6). Own badges need no outgoing
 * request; others what the door lets through. Nothing is stored and nothing of the content is logged. Never refuses: rubbish is `invalid`.
 */
export async function verifyPresented(
  deps: VerificationDeps,
  presented: { readonly bytes: Uint8Array; readonly recipient?: string | undefined },
  at: Date,
): Promise<Verdict> {
  const look = ownLook(deps)
  const { recipient } = presented
  const bytes = seenBefore(asPublicAddress(deps, presented.bytes))
  const verdict = await verify(bytes, look, {
    at,
    history: recordedHere(deps),
    secondOpinion: askSecondOpinion,
    ...(recipient === undefined ? {} : { recipient }),
  })
  if (isOwn(verdict, deps.config.publicOrigin)) keep(bytes)
  return await withOwnReason(verdict, deps.config.publicOrigin, look)
}

const keptAtMost = 500
const keptBytes = 16 * 1024
/** Badges of our own that were verified lately, by how they end: a signature is like no other. Nothing of others' badges is kept. */
const lately = new Map<string, Uint8Array>()

/**
 * The same array for the same badge, so that what its bytes alone decide is worked out once (see `readBytes`): reading, schema, signature by
 * a key. Keys, dates, status and revocation are asked anew each time.
 */
function seenBefore(bytes: Uint8Array): Uint8Array {
  const there = bytes.length > keptBytes ? undefined : lately.get(endOf(bytes))
  return there && Buffer.compare(there, bytes) === 0 ? there : bytes
}

function keep(bytes: Uint8Array): void {
  if (bytes.length > keptBytes) return
  const end = endOf(bytes)
  if (lately.get(end) === bytes) return
  if (lately.size >= keptAtMost) for (const oldest of lately.keys()) if (lately.delete(oldest)) break
  lately.set(end, bytes)
}

function endOf({ buffer, byteOffset, length }: Uint8Array): string {
  const end = Math.min(length, 64)
  return Buffer.from(buffer, byteOffset + length - end, end).toString('latin1')
}

function isOwn({ credential, verdict }: Verdict, origin: string): boolean {
  return verdict === 'valid' && credential?.issuer.id.startsWith(`${origin}/`) === true
}

/**
 * A bitstring says that a badge is revoked, not why. For a badge of our own the reason stands in the plain list beside it, which comes from
 * the same fact (CONFORMANCE 7.6); for others we would have to ask again.
 */
async function withOwnReason(verdict: Verdict, origin: string, look: Look): Promise<Verdict> {
  const { credential, checks } = verdict
  const isBare = checks.some(({ code, values }) => code === 'revoked' && !values?.['reason'])
  const code = credential?.issuer.id.slice(publicAddresses.issuer(origin, '').length) ?? ''
  if (!credential || !isBare || credential.issuer.id !== publicAddresses.issuer(origin, code)) return verdict
  const answer = await look(publicAddresses.revoked(origin, code), 'revocation-list')
  const reason = answer.outcome === 'found' && answer.status === 200 ? reasonIn(answer.body, credential.id) : undefined
  if (reason === undefined) return verdict
  return {
    ...verdict,
    checks: checks.map((check) => (check.code === 'revoked' ? { ...check, values: { reason } } : check)),
    credential: { ...credential, revocationReason: reason },
  }
}

function reasonIn(list: Uint8Array, credentialId: string): string | undefined {
  const document: unknown = JSON.parse(Buffer.from(list).toString('utf8'))
  const entries = isJsonObject(document) ? document['revokedCredential'] : undefined
  const entry = isJsonList(entries) ? entries.filter(isJsonObject).find(({ id }) => id === credentialId) : undefined
  const reason = entry?.['revocationReason']
  return typeof reason === 'string' ? reason : undefined
}
