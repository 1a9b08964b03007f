import type { Text } from '../tables.ts'
import { readLevels } from './levels.ts'
import type { ParsedRequirement, Shape } from './parsed.ts'
import type { SourceRequirement, SourceTarget, SourceText, SourceUnit } from './source.ts'

/** A requirement before its identity is made: what the file says of it. */
type Found = Omit<ParsedRequirement, 'key' | 'position'> & { readonly tunniste: string | null }
export type UnitRequirements = {
  readonly shape: Shape
  readonly requirements: readonly ParsedRequirement[]
  /** Identities that more than one requirement of this unit carries. */
  readonly shared: readonly string[]
}

/**
 * The requirements of one unit, by the first of the three shapes that it has (FORMAT, Three requirement shapes). `isReform`: the unit
 * belongs to the way of completion `reformi`.
 */
export function readRequirements(unit: SourceUnit, isReform: boolean): UnitRequirements {
  const of2019 = read2019(unit)
  // The object may be there and empty: then the next shape is tried.
  if (of2019.length > 0) return { shape: '2019', ...identify(of2019) }
  const targets = unit.arviointi?.arvioinninKohdealueet ?? []
  if (targets.length > 0 && (isReform || targets.some((target) => target.koodi?.uri))) {
    return { shape: '2018', ...identify(targets.flatMap(read2018)) }
  }
  return { shape: isHtmlList(unit) ? 'html' : 'none', requirements: [], shared: [] }
}

function read2019(unit: SourceUnit): readonly Found[] {
  const source = unit.ammattitaitovaatimukset2019
  const without = (source?.vaatimukset ?? []).flatMap((one) => requirementOf2019(one, null))
  const areas = (source?.kohdealueet ?? []).flatMap((area) =>
    (area.vaatimukset ?? []).flatMap((one) => requirementOf2019(one, filled(area.kuvaus))),
  )
  return [...without, ...areas]
}

function requirementOf2019(source: SourceRequirement, area: Text | null): readonly Found[] {
  // Always the requirement's own words, never the name of its code.
  const text = filled(source.vaatimus)
  if (!text) return []
  const code = source.koodi?.uri ?? null
  return [{ area, text, code, untrustedCode: null, criteria: [], tunniste: source.vaatimus?.tunniste ?? null }]
}

function read2018(source: SourceTarget): readonly Found[] {
  const text = filled(source.otsikko)
  if (!text) return []
  const criteria = readLevels((source.arvioinninKohteet ?? []).flatMap((one) => one.osaamistasonKriteerit ?? []))
  const untrustedCode = source.koodi?.uri ?? null
  return [{ area: null, text, code: null, untrustedCode, criteria, tunniste: source.otsikko?.tunniste ?? null }]
}

function filled(text: SourceText | null | undefined): Text | null {
  return text && Object.keys(text.texts).length > 0 ? text.texts : null
}

/**
 * Key = `_tunniste`, else the code (FORMAT, Identity). One `_tunniste` can stand on two requirements of a unit, and so can a code: all of
 * these get the code, or else their number, added, so that their order in the file does not decide which is which.
 */
function identify(found: readonly Found[]): Pick<UnitRequirements, 'requirements' | 'shared'> {
  const codeOf = (one: Found): string | null => one.code ?? one.untrustedCode
  const plain = (one: Found): string => one.tunniste ?? codeOf(one) ?? unnamed
  const carriers = countBy(found.map(plain))
  const coded = (one: Found): string =>
    (carriers.get(plain(one)) ?? 0) > 1 && one.tunniste !== null && codeOf(one) !== null
      ? `${one.tunniste}#${codeOf(one)}`
      : plain(one)
  const namesakes = countBy(found.map(coded))
  const seen = new Map<string, number>()
  const requirements = found.map((source, index): ParsedRequirement => {
    const { tunniste: _, ...one } = source
    const name = coded(source)
    const number = (seen.get(name) ?? 0) + 1
    seen.set(name, number)
    const isAlone = name !== unnamed && namesakes.get(name) === 1
    return { key: isAlone ? name : `${name}#${number}`, position: index + 1, ...one }
  })
  return { requirements, shared: [...carriers].filter(([, count]) => count > 1).map(([name]) => name) }
}

function countBy(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}

/** Stands in for the identity of a requirement that has neither. */
const unnamed = 'position'

function isHtmlList(unit: SourceUnit): boolean {
  if ((unit.ammattitaitovaatimuksetLista ?? []).length > 0) return true
  const html = unit.ammattitaitovaatimukset ?? {}
  return Object.values(html).some((text) => typeof text === 'string' && /<li[\s>]/i.test(text))
}
