import pg from 'pg'
import { type Selectable, sql } from 'kysely'
import { type AuditKind, recordAudit } from '../audit/record.ts'
import { asTenant } from '../db/connect.ts'
import type { Trx } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import type { StaffActor } from '../http/actor.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import { looksLike } from '../i18n/names.ts'
import { Refusal } from '../refusal.ts'
import type { WorkUnitTable } from './tables.ts'

/** A place of work of the organisation (työyksikkö): a workshop, a kitchen. */
export type WorkUnit = Selectable<WorkUnitTable>

type UnitDeps = Pick<Deps, 'db' | 'now' | 'newId'>

/** The organisation's units, open ones first, by name in Finnish order of letters. */
export async function listWorkUnits(
  { db }: Pick<Deps, 'db'>,
  { tenant }: Pick<StaffActor, 'tenant'>,
): Promise<readonly WorkUnit[]> {
  return await asTenant(db, tenant, async (trx) => await readUnits(trx, tenant))
}

/** One unit of the own organisation. Refuses `not-found` (S-11). */
export async function getWorkUnit({ db }: Pick<Deps, 'db'>, { tenant }: StaffActor, id: string): Promise<WorkUnit> {
  const unit = await asTenant(db, tenant, async (trx) => await findUnit(trx, tenant, id))
  if (!unit) throw missing()
  return unit
}

/** Adds a unit; its id. Refuses `content` for a name that looks like that of another open unit (S-40). */
export async function addWorkUnit(deps: UnitDeps, actor: StaffActor, name: string): Promise<string> {
  const id = deps.newId()
  await act(deps, actor, { kind: 'unit.made', id }, async (trx, now) => {
    await refuseTaken(trx, actor.tenant, name)
    await trx
      .insertInto('work_unit')
      .values({ tenant_id: actor.tenant, id, name, created_at: now, closed_at: null })
      .execute()
    return true
  })
  return id
}

/** Another name for a unit, everywhere. Refuses `not-found` and `content` as `addWorkUnit`. */
export async function renameWorkUnit(deps: UnitDeps, actor: StaffActor, id: string, name: string): Promise<void> {
  await act(deps, actor, { kind: 'unit.renamed', id }, async (trx) => {
    await refuseTaken(trx, actor.tenant, name, id)
    return await change(trx, actor.tenant, id, { name })
  })
}

/**
 * Closes a unit: it can be chosen no more, its coaches leave it, what is kept of it stays. Refuses `not-found`, and `conflict` while clients are
 * in it: who changes relations (a coordinator) moves them first.
 */
export async function closeWorkUnit(deps: UnitDeps, actor: StaffActor, id: string): Promise<void> {
  await act(deps, actor, { kind: 'unit.closed', id }, async (trx, now) => {
    if (!(await change(trx, actor.tenant, id, { closed_at: now }))) return false
    await endMembers(trx, actor, id, now)
    return true
  })
}

/** Opens a closed unit. Refuses `not-found`, and `content` when another has taken its name meanwhile. */
export async function openWorkUnit(deps: UnitDeps, actor: StaffActor, id: string): Promise<void> {
  await act(deps, actor, { kind: 'unit.opened', id }, async (trx) => {
    const unit = await findUnit(trx, actor.tenant, id)
    if (unit) await refuseTaken(trx, actor.tenant, unit.name, id)
    return await change(trx, actor.tenant, id, { closed_at: null })
  })
}

/** Does it with its line in the audit (S-53). */
async function act(
  deps: UnitDeps,
  actor: StaffActor,
  { kind, id }: { readonly kind: AuditKind; readonly id: string },
  work: (trx: Trx, now: Date) => Promise<boolean>,
): Promise<void> {
  const { tenant } = actor
  const at = deps.now()
  try {
    await asTenant(deps.db, tenant, async (trx) => {
      if (!(await work(trx, at))) throw missing()
      await recordAudit(trx, { tenant, at, kind, by: actor, ref: id })
    })
  } catch (error) {
    // Two at once: the database holds one open unit for each name.
    if (error instanceof pg.DatabaseError && error.constraint === 'work_unit_name') throw nameTaken()
    throw error
  }
}

async function readUnits(trx: Trx, tenant: string): Promise<readonly WorkUnit[]> {
  const rows = await trx.selectFrom('work_unit').selectAll().where('tenant_id', '=', tenant).execute()
  const order = new Intl.Collator('fi')
  return rows.toSorted(
    (a, b) => Number(a.closed_at !== null) - Number(b.closed_at !== null) || order.compare(a.name, b.name),
  )
}

async function findUnit(trx: Trx, tenant: string, id: string): Promise<WorkUnit | undefined> {
  return await trx
    .selectFrom('work_unit')
    .selectAll()
    .where('tenant_id', '=', tenant)
    .where('id', '=', id)
    .executeTakeFirst()
}

async function change(
  trx: Trx,
  tenant: string,
  id: string,
  wanted: Partial<Pick<WorkUnit, 'name' | 'closed_at'>>,
): Promise<boolean> {
  const changed = await trx
    .updateTable('work_unit')
    .set(wanted)
    .where('tenant_id', '=', tenant)
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst()
  return changed !== undefined
}

/** The unit's row is held: nobody comes meanwhile. Rows of people who left the foundation end with the unit. */
async function endMembers(trx: Trx, { tenant, accountId }: StaffActor, unit: string, now: Date): Promise<void> {
  const { rows } = await sql`select from client_unit u join client c on c.tenant_id = u.tenant_id and c.id = u.client_id
    where u.tenant_id = ${tenant} and u.unit_id = ${unit} and u.until_day is null and c.ended_at is null and c.moved_at is null
    limit 1`.execute(trx)
  if (rows.length > 0) throw new Refusal('conflict', 'There are clients in the unit', { code: 'unit-in-use' })
  const today = dayInHelsinki(now)
  for (const table of ['client_unit', 'account_unit'] as const)
    await sql`update ${sql.table(table)} set until_day = ${today}::date - 1, ended_at = ${now}, ended_by = ${accountId}
      where tenant_id = ${tenant} and unit_id = ${unit} and (until_day is null or until_day >= ${today}::date)`.execute(
      trx,
    )
}

async function refuseTaken(trx: Trx, tenant: string, name: string, own?: string): Promise<void> {
  const units = await readUnits(trx, tenant)
  if (units.some((unit) => unit.id !== own && unit.closed_at === null && looksLike(unit.name, name))) throw nameTaken()
}

function nameTaken(): Refusal {
  const detail = 'another unit has a name that looks the same'
  return new Refusal('content', `/name: ${detail}`, {
    code: 'unit-name-taken',
    fields: [{ pointer: '/name', code: 'unit-name-taken', detail }],
  })
}

function missing(): Refusal {
  return new Refusal('not-found', 'There is no such unit')
}
