/**
 * Text as paths: a machine without fonts would draw empty boxes without any error, so no picture of ours holds text that
 * needs a font. The letters are Atkinson Hyperlegible (SIL Open Font License 1.1).
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Font, parse, type PathCommand } from 'opentype.js/dist/opentype.mjs'
import type { Language } from '../credentials/facts.ts'
import { breaksOf, plain } from './hyphenation.ts'

export type Weight = 'regular' | 'bold'
/** Where one line stands: its baseline and how wide it may be there. */
type Slot = { readonly y: number; readonly maxWidth: number }
/** Where a block of one or two lines stands and between which sizes it is set. */
export type TextBlock = {
  readonly weight: Weight
  readonly maxSize: number
  readonly minSize: number
  readonly one: readonly [Slot]
  readonly two: readonly [Slot, Slot]
}
/** Lines set in one size, each on its own baseline. */
export type SetText = {
  readonly size: number
  readonly lines: readonly { readonly text: string; readonly y: number }[]
}

const files = {
  regular: '@expo-google-fonts/atkinson-hyperlegible/400Regular/AtkinsonHyperlegible_400Regular.ttf',
  bold: '@expo-google-fonts/atkinson-hyperlegible/700Bold/AtkinsonHyperlegible_700Bold.ttf',
}
const fonts = new Map<Weight, Font>()

/** One form for what people type: composed letters, single plain spaces, ordinary hyphens. Soft hyphens stay. */
export function tidy(text: string): string {
  return text
    .normalize('NFC')
    .replaceAll(/[\u2010\u2011]/g, '-')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

/** The characters of a text that the font cannot draw, each once. */
export function missingGlyphs(text: string, weight: Weight): readonly string[] {
  const font = fontOf(weight)
  return [...new Set(plain(text))].filter((character) => font.charToGlyphIndex(character) === 0)
}

/**
 * Sets one or two tidy lines into a block: as they are, shrunk to the smallest size if need be, else broken anew over two lines
 * (between words first, then at a soft hyphen, then by the Finnish rule). Gives undefined when nothing fits: text is never cut.
 */
export function setText(lines: readonly string[], block: TextBlock, language?: Language): SetText | undefined {
  const asGiven = setLines(lines.map(plain), block)
  // A hyphen at a line's end may belong to the word or only to the break; nobody but the writer knows, so it is left alone.
  if (asGiven !== undefined || lines[0]?.endsWith('-') === true) return asGiven
  let best: { rank: number; size: number; slack: number; set: SetText } | undefined
  for (const way of breaksOf(lines.join(' '), language)) {
    const set = setLines(way.lines, block)
    if (set === undefined) continue
    const slack = Math.abs(widthOf(way.lines[0], block.weight) - widthOf(way.lines[1], block.weight))
    const found = { rank: way.rank, size: set.size, slack, set }
    if (best === undefined || isBetter(found, best)) best = found
  }
  return best?.set
}

/** The outlines of set text, centred on `x`, as SVG path data; one string per line. */
export function outlines(set: SetText, x: number, weight: Weight): readonly string[] {
  return set.lines.map(({ text, y }) => {
    const left = x - (widthOf(text, weight) * set.size) / 2
    return fontOf(weight).getPath(text, left, y, set.size).commands.map(pathData).join('')
  })
}

/** Width of a text at size 1; widths grow in step with the size. */
export function widthOf(text: string, weight: Weight): number {
  return fontOf(weight).getAdvanceWidth(text, 1000) / 1000
}

function setLines(lines: readonly string[], block: TextBlock): SetText | undefined {
  const slots = lines.length === 1 ? block.one : block.two
  if (lines.length > slots.length) return undefined
  let size = block.maxSize
  for (const [index, text] of lines.entries()) {
    const width = widthOf(text, block.weight)
    const room = slots[index]?.maxWidth ?? 0
    // Half-pixel steps: neighbours on a page then rarely differ by a size that looks like a mistake.
    if (width > 0) size = Math.min(size, Math.floor((room / width) * 2) / 2)
  }
  if (size < block.minSize) return undefined
  return { size, lines: lines.map((text, index) => ({ text, y: slots[index]?.y ?? 0 })) }
}

/**
 * One drawing command as SVG path data. The library's own `toPathData` (2.0.0) writes NaN where a fraction is below 1e-6, and the
 * renderer then stops in the middle of a word without any error.
 */
function pathData(command: PathCommand): string {
  if (command.type === 'Z') return 'Z'
  const end = [command.x, command.y]
  if (command.type === 'Q') return `Q${numbers(command.x1, command.y1, ...end)}`
  if (command.type === 'C') return `C${numbers(command.x1, command.y1, command.x2, command.y2, ...end)}`
  return command.type + numbers(...end)
}

function numbers(...values: readonly number[]): string {
  if (!values.every(Number.isFinite)) throw new Error('The font gave an outline that cannot be drawn')
  return values.map((value) => String(Math.round(value * 100) / 100)).join(' ')
}

type Candidate = { readonly rank: number; readonly size: number; readonly slack: number }

function isBetter(a: Candidate, b: Candidate): boolean {
  if (a.rank !== b.rank) return a.rank < b.rank
  return a.size === b.size ? a.slack < b.slack : a.size > b.size
}

function fontOf(weight: Weight): Font {
  const known = fonts.get(weight)
  if (known !== undefined) return known
  const bytes = readFileSync(createRequire(import.meta.url).resolve(files[weight]))
  const copy = new ArrayBuffer(bytes.byteLength)
  new Uint8Array(copy).set(bytes)
  const font = parse(copy)
  fonts.set(weight, font)
  return font
}
