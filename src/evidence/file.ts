import { groundOfLook } from '../audit/look.ts'
import { recordAudit } from '../audit/record.ts'
import { clientKey } from '../clients/client-key.ts'
import { listCoachedClients } from '../clients/client.ts'
import { asTenant } from '../db/connect.ts'
import type { Deps } from '../deps.ts'
import type { Actor } from '../http/actor.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import type { WrappedKey } from '../keys/vault.ts'
import { getObservation, requireReach } from '../progress/observation-list.ts'
import { Refusal } from '../refusal.ts'
import { cleanFile, type CleanFile } from './clean.ts'
import { type FileRow, findFileRow, insertFile, listFileRows } from './store.ts'

type FileDeps = Pick<Deps, 'db' | 'vault' | 'newId'>

/** So many files can one record have. */
export const mostFiles = 10

/** Number of the text that a member of staff confirms: `t.evidence.consent`. A new text gets the next. */
export const consentText = 1

const purpose = 'evidence.file'
const missing = 'There is no such file'

/**
 * Adds a photo or PDF to a record of work (S-44): the client to an own one, a coach to one of a client coached today. A coach confirms that
 * the client agrees (DOMAIN 9.7); the client takes any file away again at once. Refuses `not-found` for a record out of reach, `forbidden` for
 * staff who do not coach the client, `conflict` for a record that was undone or corrected and for more than ten files, and as `cleanFile` does.
 */
export async function addFile(
  deps: FileDeps,
  actor: Actor,
  wanted: { readonly observationId: string; readonly bytes: Uint8Array | undefined; readonly clientAgrees: boolean },
  now: Date,
): Promise<FileRow> {
  const record = await getObservation(deps, actor, wanted.observationId, now)
  if (!(await mayAdd(deps, actor, record.clientId, now)))
    throw new Refusal('forbidden', 'Only a coach of the client may add files', { code: 'not-own-client' })
  if (record.state !== 'current')
    throw new Refusal('conflict', 'This record was undone or corrected before', { code: 'not-current' })
  if (wanted.bytes === undefined)
    throw missingIn('file', 'send one file as multipart/form-data, in the part "file"', 'file-missing')
  if (actor.kind === 'staff' && !wanted.clientAgrees)
    throw missingIn('consent', 'confirm that the client agrees: consent=yes', 'consent-missing')
  const { bytes } = wanted
  return await oneAtATime(actor, async () => {
    // Before a picture is decoded, which costs a thousand times more.
    if ((await listFiles(deps, actor, record.id, now)).length >= mostFiles) throw tooManyFiles()
    return await keep(deps, actor, { ...record, observationId: record.id }, await cleanFile(bytes), now)
  })
}

function tooManyFiles(): Refusal {
  return new Refusal('conflict', `A record has at most ${mostFiles} files`, { code: 'too-many-files' })
}

/** What a person's last file is waiting for. */
const last = new Map<string, Promise<unknown>>()

/** Files of one person one after another: pictures of all wait in one row, and nobody fills it alone. */
async function oneAtATime<T>(actor: Actor, work: () => Promise<T>): Promise<T> {
  const who = actor.kind === 'client' ? actor.clientId : actor.accountId
  const before = last.get(who)
  const mine = Promise.allSettled([before]).then(work)
  last.set(who, mine)
  try {
    return await mine
  } finally {
    if (last.get(who) === mine) last.delete(who)
  }
}

function missingIn(field: string, detail: string, code: string): Refusal {
  return new Refusal('content', `/${field}: ${detail}`, { code, fields: [{ pointer: `/${field}`, code, detail }] })
}

/** May this person add files to the client's records? The client may, and staff who coach the client today. */
export async function mayAdd(
  deps: Pick<Deps, 'db' | 'vault'>,
  actor: Actor,
  clientId: string,
  now: Date,
): Promise<boolean> {
  if (actor.kind === 'client') return actor.clientId === clientId
  if (!actor.roles.includes('coach')) return false
  const coached = await listCoachedClients(deps, actor, dayInHelsinki(now))
  return coached.some(({ id }) => id === clientId)
}

async function keep(
  deps: FileDeps,
  actor: Actor,
  to: { readonly clientId: string; readonly observationId: string },
  { type, bytes }: CleanFile,
  now: Date,
): Promise<FileRow> {
  const { tenant } = actor
  const { clientId, observationId } = to
  const [id, size] = [deps.newId(), bytes.length]
  const addedBy = actor.kind === 'staff' ? actor.accountId : null
  await asTenant(deps.db, tenant, async (trx) => {
    const sealed = deps.vault.seal(await keyOf(trx, tenant, clientId), purpose, bytes)
    const row = { tenant, id, clientId, observationId, type, size, sealed, addedBy, now }
    const isKept = await insertFile(trx, { ...row, consentText: addedBy === null ? null : consentText }, mostFiles)
    if (!isKept) throw tooManyFiles()
    await recordAudit(trx, { tenant, at: now, kind: 'evidence.added', by: actor, clientId, ref: id })
  })
  return {
    id,
    clientId,
    observationId,
    type,
    size,
    addedAt: now,
    addedBy: actor.kind === 'staff' ? { id: actor.accountId, name: actor.name } : null,
  }
}

async function keyOf(
  trx: Parameters<Parameters<typeof asTenant>[2]>[0],
  tenant: string,
  id: string,
): Promise<WrappedKey> {
  const client = await trx
    .selectFrom('client')
    .select(['tenant_id', 'id', 'data_key', 'kek_version'])
    .where('tenant_id', '=', tenant)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!client) throw new Refusal('not-found', 'There is no such client')
  return clientKey(client)
}

/** The files of a record, for whoever may read the record. Refuses as `getObservation` does. */
export async function listFiles(
  deps: Pick<Deps, 'db' | 'vault'>,
  actor: Actor,
  observationId: string,
  now: Date,
): Promise<readonly FileRow[]> {
  const record = await getObservation(deps, actor, observationId, now)
  return await asTenant(deps.db, actor.tenant, async (trx) => await listFileRows(trx, actor.tenant, record.id))
}

/** One file without its bytes. Refuses `not-found` for one out of the reader's reach (S-11, S-12). */
async function getFile(deps: Pick<Deps, 'db' | 'vault'>, actor: Actor, id: string, now: Date): Promise<FileRow> {
  const { tenant } = actor
  const found = await asTenant(deps.db, tenant, async (trx) => await findFileRow(trx, tenant, id))
  if (!found) throw new Refusal('not-found', missing)
  await requireReach(deps, actor, found.clientId, now, missing)
  return found
}

/** A file with its bytes, opened. That a member of staff looked, and why, is recorded before it leaves (S-53); the client sees it. Refuses `not-found`. */
export async function openFile(
  deps: Pick<Deps, 'db' | 'vault'>,
  actor: Actor,
  id: string,
  now: Date,
): Promise<FileRow & { readonly bytes: Buffer }> {
  const { tenant } = actor
  const file = await getFile(deps, actor, id, now)
  const { clientId } = file
  return await asTenant(deps.db, tenant, async (trx) => {
    const row = await trx
      .selectFrom('evidence_file')
      .select('content_sealed')
      .where('tenant_id', '=', tenant)
      .where('id', '=', file.id)
      .executeTakeFirst()
    if (!row) throw new Refusal('not-found', missing)
    if (actor.kind === 'staff') {
      const { reason } = await groundOfLook(trx, actor, { clientId }, now)
      await recordAudit(trx, { tenant, at: now, kind: 'evidence.read', by: actor, clientId, ref: file.id, reason })
    }
    return { ...file, bytes: deps.vault.open(await keyOf(trx, tenant, clientId), purpose, row.content_sealed) }
  })
}

/** May this person take the file away? The client any of the own, a member of staff what that member added. */
export function mayRemove(actor: Actor, file: FileRow): boolean {
  return actor.kind === 'client' ? file.clientId === actor.clientId : file.addedBy?.id === actor.accountId
}

/** Takes a file away for good. Refuses `not-found`, and `forbidden` for a file that somebody else of the staff added. */
export async function removeFile(
  deps: Pick<Deps, 'db' | 'vault'>,
  actor: Actor,
  id: string,
  now: Date,
): Promise<FileRow> {
  const { tenant } = actor
  const file = await getFile(deps, actor, id, now)
  if (!mayRemove(actor, file))
    throw new Refusal('forbidden', 'Only who added the file and the client may remove it', { code: 'not-own-file' })
  await asTenant(deps.db, tenant, async (trx) => {
    const { numDeletedRows } = await trx
      .deleteFrom('evidence_file')
      .where('tenant_id', '=', tenant)
      .where('id', '=', file.id)
      .executeTakeFirst()
    if (numDeletedRows === 0n) throw new Refusal('not-found', missing)
    const { clientId } = file
    await recordAudit(trx, { tenant, at: now, kind: 'evidence.removed', by: actor, clientId, ref: file.id })
  })
  return file
}
