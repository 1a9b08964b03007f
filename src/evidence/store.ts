import { sql } from 'kysely'
import type { Db, Trx } from '../db/database.ts'
import type { Text } from '../qualifications/tables.ts'
import type { EvidenceType } from './clean.ts'

/** A file without its bytes. */
export type FileRow = {
  readonly id: string
  readonly clientId: string
  readonly observationId: string
  readonly type: EvidenceType
  readonly size: number
  readonly addedAt: Date
  readonly addedBy: { readonly id: string; readonly name: string } | null
}

type Listed = Omit<FileRow, 'addedBy'> & { readonly adder: string | null; readonly name: string | null }

/** Files of one record, the oldest first: ids are in the order of time. */
export async function listFileRows(db: Db, tenant: string, observationId: string): Promise<readonly FileRow[]> {
  return await selectFiles(db, tenant, sql`f.observation_id = ${observationId}`)
}

export async function findFileRow(db: Db, tenant: string, id: string): Promise<FileRow | undefined> {
  const [found] = await selectFiles(db, tenant, sql`f.id = ${id}`)
  return found
}

async function selectFiles(db: Db, tenant: string, which: ReturnType<typeof sql>): Promise<readonly FileRow[]> {
  const { rows } = await sql<Listed>`
    select f.id, f.client_id as "clientId", f.observation_id as "observationId", f.media_type as type, f.byte_size as size,
      f.added_at as "addedAt", f.added_by as adder, a.display_name as name
    from evidence_file f left join account a on a.tenant_id = f.tenant_id and a.id = f.added_by
    where f.tenant_id = ${tenant} and ${which} order by f.id`.execute(db)
  return rows.map(({ adder, name, ...row }) => ({
    ...row,
    addedBy: adder === null ? null : { id: adder, name: name ?? '–' },
  }))
}

export type NewFileRow = {
  readonly tenant: string
  readonly id: string
  readonly clientId: string
  readonly observationId: string
  readonly type: EvidenceType
  readonly size: number
  readonly sealed: Buffer
  readonly addedBy: string | null
  readonly consentText: number | null
  readonly now: Date
}

/** Writes a file unless the record has `most` already. Two at once wait for each other: the record is locked. */
export async function insertFile(trx: Trx, row: NewFileRow, most: number): Promise<boolean> {
  await sql`select from observation where tenant_id = ${row.tenant} and id = ${row.observationId} for no key update`.execute(
    trx,
  )
  const { numAffectedRows = 0n } = await sql`
    insert into evidence_file (tenant_id, id, client_id, observation_id, media_type, byte_size, content_sealed, added_by, added_at, consent_text)
    select ${row.tenant}, ${row.id}::uuid, ${row.clientId}::uuid, ${row.observationId}::uuid, ${row.type}, ${row.size}::integer,
      ${row.sealed}::bytea, ${row.addedBy}::uuid, ${row.now}::timestamptz, ${row.consentText}::smallint
    where (select count(*) from evidence_file where tenant_id = ${row.tenant} and client_id = ${row.clientId}
      and observation_id = ${row.observationId}) < ${most}`.execute(trx)
  return numAffectedRows === 1n
}

/** One of the client's own records with how many files it has; what was taken back or corrected stands only while it has some. */
export type OwnRecord = {
  readonly id: string
  readonly taskName: Text
  readonly observedOn: string
  readonly files: number
}

export async function listOwnRecords(
  trx: Trx,
  tenant: string,
  clientId: string,
  { before, limit }: { readonly before: string | undefined; readonly limit: number },
): Promise<readonly OwnRecord[]> {
  const { rows } = await sql<OwnRecord>`
    select o.id, t.name as "taskName", o.observed_on as "observedOn", f.count as files
    from observation o join task t on t.tenant_id = o.tenant_id and t.id = o.task_id,
      lateral (select count(*) from evidence_file f where f.tenant_id = o.tenant_id and f.client_id = o.client_id and f.observation_id = o.id) f
    where o.tenant_id = ${tenant} and o.client_id = ${clientId} and (${before ?? null}::uuid is null or o.id < ${before ?? null}::uuid)
      and (f.count > 0 or (o.undone_at is null and not exists (select from observation n where n.tenant_id = o.tenant_id
        and n.client_id = o.client_id and n.replaces = o.id and n.undone_at is null)))
    order by o.id desc limit ${limit}`.execute(trx)
  return rows
}
