import type { Deps } from '../deps.ts'
import type { ParsedCriteria } from './eperusteet/parsed.ts'
import type { Imported } from './schema.ts'
import {
  findQualificationId,
  insertQualification,
  insertRequirements,
  insertUnits,
  type RequirementRow,
  type UnitRow,
} from './store.ts'

/** Rows that one statement writes: far below PostgreSQL's 65 535 values, and often enough for a moving bar. */
const chunk = 200

export type Progress = (done: number, total: number) => void

/**
 * Stores one version of the criteria: all of it or nothing. The same version again changes nothing and says `already-there`; an edited one
 * becomes a version beside the old, which badges go on pointing to. Where no requirement could be read nothing is stored, so that a
 * later version of the service that reads the file's shape finds no half import.
 */
export async function importCriteria(
  deps: Pick<Deps, 'db' | 'newId'>,
  criteria: ParsedCriteria,
  options: { readonly now: Date; readonly onProgress?: Progress },
): Promise<Imported> {
  const answer = (outcome: Imported['outcome'], qualificationId: string | null): Imported => ({
    outcome,
    qualificationId,
    ...countsOf(criteria),
  })
  const rows = rowsOf(criteria, deps.newId)
  if (rows.requirements.length === 0) return answer('nothing-to-import', null)
  const id = deps.newId()
  const total = rows.units.length + rows.requirements.length
  const report = options.onProgress ?? ((): void => undefined)
  return await deps.db.transaction().execute(async (trx) => {
    report(0, total)
    const inserted = await insertQualification(trx, id, criteria, options.now)
    if (inserted === undefined) {
      const there = await findQualificationId(trx, criteria.perusteId, criteria.globalVersion)
      return answer('already-there', there ?? null)
    }
    let done = 0
    for (const part of chunks(rows.units)) {
      await insertUnits(trx, id, part)
      report((done += part.length), total)
    }
    for (const part of chunks(rows.requirements)) {
      await insertRequirements(trx, part)
      report((done += part.length), total)
    }
    return answer('imported', id)
  })
}

function rowsOf(
  criteria: ParsedCriteria,
  newId: () => string,
): { readonly units: readonly UnitRow[]; readonly requirements: readonly RequirementRow[] } {
  const units = criteria.units.map((unit) => ({ id: newId(), unit }))
  const requirements = units.flatMap(({ id: unitRow, unit }) =>
    unit.requirements.map((requirement) => ({ id: newId(), unitRow, requirement })),
  )
  return { units, requirements }
}

function countsOf(criteria: ParsedCriteria): Omit<Imported, 'outcome' | 'qualificationId'> {
  const { units, perusteId, diaryNumber, names, report } = criteria
  return {
    perusteId,
    diaryNumber,
    name: { ...names },
    units: units.length,
    unitsWithRequirements: units.filter((unit) => unit.requirements.length > 0).length,
    requirements: units.reduce((sum, unit) => sum + unit.requirements.length, 0),
    report: [...report],
  }
}

function* chunks<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < rows.length; at += chunk) yield rows.slice(at, at + chunk)
}
