import type { Db } from '../db/database.ts'
import type { Text } from './tables.ts'

export type UnitWanted = { readonly perusteId: number; readonly globalVersion: number; readonly unitId: string }

/** A unit with what a module needs of it: names for the alignment, and its requirements by key. */
export type FoundUnit = {
  readonly id: string
  readonly qualificationId: string
  readonly code: string | null
  readonly name: Text
  readonly qualificationName: Text
  readonly diaryNumber: string | null
  readonly requirementIds: ReadonlyMap<string, string>
}

/**
 * The unit in exactly the wanted version of the criteria, else in the newest version that is here: keys hold over versions. Undefined
 * when no version of these criteria is here, or none has the unit.
 */
export async function findUnitForModule(db: Db, wanted: UnitWanted): Promise<FoundUnit | undefined> {
  const versions = await db
    .selectFrom('qualification as q')
    .innerJoin('unit as u', 'u.qualification_id', 'q.id')
    .select(['u.id', 'u.code', 'u.name', 'q.id as qualificationId', 'q.name as qualificationName'])
    .select(['q.diary_number as diaryNumber', 'q.global_version as globalVersion'])
    .where('q.peruste_id', '=', wanted.perusteId)
    .where('u.unit_id', '=', wanted.unitId)
    .orderBy('q.global_version', 'desc')
    .execute()
  const chosen = versions.find((one) => one.globalVersion === wanted.globalVersion) ?? versions[0]
  if (!chosen) return undefined
  const requirements = await db
    .selectFrom('requirement')
    .select(['id', 'key'])
    .where('unit_id', '=', chosen.id)
    .execute()
  const { globalVersion: _, ...unit } = chosen
  return { ...unit, requirementIds: new Map(requirements.map(({ id, key }) => [key, id])) }
}
