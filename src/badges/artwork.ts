/** Draws a badge's picture as SVG from its template (PRODUCT §6, Badge art). Pure after the templates and the font are read. */
import type { Language, Tier } from '../credentials/facts.ts'
import { Refusal } from '../refusal.ts'
import { missingGlyphs, outlines, setText, tidy, type SetText, type TextBlock, type Weight } from './lettering.ts'
import { escapeXml, type SvgElement, type SvgNode } from './svg.ts'
import { getTemplate, type BadgeTemplate } from './templates.ts'

/** `full` from 120 px up; `small` leaves the words and the cairn out and lets the motif fill the shape. */
export type PictureSize = 'full' | 'small'

export type PictureLettering = {
  /** Slug of the template. */
  readonly template: string
  /** The badge's `shortName`: one or two lines of about 18 characters, soft hyphens where a word may be split. */
  readonly nameLines: readonly string[]
  readonly issuerName: string
  /** Lets Finnish words be split between syllables, and marks the words' language. */
  readonly language?: Language
}

export type BadgePicture = PictureLettering & {
  readonly fullName: string
  readonly tier: Tier
  /** The tier's word and a sentence about the picture; `pictureWords` has both. */
  readonly tierWord: string
  readonly description: string
  readonly size?: PictureSize
  /** Begins every id in the picture, so that several can be inline on one page: a letter, then letters, digits and hyphens. */
  readonly idPrefix: string
}

const stones: Readonly<Record<Tier, number>> = { basic: 1, advanced: 2, master: 3 }

/**
 * Draws one badge as SVG with every letter as a path; the words stay in `<title>` and `<desc>`. The same input gives the same text.
 * Refuses (`content`, fields `/template`, `/shortName`, `/issuerName`) as `checkLettering` does; the small picture has no lettering
 * and refuses only an unknown template.
 */
export function drawBadge(input: BadgePicture): string {
  if (!/^[a-z][a-z0-9-]*$/i.test(input.idPrefix)) throw new Error(`Not fit to begin an id: "${input.idPrefix}"`)
  const template = getTemplate(input.template)
  const small = input.size === 'small'
  const words: Readonly<Record<string, string>> = {
    name: input.fullName,
    level: input.tierWord,
    desc: input.description,
  }
  return drawNode(template.artwork, {
    small,
    words,
    stones: stones[input.tier],
    idPrefix: input.idPrefix,
    language: input.language,
    lettering: small ? '' : drawLettering(template, input),
  }).concat('\n')
}

/**
 * Whether the short name and the issuer's name can be drawn, without drawing. Refuses (`content`) with the field and what to do
 * about it: `short-name-lines`, `missing-glyph` or `too-wide`.
 */
export function checkLettering(input: PictureLettering): void {
  setBoth(getTemplate(input.template), input)
}

type Setting = { readonly weight: Weight; readonly set: SetText; readonly fill: string }

function drawLettering(template: BadgeTemplate, input: PictureLettering): string {
  return setBoth(template, input)
    .flatMap(({ weight, set, fill }) =>
      outlines(set, template.x, weight).map((data) => `<path fill="${fill}" d="${data}"/>`),
    )
    .join('')
}

function setBoth(template: BadgeTemplate, input: PictureLettering): readonly [Setting, Setting] {
  const lines = input.nameLines.map(tidy).filter((line) => line !== '')
  if (lines.length < 1 || lines.length > 2) {
    refuse('/shortName', 'short-name-lines', 'Write the short name of the picture on one or two lines.')
  }
  const issuer = setOrRefuse([tidy(input.issuerName)], { ...template.issuer, weight: 'regular' }, '/issuerName', input)
  const lift = issuer.lines.length === 2 ? template.name.lift : 0
  const up = (y: number): number => y - lift
  const { one, two } = template.name
  const nameBlock: TextBlock = {
    ...template.name,
    weight: 'bold',
    one: [{ ...one[0], y: up(one[0].y) }],
    two: [
      { ...two[0], y: up(two[0].y) },
      { ...two[1], y: up(two[1].y) },
    ],
  }
  const name = setOrRefuse(lines, nameBlock, '/shortName', input)
  return [
    { weight: 'bold', set: name, fill: template.name.fill },
    { weight: 'regular', set: issuer, fill: template.issuer.fill },
  ]
}

function setOrRefuse(
  lines: readonly string[],
  block: TextBlock,
  pointer: '/shortName' | '/issuerName',
  { language }: PictureLettering,
): SetText {
  const missing = missingGlyphs(lines.join(''), block.weight)
  if (missing.length > 0) {
    refuse(pointer, 'missing-glyph', `The picture's font cannot draw ${missing.join(' ')}. Write it another way.`)
  }
  const set = setText(lines, block, language)
  if (set !== undefined) return set
  const advice =
    pointer === '/shortName'
      ? 'Shorten it to at most two lines of about 18 characters, or put a soft hyphen where a long word may be split.'
      : 'Give the organisation a shorter public name, or put a soft hyphen where a long word may be split.'
  return refuse(pointer, 'too-wide', `“${lines.join(' ')}” does not fit the picture. ${advice}`)
}

function refuse(pointer: string, code: string, detail: string): never {
  throw new Refusal('content', detail, { code, fields: [{ pointer, code, detail }] })
}

type Drawing = {
  readonly small: boolean
  readonly words: Readonly<Record<string, string>>
  readonly stones: number
  readonly idPrefix: string
  readonly language: Language | undefined
  readonly lettering: string
}

function drawNode(node: SvgNode, drawing: Drawing): string {
  if (typeof node === 'string') {
    return node.replaceAll(/\{\{(\w+)\}\}/g, (_, key: string) => escapeXml(drawing.words[key] ?? ''))
  }
  if (isLeftOut(node, drawing)) return ''
  const inside =
    node.attributes.get('id') === 'label'
      ? drawing.lettering
      : node.children.map((child) => drawNode(child, drawing)).join('')
  const start = `<${node.name}${drawAttributes(node, drawing)}`
  return inside === '' ? `${start}/>` : `${start}>${inside}</${node.name}>`
}

function isLeftOut({ attributes }: SvgElement, { small, stones }: Drawing): boolean {
  if (small && attributes.has('data-min-size')) return true
  const state = attributes.get('data-state')
  if (state === undefined) return false
  return state !== (Number(attributes.get('data-stone')) <= stones ? 'on' : 'off')
}

/** Only the artwork's own text needs these, and no text is left; the drawer's marks have done their work. */
const dropped = new Set(['font-family', 'text-anchor', 'data-min-size'])

function drawAttributes({ name, attributes }: SvgElement, { small, idPrefix, language }: Drawing): string {
  let drawn = ''
  for (const [key, value] of attributes) {
    if (dropped.has(key)) continue
    if (key === 'id') drawn += ` id="${idPrefix}-${value}"`
    else if (key === 'aria-labelledby') drawn += ` ${key}="${value.replaceAll(/\S+/g, `${idPrefix}-$&`)}"`
    else if (key !== 'data-icon-transform') drawn += ` ${key}="${value.replaceAll('url(#', `url(#${idPrefix}-`)}"`
    else if (small) drawn += ` transform="${value}"`
  }
  return name === 'svg' && language !== undefined ? `${drawn} lang="${language}"` : drawn
}
