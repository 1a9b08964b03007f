import { type Expression, sql, type SqlBool } from 'kysely'
import type { Db, Trx } from '../db/database.ts'
import type { ParsedCriteria, ParsedRequirement, ParsedUnit } from './eperusteet/parsed.ts'
import type { Qualification, QualificationSummary, Requirement, Unit, UnitSummary } from './schema.ts'

/** The row of one version of the criteria; undefined when that version is there already. */
export async function insertQualification(
  trx: Trx,
  id: string,
  criteria: ParsedCriteria,
  importedAt: Date,
): Promise<string | undefined> {
  const row = await trx
    .insertInto('qualification')
    .values({
      id,
      peruste_id: criteria.perusteId,
      global_version: criteria.globalVersion,
      diary_number: criteria.diaryNumber,
      name: JSON.stringify(criteria.names),
      state: criteria.state,
      valid_from: criteria.validFrom,
      valid_until: criteria.validUntil,
      transition_until: criteria.transitionUntil,
      languages: [...criteria.languages],
      qualification_codes: JSON.stringify(criteria.qualificationCodes),
      competence_areas: JSON.stringify(criteria.competenceAreas),
      titles: JSON.stringify(criteria.titles),
      scope_unit: criteria.scopeUnit,
      imported_at: importedAt,
    })
    .onConflict((conflict) => conflict.columns(['peruste_id', 'global_version']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return row?.id
}

export async function findQualificationId(
  db: Db,
  perusteId: number,
  globalVersion: number,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('qualification')
    .select('id')
    .where('peruste_id', '=', perusteId)
    .where('global_version', '=', globalVersion)
    .executeTakeFirst()
  return row?.id
}

/** A unit with the id of its row, and each of its requirements with its own. */
export type UnitRow = { readonly id: string; readonly unit: ParsedUnit }
export type RequirementRow = { readonly id: string; readonly unitRow: string; readonly requirement: ParsedRequirement }

export async function insertUnits(trx: Trx, qualificationId: string, rows: readonly UnitRow[]): Promise<void> {
  if (rows.length === 0) return
  await trx
    .insertInto('unit')
    .values(
      rows.map(({ id, unit }) => ({
        id,
        qualification_id: qualificationId,
        unit_id: unit.unitId,
        code: unit.code,
        name: JSON.stringify(unit.name),
        kind: unit.kind,
        scope: unit.scope,
        scope_max: unit.scopeMax,
        position: unit.order,
        shape: unit.shape,
      })),
    )
    .execute()
}

export async function insertRequirements(trx: Trx, rows: readonly RequirementRow[]): Promise<void> {
  if (rows.length === 0) return
  await trx
    .insertInto('requirement')
    .values(
      rows.map(({ id, unitRow, requirement }) => ({
        id,
        unit_id: unitRow,
        key: requirement.key,
        position: requirement.position,
        area: requirement.area === null ? null : JSON.stringify(requirement.area),
        text: JSON.stringify(requirement.text),
        code: requirement.code,
        untrusted_code: requirement.untrustedCode,
        criteria: JSON.stringify(requirement.criteria),
      })),
    )
    .execute()
}

type SummaryRow = Omit<QualificationSummary, 'versionAt' | 'importedAt' | 'source'> & {
  readonly globalVersion: number
  readonly importedAt: Date
}

/** Newest import first. One more than the limit is read, so that the caller sees whether there is a next page. */
export async function listQualifications(
  db: Db,
  page: { readonly limit: number; readonly after: string | undefined },
): Promise<readonly SummaryRow[]> {
  return await summaries(db, page.after === undefined ? undefined : sql`q.id < ${page.after}`, page.limit + 1)
}

export async function findQualification(
  db: Db,
  id: string,
): Promise<
  (SummaryRow & Pick<Qualification, 'scopeUnit' | 'qualificationCodes' | 'competenceAreas' | 'titles'>) | undefined
> {
  const [[summary], row] = await Promise.all([
    summaries(db, sql`q.id = ${id}`, 1),
    sql<Pick<Qualification, 'scopeUnit' | 'qualificationCodes' | 'competenceAreas' | 'titles'>>`
      select scope_unit as "scopeUnit", qualification_codes as "qualificationCodes",
        competence_areas as "competenceAreas", titles
      from qualification where id = ${id}`.execute(db),
  ])
  const more = row.rows[0]
  return summary && more ? { ...summary, ...more } : undefined
}

async function summaries(
  db: Db,
  where: Expression<unknown> | undefined,
  limit: number,
): Promise<readonly SummaryRow[]> {
  const result = await sql<SummaryRow>`
    select q.id, q.peruste_id as "perusteId", q.diary_number as "diaryNumber", q.name, q.state,
      q.global_version as "globalVersion", q.valid_from as "validFrom", q.valid_until as "validUntil",
      q.transition_until as "transitionUntil", q.languages, q.imported_at as "importedAt",
      (select count(*) from unit u where u.qualification_id = q.id) as units,
      (select count(*) from requirement r join unit u on u.id = r.unit_id where u.qualification_id = q.id) as requirements
    from qualification q
    ${where ? sql`where ${where}` : sql``}
    order by q.id desc limit ${limit}`.execute(db)
  return result.rows
}

type UnitRowRead = Omit<UnitSummary, 'scope' | 'scopeMax'> & {
  readonly scope: string | null
  readonly scopeMax: string | null
}

/** Units in the order of the criteria, those after one of them. One more than the limit is read. */
export async function listUnits(
  db: Db,
  qualificationId: string,
  page: { readonly limit: number; readonly after: string | undefined },
): Promise<readonly UnitSummary[]> {
  const after =
    page.after === undefined
      ? sql``
      : sql`and (u.position, u.unit_id) > (select last.position, last.unit_id from unit last where last.id = ${page.after})`
  return await units(db, sql<SqlBool>`u.qualification_id = ${qualificationId} ${after}`, page.limit + 1)
}

export async function findUnit(db: Db, qualificationId: string, id: string): Promise<Unit | undefined> {
  const [unit] = await units(db, sql`u.qualification_id = ${qualificationId} and u.id = ${id}`, 1)
  return unit && { ...unit, qualificationId, requirements: [...(await listRequirements(db, id))] }
}

async function units(db: Db, where: Expression<SqlBool>, limit: number): Promise<readonly UnitSummary[]> {
  const result = await sql<UnitRowRead>`
    select u.id, u.unit_id as "unitId", u.code, u.name, u.kind, u.scope, u.scope_max as "scopeMax", u.shape,
      (select count(*) from requirement r where r.unit_id = u.id) as requirements
    from unit u where ${where} order by u.position, u.unit_id limit ${limit}`.execute(db)
  // Scopes are short decimals (7.5): exact as a number.
  return result.rows.map((row) => ({
    ...row,
    scope: row.scope === null ? null : Number(row.scope),
    scopeMax: row.scopeMax === null ? null : Number(row.scopeMax),
  }))
}

async function listRequirements(db: Db, unitRow: string): Promise<readonly Requirement[]> {
  const result = await sql<Requirement>`
    select id, key, position, area, text, code, criteria from requirement
    where unit_id = ${unitRow} order by position`.execute(db)
  return result.rows
}
