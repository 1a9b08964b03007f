import { sql } from 'kysely'
import type { Trx } from '../db/database.ts'
import type { Vault, WrappedKey } from '../keys/vault.ts'

/** What goes along with a client: each table with its key and its columns that are sealed under the client's key, by their purposes. */
const moving = {
  observation: {
    key: 'id',
    sealed: {
      note_sealed: 'observation.note',
      late_reason_sealed: 'observation.late-reason',
      replace_reason_sealed: 'observation.replace-reason',
    },
  },
  // Its content is sealed anew by itself: see resealFiles.
  evidence_file: { key: 'id', sealed: {} },
  self_assessment: { key: 'id', sealed: { words_sealed: 'self-assessment.words' } },
  application: { key: 'id', sealed: { reason_sealed: 'application.reason' } },
  award: { key: 'id', sealed: {} },
  revocation: { key: 'award_id', sealed: { note_sealed: 'revocation.note' } },
  rights_request: { key: 'id', sealed: { words_sealed: 'rights.words', answer_sealed: 'rights.answer' } },
  client_coach: { key: 'id', sealed: {} },
  session: { key: 'id', sealed: {} },
  sign_in_card: { key: 'id', sealed: {} },
  sign_in_code: { key: 'digest', sealed: {} },
} as const satisfies Readonly<
  Record<string, { readonly key: string; readonly sealed: Readonly<Record<string, string>> }>
>
type Moving = keyof typeof moving
const tables = Object.keys(moving).filter((name): name is Moving => Object.hasOwn(moving, name))

/** One row as the database's function takes it. `c`: the cycle that an award gets. */
export type MovingRow = {
  readonly t: Moving
  readonly k: string
  readonly s: Readonly<Record<string, string>>
  readonly c: number | null
}

type From = { readonly client: string; readonly from: WrappedKey; readonly to: WrappedKey }

/** Every row of a client, its words sealed anew under the other key. `cycles` says which cycle an award gets. */
export async function rowsOfClient(
  trx: Trx,
  vault: Vault,
  tenant: string,
  move: From,
  cycles: ReadonlyMap<string, number>,
): Promise<readonly MovingRow[]> {
  const found: MovingRow[] = []
  for (const table of tables) {
    found.push(...(await readRows(trx, vault, tenant, table, move, cycles)))
  }
  return found
}

/** The named rows of a client, as `rowsOfClient`. */
export async function chosenRows(
  trx: Trx,
  vault: Vault,
  tenant: string,
  move: From,
  chosen: ReadonlyMap<string, ReadonlySet<string>>,
  cycles: ReadonlyMap<string, number>,
): Promise<readonly MovingRow[]> {
  const all = await rowsOfClient(trx, vault, tenant, move, cycles)
  return all.filter(({ t, k }) => chosen.get(t)?.has(k) === true)
}

async function readRows(
  trx: Trx,
  vault: Vault,
  tenant: string,
  table: Moving,
  { client, from, to }: From,
  cycles: ReadonlyMap<string, number>,
): Promise<readonly MovingRow[]> {
  const { key, sealed } = moving[table]
  const purposes: Readonly<Record<string, string>> = sealed
  const columns = [key, ...Object.keys(purposes)].map((column) => sql.ref(column))
  const { rows } = await sql<Readonly<Record<string, unknown>>>`select ${sql.join(columns)} from ${sql.table(table)}
    where tenant_id = ${tenant} and client_id = ${client}`.execute(trx)
  return rows.map((row) => {
    const id = row[key]
    const k = Buffer.isBuffer(id) ? id.toString('hex') : String(id)
    const s = Object.entries(purposes).flatMap(([column, purpose]) => {
      const value = row[column]
      if (!Buffer.isBuffer(value)) return []
      const anew = vault.seal(to, purpose, vault.open(from, purpose, value))
      return [[column, anew.toString('hex')] as const]
    })
    return { t: table, k, s: Object.fromEntries(s), c: cycles.get(k) ?? null }
  })
}

/** Seals the content of the files among the rows anew, one after the other: they belong to the other client by now, in this transaction. */
export async function resealFiles(
  trx: Trx,
  vault: Vault,
  tenant: string,
  { from, to }: From,
  rows: readonly MovingRow[],
): Promise<void> {
  const purpose = 'evidence.file'
  for (const { k: id } of rows.filter(({ t }) => t === 'evidence_file')) {
    const { content_sealed: sealed } = await trx
      .selectFrom('evidence_file')
      .select('content_sealed')
      .where('tenant_id', '=', tenant)
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    await sql`select app.reseal_file(${id}, ${vault.seal(to, purpose, vault.open(from, purpose, sealed))})`.execute(trx)
  }
}
