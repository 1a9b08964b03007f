import { createRequire } from 'node:module'
import PDFDocument from 'pdfkit'
import { missingGlyphs } from '../badges/lettering.ts'

const path = createRequire(import.meta.url).resolve
const own = '@expo-google-fonts/atkinson-hyperlegible'
/** Has the letters of North Sámi, Greek and Cyrillic that our own font has not. */
const wider = '@expo-google-fonts/noto-sans'
const fonts = {
  regular: {
    own: path(`${own}/400Regular/AtkinsonHyperlegible_400Regular.ttf`),
    wider: path(`${wider}/400Regular/NotoSans_400Regular.ttf`),
  },
  bold: {
    own: path(`${own}/700Bold/AtkinsonHyperlegible_700Bold.ttf`),
    wider: path(`${wider}/700Bold/NotoSans_700Bold.ttf`),
  },
} as const

const looks = {
  H1: { font: 'bold', size: 20, gap: 6 },
  H2: { font: 'bold', size: 15, gap: 6 },
  P: { font: 'regular', size: 11, gap: 2 },
} as const
type Tag = keyof typeof looks

/** From the top of a line to the foot of its letters, in our own font: words in the other font stand on the same line. */
const ascent = 0.95

type Doc = InstanceType<typeof PDFDocument>

export type PdfWriter = {
  /** One heading or paragraph. */
  readonly write: (tag: Tag, text: string) => void
  /** Room between two things. */
  readonly gap: (lines: number) => void
  /** What comes next stands on one page, unless it is longer than a page: a new page begins where it does not fit. */
  readonly keepTogether: (parts: readonly (readonly [Tag, string])[]) => void
  /** Numbers the pages and gives the whole file. */
  readonly end: () => Promise<Buffer>
}

const margin = 56

/** A tagged PDF of headings and paragraphs, A4, for people and for their screen readers. */
export function createPdf(about: { readonly title: string; readonly lang: string; readonly madeAt: Date }): PdfWriter {
  const doc = new PDFDocument({
    size: 'A4',
    margin,
    pdfVersion: '1.7',
    tagged: true,
    lang: about.lang,
    displayTitle: true,
    font: fonts.regular.own,
    bufferPages: true,
    info: { Title: about.title, CreationDate: about.madeAt },
  })
  const whole = collected(doc)
  const root = doc.struct('Document')
  doc.addStructure(root)
  const { width, height } = { width: doc.page.width - 2 * margin, height: doc.page.height - 2 * margin }
  const heightOf = ([tag, text]: readonly [Tag, string]): number => {
    const { font, size, gap } = looks[tag]
    return doc.font(fonts[font].own).fontSize(size).heightOfString(text, { width }) + gap
  }
  return {
    write: (tag, text) => {
      root.add(doc.struct(tag, {}, () => writeText(doc, tag, text)))
    },
    gap: (lines) => void doc.moveDown(lines),
    keepTogether: (parts) => {
      const needed = parts.reduce((sum, part) => sum + heightOf(part), 0)
      if (needed <= height && doc.y + needed > margin + height) doc.addPage()
    },
    end: async () => {
      root.end()
      numberPages(doc)
      doc.end()
      return await whole
    },
  }
}

function writeText(doc: Doc, tag: Tag, text: string): void {
  const { font, size, gap } = looks[tag]
  doc.fontSize(size)
  const runs = runsOf(text, font)
  for (const [place, run] of runs.entries())
    doc
      .font(fonts[font][run.font])
      .text(run.text, { paragraphGap: gap, baseline: -ascent * size, continued: place < runs.length - 1 })
}

type Run = { readonly font: 'own' | 'wider'; readonly text: string }

/** Pieces of a text, each in a font that can draw it: whole words, because a line may end between two pieces. */
function runsOf(given: string, weight: 'regular' | 'bold'): readonly Run[] {
  const text = given.normalize('NFC')
  const missing = missingGlyphs(text, weight)
  const runs: { font: Run['font']; text: string }[] = []
  for (const word of text.match(/\S*\s*/g) ?? []) {
    const font = missing.some((character) => word.includes(character)) ? 'wider' : 'own'
    const last = runs.at(-1)
    if (last?.font === font || (last && word === '')) last.text += word
    else runs.push({ font, text: word })
  }
  return runs
}

/** Below the text, as what is no part of it: a screen reader passes it over. */
function numberPages(doc: Doc): void {
  const { count } = doc.bufferedPageRange()
  for (let page = 0; page < count; page += 1) {
    doc.switchToPage(page)
    // Text below the margin would begin a new page.
    doc.page.margins.bottom = 0
    doc.markContent('Artifact', { type: 'Pagination' })
    doc.font(fonts.regular.own).fontSize(9)
    const at = doc.page.height - margin / 2 - 9
    doc.text(`${page + 1} / ${count}`, margin, at, {
      width: doc.page.width - 2 * margin,
      align: 'right',
      lineBreak: false,
    })
    doc.endMarkedContent()
  }
}

async function collected(doc: Doc): Promise<Buffer> {
  return await new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    doc.on('data', (chunk: Buffer) => chunks.push(chunk))
    doc.on('end', () => resolve(Buffer.concat(chunks)))
    doc.on('error', reject)
  })
}
