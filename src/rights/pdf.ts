import { createRequire } from 'node:module'
import PDFDocument from 'pdfkit'
import { type Language, type Messages, formatDay, formatInstant, messages, pickText } from '../i18n/index.ts'
import { choiceWords } from '../progress/choice-words.ts'
import type { OwnCopy, OwnRow } from './export.ts'

const path = createRequire(import.meta.url).resolve
const fonts = {
  regular: path('@expo-google-fonts/atkinson-hyperlegible/400Regular/AtkinsonHyperlegible_400Regular.ttf'),
  bold: path('@expo-google-fonts/atkinson-hyperlegible/700Bold/AtkinsonHyperlegible_700Bold.ttf'),
}

type Line = { readonly label: string; readonly value: string }
type Doc = InstanceType<typeof PDFDocument>

/**
 * The copy for people (S-51): a tagged PDF in the reader's language, with headings that a screen reader finds. Ids and signed texts are left
 * to the JSON file, and the document says so.
 */
export async function ownCopyPdf(copy: OwnCopy, lang: Language): Promise<Buffer> {
  const t = messages(lang)
  const words = t.ownData
  const title = words.pdfTitle({ name: copy.organisation.name })
  const doc = new PDFDocument({
    size: 'A4',
    margin: 56,
    pdfVersion: '1.7',
    tagged: true,
    lang,
    displayTitle: true,
    font: fonts.regular,
    info: { Title: title, CreationDate: new Date(copy.madeAt) },
  })
  const whole = collected(doc)
  const root = doc.struct('Document')
  doc.addStructure(root)
  const write = (tag: 'H1' | 'H2' | 'P', text: string, size: number): void => {
    root.add(
      doc.struct(tag, {}, () => {
        doc.font(tag === 'P' ? fonts.regular : fonts.bold).fontSize(size)
        doc.text(text, { paragraphGap: tag === 'P' ? 2 : 6 })
      }),
    )
  }
  write('H1', title, 20)
  write('P', words.pdfMade({ day: formatInstant(new Date(copy.madeAt), lang) }), 11)
  write('P', words.pdfWhole, 11)
  for (const [name, heading] of Object.entries(words.sections)) {
    doc.moveDown(1)
    write('H2', heading, 15)
    const rows = copy.sections[name] ?? []
    if (rows.length === 0) write('P', words.pdfNothing, 11)
    for (const row of rows) {
      for (const { label, value } of linesOf(row, t, lang)) write('P', `${label}: ${value}`, 11)
      doc.moveDown(0.5)
    }
  }
  root.end()
  doc.end()
  return await whole
}

async function collected(doc: Doc): Promise<Buffer> {
  return await new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    doc.on('data', (chunk: Buffer) => chunks.push(chunk))
    doc.on('end', () => resolve(Buffer.concat(chunks)))
    doc.on('error', reject)
  })
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
  const tables: readonly Readonly<Record<string, string>>[] =
    name === 'supportLevel'
      ? [t.supportLevel]
      : name === 'state'
        ? [t.ownData.states]
        : name === 'kind'
          ? [t.audit.kinds, t.ownData.requestKinds]
          : name === 'reason'
            ? [t.awards.reasons, t.ownData.lookReasons]
            : []
  return tables.find((table) => Object.hasOwn(table, code))?.[code]
}
