import type { Text } from '../tables.ts'
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
  const rows = new Map<string, { at: number; level: string; texts: Text[] }>()
  for (const one of source) {
    const at = levels.findIndex(([id, , code]) => id === one.id || code === one.code)
    const level = levels[at]?.[1] ?? `level-${one.id ?? one.code ?? ''}`
    const row = rows.get(level) ?? { at: at < 0 ? levels.length : at, level, texts: [] }
    row.texts.push(...one.texts.filter((text) => Object.keys(text).length > 0))
    rows.set(level, row)
  }
  return [...rows.values()].sort((a, b) => a.at - b.at).map(({ level, texts }) => ({ level, texts }))
}

/** Was this level in no known scale? */
export function isUnknownLevel(level: string): boolean {
  return level.startsWith('level-')
}
