import { createHash } from 'node:crypto'
import pg from 'pg'
import { clientKey, type ClientPurpose, sealFor } from '../clients/client-key.ts'
import { hasIdentityCode } from '../clients/identity-code.ts'
import { asTenant } from '../db/connect.ts'
import type { Trx } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import type { MachineActor, StaffActor } from '../http/actor.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import { type FieldFault, Refusal } from '../refusal.ts'
import type { NewObservation, Recorded } from './schema.ts'
import {
  clientKeys,
  correctedRows,
  type KnownRequest,
  type ObservationRow,
  type RefusedRow,
  writeObservations,
} from './store.ts'

export type ObservationDeps = Pick<Deps, 'db' | 'vault' | 'newId'>

/** So many days back without a reason (DESIGN, Dates of work). */
export const daysWithoutReason = 14
/** So long a record can be taken back, milliseconds (PRODUCT §2.7). */
export const undoTime = 10 * 60 * 1000

export type WantedObservations = {
  readonly observations: readonly NewObservation[]
  /** The same key and the same observations: the same answer, and nothing new is written. */
  readonly idempotencyKey?: string | undefined
  /** JSON pointer to a row of the request, for the faults in it. */
  readonly pointer?: (row: number) => string
}

/** Who records: a coach for the own clients, a program for every client of its organisation (S-12). */
export type Recorder = StaffActor | MachineActor

export type RecordedNow = { readonly observations: readonly Recorded[]; readonly replayed: boolean }

/**
 * Records what a coach saw or a program knows, for one or many people: all rows or none, in one statement (a second one before it where words are to be sealed
 * under the client's key). Refuses `content` with a pointer for each fault (`future-day`, `late-reason-needed`, `identity-code`,
 * `reason-needed`), `not-found` for a client who is not the coach's own today or a task outside the tenant's published modules (S-11, S-12),
 * `conflict` for a correction of what was undone or corrected before, `idempotency-mismatch`, `busy`.
 */
export async function recordObservations(
  deps: ObservationDeps,
  actor: Recorder,
  wanted: WantedObservations,
  now: Date,
): Promise<RecordedNow> {
  const today = dayInHelsinki(now)
  const pointer = wanted.pointer ?? (() => '')
  refuseFaults(wanted.observations.flatMap((one, row) => wordFaults(one, pointer(row))))
  const digest = createHash('sha256')
    .update(JSON.stringify(['observations', wanted.observations]))
    .digest()
  const idempotency = wanted.idempotencyKey === undefined ? null : { key: wanted.idempotencyKey, digest }
  const { tenant, accountId: coach, sessionId } = actor
  for (let tries = 1; tries <= 3; tries += 1) {
    const done = await asTenant(deps.db, tenant, async (trx) => {
      const rows = await prepareRows(deps, trx, actor, wanted, today)
      const everyClient = actor.kind === 'machine'
      const result = await writeOrConflict(trx, {
        tenant,
        coach,
        sessionId,
        everyClient,
        today,
        now,
        rows,
        idempotency,
      })
      return { rows, ...result }
    })
    if (done.known) return replay(wanted.observations, done.known, digest)
    if (done.refused.length > 0) throw refusalOfRows(done.refused, pointer)
    if (done.written === done.rows.length)
      return { observations: done.rows.map((row) => recordedBody(row, now)), replayed: false }
  }
  throw new Refusal('busy', 'The same request is being answered just now. Try again in a moment', { retryAfter: 1 })
}

/** The same look at words and days without recording: for a page that asks once more before it saves. Refuses `content`. */
export function checkObservations(observations: readonly NewObservation[], now: Date): void {
  const today = dayInHelsinki(now)
  refuseFaults(observations.flatMap((one) => [...wordFaults(one, ''), ...dayFaults(one, false, today, '')]))
}

function refuseFaults(fields: readonly FieldFault[]): void {
  const first = fields[0]
  if (first) throw new Refusal('content', `${first.pointer}: ${first.detail}`, { code: 'validation', fields })
}

function wordFaults(one: NewObservation, pointer: string): readonly FieldFault[] {
  const faults: FieldFault[] = []
  for (const field of ['note', 'lateReason', 'replaceReason'] as const) {
    if (hasIdentityCode(one[field] ?? '')) {
      const detail = 'leave the personal identity code out: it is not stored here'
      faults.push({ pointer: `${pointer}/${field}`, code: 'identity-code', detail })
    }
  }
  if (one.replaces !== undefined && one.replaceReason === undefined) {
    const detail = 'say why the earlier record is corrected'
    faults.push({ pointer: `${pointer}/replaceReason`, code: 'reason-needed', detail })
  }
  if (one.replaces === undefined && one.replaceReason !== undefined) {
    const detail = 'names the record that replaceReason is about'
    faults.push({ pointer: `${pointer}/replaces`, code: 'reason-without-record', detail })
  }
  return faults
}

/** Seals the words and looks at the days. Reads only when there are words to seal or a record to correct. */
async function prepareRows(
  deps: ObservationDeps,
  trx: Trx,
  actor: Recorder,
  wanted: WantedObservations,
  today: string,
): Promise<readonly ObservationRow[]> {
  const { observations } = wanted
  const corrected = observations.flatMap(({ clientId, replaces }) =>
    replaces === undefined ? [] : [{ clientId, replaces }],
  )
  const old = corrected.length > 0 ? await correctedRows(trx, actor.tenant, corrected) : undefined
  // A correction that keeps the day keeps its reason, too.
  const kept = (one: NewObservation): { readonly lateReason: Buffer | null } | undefined => {
    const before = one.replaces === undefined ? undefined : old?.get(one.replaces)
    return before?.observedOn === one.observedOn ? before : undefined
  }
  const faults = observations.flatMap((one, row) =>
    dayFaults(one, kept(one) !== undefined, today, wanted.pointer?.(row) ?? ''),
  )
  refuseFaults(faults)

  const isWorded = ({ note, lateReason, replaceReason }: NewObservation): boolean =>
    [note, lateReason, replaceReason].some((words) => words !== undefined)
  const worded = observations.filter(isWorded).map(({ clientId }) => clientId)
  const keys = worded.length > 0 ? await clientKeys(trx, actor.tenant, worded) : undefined
  const seal = (one: NewObservation, purpose: ClientPurpose, words: string | undefined): Buffer | null => {
    // Without a key there is no such client: the statement refuses the row.
    const key = keys?.get(one.clientId)
    return words === undefined || !key ? null : sealFor(deps.vault, clientKey(key), purpose, words)
  }
  return observations.map((one) => ({
    id: deps.newId(),
    clientId: one.clientId,
    taskId: one.taskId,
    observedOn: one.observedOn,
    supportLevel: one.supportLevel,
    note: seal(one, 'observation.note', one.note),
    // A reason where none was asked would mark the record as late to who decides.
    lateReason: isLate(one, today)
      ? (seal(one, 'observation.late-reason', one.lateReason) ?? kept(one)?.lateReason ?? null)
      : null,
    replaces: one.replaces ?? null,
    replaceReason: seal(one, 'observation.replace-reason', one.replaceReason),
  }))
}

function dayFaults(one: NewObservation, isKept: boolean, today: string, pointer: string): readonly FieldFault[] {
  if (one.observedOn > today) {
    return [{ pointer: `${pointer}/observedOn`, code: 'future-day', detail: 'the work cannot be in the future' }]
  }
  if (one.lateReason !== undefined || isKept || !isLate(one, today)) return []
  const detail = `the work was more than ${daysWithoutReason} days ago: say why it is recorded now`
  return [{ pointer: `${pointer}/lateReason`, code: 'late-reason-needed', detail }]
}

function isLate({ observedOn }: NewObservation, today: string): boolean {
  return observedOn < daysBefore(today, daysWithoutReason)
}

/** The calendar day so many days before. */
export function daysBefore(day: string, days: number): string {
  return new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10)
}

async function writeOrConflict(
  trx: Trx,
  rows: Parameters<typeof writeObservations>[1],
): Promise<Awaited<ReturnType<typeof writeObservations>>> {
  try {
    return await writeObservations(trx, rows)
  } catch (error) {
    // Two corrections of one record at the same time: the unique index lets one through.
    if (error instanceof pg.DatabaseError && error.constraint === 'observation_replaced_once') throw alreadyCorrected()
    throw error
  }
}

function alreadyCorrected(): Refusal {
  return new Refusal('conflict', 'This record was undone or corrected before', { code: 'not-current' })
}

function refusalOfRows(refused: readonly RefusedRow[], pointer: (row: number) => string): Refusal {
  const fields = refused.flatMap(({ position, isOwn, isTask, isThere }): FieldFault[] => {
    const at = pointer(position)
    if (!isOwn)
      return [{ pointer: `${at}/clientId`, code: 'unknown-client', detail: 'there is no such client of yours' }]
    if (!isTask)
      return [{ pointer: `${at}/taskId`, code: 'unknown-task', detail: 'there is no such task in a published module' }]
    if (!isThere)
      return [{ pointer: `${at}/replaces`, code: 'unknown-record', detail: 'there is no such record of this client' }]
    return []
  })
  const first = fields[0]
  if (!first) return alreadyCorrected()
  return new Refusal('not-found', `${first.pointer}: ${first.detail}`, { fields })
}

/** The answer of the first time, rebuilt from what it fixed (PRODUCT §7, Idempotency). */
function replay(observations: readonly NewObservation[], known: KnownRequest, digest: Buffer): RecordedNow {
  if (known.digest !== digest.toString('hex')) {
    throw new Refusal('idempotency-mismatch', 'This Idempotency-Key was used for another request', {
      code: 'idempotency_mismatch',
    })
  }
  const ids = known.ref.split(',')
  const at = new Date(known.at)
  return {
    replayed: true,
    observations: observations.map((one, row) =>
      recordedBody({ ...one, id: ids[row] ?? '', replaces: one.replaces ?? null }, at),
    ),
  }
}

function recordedBody(
  row: Pick<ObservationRow, 'id' | 'clientId' | 'taskId' | 'supportLevel' | 'observedOn' | 'replaces'>,
  at: Date,
): Recorded {
  return {
    id: row.id,
    clientId: row.clientId,
    taskId: row.taskId,
    supportLevel: row.supportLevel,
    observedOn: row.observedOn,
    recordedAt: at.toISOString(),
    replaces: row.replaces,
    undoUntil: new Date(at.getTime() + undoTime).toISOString(),
  }
}
