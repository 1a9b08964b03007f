import { contentRefusal, type ContentFault } from '../content-fault.ts'
import type { ParsedUnit } from './parsed.ts'
import { readRequirements } from './requirements.ts'
import type { Source, SourceUnit, SourceWay } from './source.ts'

type Reference = {
  readonly way: string
  readonly scope: number | null
  readonly scopeMax: number | null
  readonly order: number | null
}

/** The units with their requirements, and the identities inside each unit that were not unique. */
export function readUnits(source: Source): { units: readonly ParsedUnit[]; shared: readonly string[] } {
  const units = source.tutkinnonOsat ?? []
  refuseRepeated(units)
  const references = readReferences(source.suoritustavat ?? [], new Set(units.map((unit) => unit.id)))
  const shared: string[] = []
  const parsed = units.map((unit, index): ParsedUnit => {
    const own = references.get(unit.id) ?? []
    const isReform = own.some((reference) => reference.way === 'reformi')
    const read = readRequirements(unit, isReform)
    shared.push(...read.shared)
    return { ...describe(unit, own, index), shape: read.shape, requirements: read.requirements }
  })
  return { units: parsed.toSorted((a, b) => a.order - b.order), shared }
}

function describe(
  unit: SourceUnit,
  references: readonly Reference[],
  index: number,
): Omit<ParsedUnit, 'shape' | 'requirements'> {
  // The scope stands on the reference; each way of completion has its own, and `naytto` often none.
  const scoped = references.find((reference) => reference.scope !== null)
  return {
    unitId: unit.id,
    code: unit.koodiUri ?? unit.koodi?.uri ?? null,
    name: unit.nimi.texts,
    kind: unit.tyyppi === 'tutke2' || unit.tyyppi === 'reformi_tutke2' ? 'common' : 'vocational',
    scope: scoped?.scope ?? unit.laajuus ?? null,
    scopeMax: scoped?.scopeMax ?? unit.laajuusMaksimi ?? null,
    order: references.find((reference) => reference.order !== null)?.order ?? 100_000 + index,
  }
}

/** Newest way of completion first: its scope is the one that counts. */
const ways = ['reformi', 'ops', 'naytto']

function readReferences(source: readonly SourceWay[], known: ReadonlySet<string>): Map<string, Reference[]> {
  const references = new Map<string, Reference[]>()
  const ranked = source
    .map((way, at) => ({ way, at, rank: ways.indexOf(way.suoritustapakoodi ?? '') }))
    .toSorted((a, b) => (a.rank < 0 ? ways.length : a.rank) - (b.rank < 0 ? ways.length : b.rank))
  for (const { way, at } of ranked) {
    for (const [index, { unitId, ...rest }] of (way.tutkinnonOsaViitteet ?? []).entries()) {
      const pointer = `/suoritustavat/${at}/tutkinnonOsaViitteet/${index}/_tutkinnonOsa`
      if (!known.has(unitId)) throw contentRefusal(fault(pointer, `there is no unit ${unitId}`))
      const reference = { way: way.suoritustapakoodi ?? '', ...rest }
      references.set(unitId, [...(references.get(unitId) ?? []), reference])
    }
  }
  return references
}

function refuseRepeated(units: readonly SourceUnit[]): void {
  const seen = new Set<string>()
  for (const [index, unit] of units.entries()) {
    if (seen.has(unit.id))
      throw contentRefusal(fault(`/tutkinnonOsat/${index}/id`, `the unit ${unit.id} is there twice`))
    seen.add(unit.id)
  }
}

function fault(pointer: string, detail: string): ContentFault {
  return { pointer, code: 'inconsistent', detail }
}
