import { contentRefusal, faultOf } from '../content-fault.ts'
import { readJsonFile } from '../json-file.ts'
import { isUnknownLevel } from './levels.ts'
import type { Coded, ParsedCriteria, ParsedUnit, ReportLine } from './parsed.ts'
import { Source, type SourceText } from './source.ts'
import { readUnits } from './units.ts'

/** Real files are 2–4 MB and more than 20 levels deep (FORMAT, Size). */
export const criteriaBounds = { maxBytes: 8 * 1024 * 1024, maxDepth: 64 } as const

/**
 * Reads one ePerusteet file (`/api/external/peruste/{id}`): the 2019 shape and the coded 2018 shape. Pure.
 * Refuses with `too-large`, `unreadable` (not JSON: line and column) or `content` (a pointer into the file and what is wrong there); a
 * file that is fine but holds nothing to import is no error and says so in `report`.
 */
export function parseCriteria(bytes: Uint8Array): ParsedCriteria {
  const json = readJsonFile(bytes, criteriaBounds)
  refuseForeign(json)
  const read = Source.safeParse(json)
  if (!read.success) throw contentRefusal(faultOf(read.error))
  const source = read.data
  const { units, shared } = readUnits(source)
  const { aikaleima } = source.globalVersion
  return {
    perusteId: source.id,
    diaryNumber: source.diaarinumero,
    names: source.nimi.texts,
    globalVersion: aikaleima,
    state: states[source.tila],
    validFrom: source.voimassaoloAlkaa ?? null,
    validUntil: source.voimassaoloLoppuu ?? null,
    transitionUntil: source.siirtymaPaattyy ?? null,
    languages: [...new Set(source.kielet)].toSorted(),
    qualificationCodes: (source.koulutukset ?? []).flatMap((one) => coded(one.koulutuskoodiUri, one.nimi)),
    competenceAreas: (source.osaamisalat ?? []).flatMap((one) => coded(one.uri, one.nimi)),
    titles: (source.tutkintonimikkeet ?? []).flatMap((one) => coded(one.tutkintonimikeUri, one.nimi)),
    scopeUnit: scopeUnitOf(source),
    units,
    report: report(source.tila, units, shared),
  }
}

const states = { valmis: 'ready', luonnos: 'draft', poistettu: 'removed' } as const

/** Says plainly when a file is JSON of something else altogether, before its first missing field is named. */
function refuseForeign(json: unknown): void {
  const isObject = typeof json === 'object' && json !== null && !Array.isArray(json)
  const known = ['id', 'nimi', 'diaarinumero', 'tila'].filter((name) => isObject && Object.hasOwn(json, name))
  if (known.length > 1) return
  const detail = 'this is not a qualification from ePerusteet: id, nimi, diaarinumero and tila are expected at the top'
  throw contentRefusal({ pointer: '', code: 'foreign-file', detail }, 'foreign-file')
}

function coded(code: string | null | undefined, name: SourceText | null | undefined): readonly Coded[] {
  return code ? [{ code, name: name?.texts ?? {} }] : []
}

const scopeUnits = { osaamispiste: 'osp', opintoviikko: 'ov', opintopiste: 'op', kurssi: 'kurssi' } as const

function scopeUnitOf(source: Source): ParsedCriteria['scopeUnit'] {
  const unit = (source.suoritustavat ?? []).map((way) => way.laajuusYksikko).find((one) => one)
  return unit ? scopeUnits[unit] : null
}

function report(state: Source['tila'], units: readonly ParsedUnit[], shared: readonly string[]): readonly ReportLine[] {
  const lines: ReportLine[] = []
  const html = units.filter((unit) => unit.shape === 'html').length
  if (html > 0) {
    lines.push({
      code: 'html-shape',
      detail: `Not imported yet: ${html} units have their requirements as an HTML list`,
    })
  }
  if (units.every((unit) => unit.requirements.length === 0)) {
    lines.push({ code: 'nothing-to-import', detail: 'Nothing to import: no unit has requirements of a known shape' })
  }
  for (const name of shared) {
    lines.push({
      code: 'shared-identity',
      detail: `Two requirements of a unit share ${name}: told apart by their codes`,
    })
  }
  const criteria = units.flatMap((unit) => unit.requirements.flatMap((one) => one.criteria))
  const unknown = new Set(criteria.map((one) => one.level).filter(isUnknownLevel))
  if (unknown.size > 0) {
    lines.push({ code: 'unknown-level', detail: `Grades of no known scale: ${[...unknown].join(', ')}` })
  }
  if (state !== 'valmis') {
    lines.push({ code: 'not-in-force-state', detail: `The criteria are not ready in ePerusteet (tila: ${state})` })
  }
  return lines
}
