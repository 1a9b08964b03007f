import type { LevelCriteria } from './parsed.ts'
import type { SourceLevel } from './source.ts'

/** Grade levels by the id that the file gives (FORMAT, Grade scales), in the order of each scale. Many files hold the id only. */
const levels: readonly (readonly [id: string, level: string, code: string])[] = [
  ['1', 'pass', 'arviointiasteikkoammatillinenhyvaksyttyhylatty_hyvaksytty'],
  ['2', 'T1', 'arviointiasteikkoammatillinent1k3_1'],
  ['3', 'H2', 'arviointiasteikkoammatillinent1k3_2'],
  ['4', 'K3', 'arviointiasteikkoammatillinent1k3_3'],
  ['5', 'T1', 'arviointiasteikkoammatillinen15_1'],
  ['6', 'T2', 'arviointiasteikkoammatillinen15_2'],
  ['7', 'H3', 'arviointiasteikkoammatillinen15_3'],
  ['8', 'H4', 'arviointiasteikkoammatillinen15_4'],
  ['9', 'K5', 'arviointiasteikkoammatillinen15_5'],
]

/** Criteria by level, lowest first: the files have them in random order. A level that no scale knows comes last under its id. */
export function readLevels(source: readonly SourceLevel[]): readonly LevelCriteria[] {
  const found = source.map((one) => ({ ...place(one), texts: (one.kriteerit ?? []).map((text) => text.texts) }))
  const rows = new Map<string, { at: number; level: string; texts: LevelCriteria['texts'][number][] }>()
  for (const one of found) {
    const row = rows.get(one.level) ?? { at: one.at, level: one.level, texts: [] }
    row.texts.push(...one.texts.filter((text) => Object.keys(text).length > 0))
    rows.set(one.level, row)
  }
  return [...rows.values()].sort((a, b) => a.at - b.at).map(({ level, texts }) => ({ level, texts }))
}

/** Was this level in no known scale? */
export function isUnknownLevel(level: string): boolean {
  return level.startsWith('level-')
}

function place(source: SourceLevel): { at: number; level: string } {
  const id = source._osaamistaso ?? source.osaamistaso?.id ?? ''
  const uri = source.osaamistaso?.koodi?.uri?.toLowerCase()
  const at = levels.findIndex(([levelId, , code]) => levelId === id || code === uri)
  return { at: at < 0 ? levels.length : at, level: levels[at]?.[1] ?? `level-${id}` }
}
