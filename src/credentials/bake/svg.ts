import { Buffer } from 'node:buffer'
import type { Element } from '@xmldom/xmldom'
import { type Drawing, type DrawingFault, notXml, readDrawing, withXml10Lines } from './drawing.ts'

/** Where an SVG carries a badge (CONFORMANCE 4.3, 4.4). */
const places = {
  ob3: { namespace: 'https://purl.imsglobal.org/ob/v3p0', element: 'credential' },
  ob2: { namespace: 'http://openbadges.org', element: 'assertion' },
} as const
const kinds = ['ob3', 'ob2'] as const
type Kind = (typeof kinds)[number]

const prefix = 'openbadges'
const namespaceOfPrefixes = 'http://www.w3.org/2000/xmlns/'
const compactJws = /^[\w-]+\.[\w-]*\.[\w-]*$/
const httpAddress = /^https?:\/\/[^\s<>"]+$/

export type SvgFaultCode = DrawingFault['code'] | 'baked-twice' | 'baked-text-malformed'

/** For OB 2.0 the address of a hosted Assertion, when the element names one: what lies there is the truth (CONFORMANCE 6.10). */
export type UnbakedSvg =
  | { readonly outcome: 'read'; readonly ob3?: string; readonly ob2?: string }
  | { readonly outcome: 'fault'; readonly code: SvgFaultCode; readonly values?: DrawingFault['values'] }

/** A picture that cannot be baked into, because it is no SVG that can be read safely. */
export class NotSvg extends Error {
  readonly code: SvgFaultCode

  constructor(code: SvgFaultCode) {
    super(`This is not an SVG file that can be baked (${code})`)
    this.name = 'NotSvg'
    this.code = code
  }
}

function ofKind(drawing: Drawing, kind: Kind): Drawing['elements'] {
  const { namespace, element } = places[kind]
  return drawing.elements.filter(({ node }) => node.namespaceURI === namespace && node.localName === element)
}

/** The text that an element carries: its attribute `verify`, else what is written inside. Undefined when that is neither one nor the other. */
function carriedBy(node: Element, kind: Kind): string | undefined {
  const nodes = Array.from(node.childNodes)
  if (!nodes.every(({ nodeType }) => nodeType === node.TEXT_NODE || nodeType === node.CDATA_SECTION_NODE))
    return undefined
  const inside = nodes
    .map(({ nodeValue }) => nodeValue ?? '')
    .join('')
    .trim()
  const verify = node.getAttribute('verify')?.trim()
  // CONFORMANCE 4.3: JSON stands there without `verify`. With both, two readers could read two badges.
  if (kind === 'ob3' && verify !== undefined && inside !== '') return undefined
  const text = verify ?? inside
  return text === '' || notXml.test(text) ? undefined : text
}

/**
 * Reads what is baked into an SVG: the OB 3.0 and the OB 2.0 text, either or none (CONFORMANCE 4.3, 4.4, 4.5, 4.6). Found by namespace
 * whatever the prefix, with or without byte order mark and XML header (T10). At most 1 MB, no DOCTYPE, bounded elements and depth, one of
 * each kind (S-44, S-45). Nothing is drawn. A fault is returned, nothing is thrown.
 */
export function unbakeSvg(bytes: Uint8Array): UnbakedSvg {
  const drawing = readDrawing(bytes)
  if (drawing.outcome === 'fault') return drawing
  const found: { ob3?: string; ob2?: string } = {}
  for (const kind of kinds) {
    const [element, second] = ofKind(drawing, kind)
    if (element === undefined) continue
    if (second !== undefined) return { outcome: 'fault', code: 'baked-twice' }
    const text = carriedBy(element.node, kind)
    if (text === undefined) return { outcome: 'fault', code: 'baked-text-malformed' }
    found[kind] = text
  }
  return { outcome: 'read', ...found }
}

type Carried = { readonly verify?: string; readonly json?: string }

/** How a text is carried: a JWS or an address by `verify`, JSON inside, and a hosted Assertion both ways (CONFORMANCE 4.3, 4.4). */
function carriedAs(kind: Kind, text: string): Carried {
  if (compactJws.test(text)) return { verify: text }
  if (kind === 'ob2' && httpAddress.test(text)) return { verify: text }
  if (!text.startsWith('{')) throw new TypeError('A compact JWS, JSON or the address of an Assertion is baked')
  const json = withinCdata(text)
  const id = kind === 'ob2' ? addressIn(text) : undefined
  return id === undefined ? { json } : { verify: id, json }
}

/** JSON that says the same and can stand in one CDATA section: `]]>` and what XML cannot hold are only ever inside its strings. */
function withinCdata(json: string): string {
  const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  return withXml10Lines(json).trim().replaceAll(']]>', ']]\\u003e').replaceAll(new RegExp(notXml, 'gu'), escaped)
}

function addressIn(assertion: string): string | undefined {
  const document: unknown = JSON.parse(assertion)
  const id = typeof document === 'object' && document !== null && 'id' in document ? document.id : undefined
  return typeof id === 'string' && httpAddress.test(id) ? id : undefined
}

function markupOf(kind: Kind, { verify, json }: Carried, isDeclared: boolean): string {
  const { namespace, element } = places[kind]
  const attributes = [
    isDeclared ? '' : ` xmlns:${prefix}="${namespace}"`,
    verify === undefined ? '' : ` verify="${verify.replaceAll('&', '&amp;')}"`,
  ].join('')
  const inside = json === undefined ? '/>' : `><![CDATA[${json}]]></${prefix}:${element}>`
  return `<${prefix}:${element}${attributes}${inside}`
}

type Edit = { readonly from: number; readonly to: number; readonly text: string }

/** What was baked before in these formats goes; an element inside another goes with it. */
function removals(drawing: Drawing, wanted: readonly Kind[]): readonly Edit[] {
  const old = wanted.flatMap((kind) => ofKind(drawing, kind)).sort((a, b) => a.place.start - b.place.start)
  let end = 0
  return old.flatMap(({ place }) => {
    if (place.start < end) return []
    end = place.end
    return [{ from: place.start, to: place.end, text: '' }]
  })
}

/** The namespace on `<svg>`, when its prefix is free there, and the credentials as its first children. */
function additions(drawing: Drawing, carried: readonly (readonly [Kind, Carried])[]): readonly Edit[] {
  const [first] = drawing.elements
  if (first === undefined) return []
  const { start, name, contentStart, isEmpty } = first.place
  const bound = drawing.root.getAttributeNS(namespaceOfPrefixes, prefix)
  const isNew = bound === null && carried.some(([kind]) => kind === 'ob3')
  const declared = isNew ? places.ob3.namespace : bound
  const markup = carried.map(([kind, how]) => markupOf(kind, how, places[kind].namespace === declared)).join('')
  const behindName = start + 1 + name.length
  return [
    { from: behindName, to: behindName, text: isNew ? ` xmlns:${prefix}="${declared}"` : '' },
    isEmpty
      ? { from: contentStart - 2, to: contentStart, text: `>${markup}</${name}>` }
      : { from: contentStart, to: contentStart, text: markup },
  ]
}

function edited(text: string, edits: readonly Edit[]): string {
  const pieces: string[] = []
  let copiedTo = 0
  for (const { from, to, text: put } of edits) {
    pieces.push(text.slice(copiedTo, from), put)
    copiedTo = to
  }
  return [...pieces, text.slice(copiedTo)].join('')
}

/**
 * Puts credentials into an SVG as the first children of `<svg>`: a compact JWS by its attribute, JSON as CDATA, for OB 2.0 also the address
 * of a hosted Assertion (CONFORMANCE 4.3, 4.4, 4.6). What was baked earlier in the same format is replaced, the other format stays, and the
 * drawing stays byte for byte. The result is read back before it is given. Throws `NotSvg` for a picture that is none or that nobody should
 * read, `TypeError` for a text that is no credential.
 */
export function bakeSvg(svg: Uint8Array, credentials: { readonly ob3?: string; readonly ob2?: string }): Uint8Array {
  const drawing = readDrawing(svg)
  if (drawing.outcome === 'fault') throw new NotSvg(drawing.code)
  const carried = kinds.flatMap((kind) => {
    const text = credentials[kind]
    return text === undefined ? [] : [[kind, carriedAs(kind, text)] as const]
  })
  const old = removals(
    drawing,
    carried.map(([kind]) => kind),
  )
  const baked = Buffer.from(drawing.mark + edited(drawing.text, [...additions(drawing, carried), ...old]))
  const back = unbakeSvg(baked)
  if (back.outcome === 'fault') throw new NotSvg(back.code)
  for (const [kind, { verify, json }] of carried) {
    if (back[kind] !== (verify ?? json)) throw new Error(`What was baked into the SVG as ${kind} is read differently`)
  }
  return baked
}
