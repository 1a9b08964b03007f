import {
  type Language,
  type Messages,
  formatDay,
  formatInstant,
  languageNames,
  messages,
  pickText,
} from '../i18n/index.ts'
import { choiceWords } from '../progress/choice-words.ts'
import type { OwnCopy, OwnRow } from './export.ts'
import { createPdf } from './pdf-writer.ts'

type Line = { readonly label: string; readonly value: string }

/**
 * The copy for people (S-51): a tagged PDF in the reader's language, with headings that a screen reader finds. Ids and signed texts are left
 * to the JSON file, and the document says so. What belongs together stands on one page.
 */
export async function ownCopyPdf(copy: OwnCopy, lang: Language): Promise<Buffer> {
  const t = messages(lang)
  const words = t.ownData
  const title = words.pdfTitle({ name: copy.organisation.name })
  const madeAt = new Date(copy.madeAt)
  const pdf = createPdf({ title, lang, madeAt })
  pdf.write('H1', title)
  pdf.write('P', words.pdfMade({ day: formatInstant(madeAt, lang) }))
  pdf.write('P', words.pdfWhole)
  for (const [name, heading] of Object.entries(words.sections)) {
    const rows = (copy.sections[name] ?? []).map((row) => paragraphsOf(row, t, lang)).filter((row) => row.length > 0)
    const [first = [['P', words.pdfNothing] as const], ...others] = rows
    pdf.gap(1)
    pdf.keepTogether([['H2', heading], ...first])
    pdf.write('H2', heading)
    for (const [place, row] of [first, ...others].entries()) {
      if (place > 0) pdf.keepTogether(row)
      for (const [tag, text] of row) pdf.write(tag, text)
      pdf.gap(0.5)
    }
  }
  return await pdf.end()
}

function paragraphsOf(row: OwnRow, t: Messages, lang: Language): readonly (readonly ['P', string])[] {
  return linesOf(row, t, lang).map(({ label, value }) => ['P', `${label}: ${value}`])
}

/** What has a label is told, in words; what has none is for programs. */
function linesOf(row: OwnRow, t: Messages, lang: Language): readonly Line[] {
  const labels: Readonly<Record<string, string>> = t.ownData.fields
  return Object.entries(row).flatMap(([name, value]) => {
    const label = labels[name]
    if (label === undefined || (value === null && name !== 'choice')) return []
    return [{ label, value: inWords(name, value, t, lang) }]
  })
}

function inWords(name: string, value: unknown, t: Messages, lang: Language): string {
  if (name === 'choice') return choiceWords(typeof value === 'number' ? value : null, t)
  if (value instanceof Date) return formatInstant(value, lang)
  if (typeof value === 'boolean') return value ? t.ownData.pdfYes : t.ownData.pdfNo
  if (typeof value === 'object' && value !== null) return nameIn(value, lang)
  const text = String(value)
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return formatDay(text, lang)
  return codeWords(name, text, t) ?? text
}

/** `{id, name}` by its name, which may be in several languages; a person's own name by its parts. */
function nameIn(value: object, lang: Language): string {
  if ('given' in value && 'family' in value) return `${String(value.given)} ${String(value.family)}`
  const name: unknown = 'name' in value ? value.name : null
  if (typeof name === 'string') return name
  if (typeof name === 'object' && name !== null) return pickText({ ...name }, lang).text
  return '–'
}

function codeWords(name: string, code: string, t: Messages): string | undefined {
  const { picture, pdf } = t.evidence
  const tables: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>> = {
    supportLevel: [t.supportLevel],
    language: [languageNames],
    state: [t.ownData.states],
    kind: [t.audit.kinds, t.ownData.requestKinds],
    reason: [t.awards.reasons, t.ownData.lookReasons],
    mediaType: [{ 'image/jpeg': picture, 'image/png': picture, 'image/webp': picture, 'application/pdf': pdf }],
  }
  const found = Object.hasOwn(tables, name) ? tables[name] : undefined
  return found?.find((table) => Object.hasOwn(table, code))?.[code]
}
