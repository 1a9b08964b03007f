import { createHash, randomBytes } from 'node:crypto'

/** A history entry before it has its place in the chain. */
export type NewHistoryLine = {
  readonly id: string
  readonly kind: HistoryKind
  readonly at: Date
  /** 256 random bits: without them nobody can guess the content from the commitment (S-32). */
  readonly salt: Buffer
  readonly content: string
  readonly commitment: Buffer
}

/** Every kind of act that has a line. Those of `key.` and `issuing.` change who may sign, or whether. */
export type HistoryKind =
  | 'award'
  | 'award.embedded'
  | 'award.resigned'
  | 'award.accepted'
  | 'award.declined'
  | 'revocation'
  | 'endorsement'
  | 'endorsement.withdrawn'
  | 'passport.signed'
  | 'erasure'
  | 'client.merged'
  | 'client.split'
  | SigningAct

export type SigningAct = 'key.made' | 'key.retired' | 'key.compromised' | 'issuing.stopped' | 'issuing.started'

/** Does the act change who may sign, or whether? Whoever signs must have read the latest of these (S-22, S-25). */
export function isSigningAct(kind: HistoryKind): kind is SigningAct {
  return kind.startsWith('key.') || kind.startsWith('issuing.')
}

/**
 * Prepares a history entry: the chain holds ids and the commitment SHA-256(salt ‖ content); salt and content lie elsewhere and can be
 * erased while the chain still verifies (S-31, S-32). Place, previous hash and hash are the database's.
 */
export function newHistoryLine(
  id: string,
  kind: HistoryKind,
  at: Date,
  facts: Readonly<Record<string, string>>,
): NewHistoryLine {
  const salt = randomBytes(32)
  const content = JSON.stringify(facts, Object.keys(facts).sort())
  return { id, kind, at, salt, content, commitment: commitmentOf(salt, content) }
}

/** SHA-256(salt ‖ content). */
export function commitmentOf(salt: Uint8Array, content: string): Buffer {
  return createHash('sha256').update(salt).update(content, 'utf8').digest()
}

export type ChainEntry = {
  readonly seq: number
  readonly tenant: string
  readonly id: string
  readonly kind: string
  /** A Date, or microseconds since 1970, which is all that the database keeps of it. */
  readonly at: Date | bigint
  readonly commitment: Uint8Array
}

/**
 * The hash that the database's `app.history_hash` computes, outside the database (S-31): SHA-256(prev ‖ seq ‖ tenant ‖ id ‖ kind ‖ at ‖
 * commitment), seq and at (microseconds since 1970) as 8 bytes big-endian, tenant as 4 bytes, id as 16, one byte of length before kind.
 */
export function historyHash(prev: Uint8Array, entry: ChainEntry): Buffer {
  const seq = Buffer.alloc(8)
  seq.writeBigInt64BE(BigInt(entry.seq))
  const at = Buffer.alloc(8)
  at.writeBigInt64BE(typeof entry.at === 'bigint' ? entry.at : BigInt(entry.at.getTime()) * 1000n)
  const kind = Buffer.from(entry.kind, 'utf8')
  return createHash('sha256')
    .update(prev)
    .update(seq)
    .update(entry.tenant, 'utf8')
    .update(Buffer.from(entry.id.replaceAll('-', ''), 'hex'))
    .update(Buffer.from([kind.length]))
    .update(kind)
    .update(at)
    .update(entry.commitment)
    .digest()
}
