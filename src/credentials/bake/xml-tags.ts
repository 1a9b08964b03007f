/** An element as it stands in the text: all places count characters from the beginning. */
export type XmlElement = {
  /** With its prefix, as it is written. */
  readonly name: string
  /** Place of the `<` of its start tag. */
  readonly start: number
  /** Just behind its start tag. */
  readonly contentStart: number
  /** `<name/>`, which has no end tag. */
  readonly isEmpty: boolean
  /** Just behind its end tag. */
  readonly end: number
}

export type XmlFaultCode = 'svg-broken' | 'svg-doctype' | 'svg-too-complex' | 'unknown-format'

// So much the DOM may hold without costing more than S-45 allows; drawings are far below. Attributes count as the elements do, and the
// depth is bounded tightly, because looking up a prefix may take as many steps.
const maxNodes = 20_000
const maxDepth = 50

// Each begins where the last one ended and none can match the same text in two ways, so the work grows with the length only.
const name = '[^ \\t\\r\\n<>/="\'&!?]+'
const space = '[ \\t\\r\\n]'
const startTag = new RegExp(`<(${name})`, 'y')
const attribute = new RegExp(`${space}+${name}${space}*=${space}*(?:"[^"<]*"|'[^'<]*')`, 'y')
const startTagEnd = new RegExp(`${space}*(/?)>`, 'y')
const endTag = new RegExp(`</(${name})${space}*>`, 'y')
const doctypeOfSvg = /<!DOCTYPE\s+(?:[^\s<>:]+:)?svg[\s>[]/y

type Open = { -readonly [member in keyof XmlElement]: XmlElement[member] }
type Scan = { readonly text: string; at: number; nodes: number; readonly elements: Open[]; readonly open: Open[] }

/**
 * Finds where the elements of an SVG document stand, in document order and the `<svg>` first, so that one can be cut out or put in without
 * touching a byte of the drawing. It also is the guard before the parser: no DOCTYPE and so no entities, every tag in one spelling, and
 * bounds on elements, depth and attributes (CONFORMANCE 4.5, S-45). Whether the rest is well-formed is for the parser to say.
 */
export function findElements(text: string): readonly XmlElement[] | XmlFaultCode {
  const scan: Scan = { text, at: 0, nodes: 0, elements: [], open: [] }
  for (;;) {
    scan.at = text.indexOf('<', scan.at)
    if (scan.at < 0) break
    const fault = takeMarkup(scan)
    // What is no SVG so far may be anything: it is not called a broken picture.
    if (fault === 'svg-broken' && scan.elements.length === 0) return 'unknown-format'
    if (fault !== undefined) return fault
    if (scan.nodes > maxNodes || scan.open.length > maxDepth) return 'svg-too-complex'
  }
  if (scan.elements.length === 0) return 'unknown-format'
  return scan.open.length === 0 ? scan.elements : 'svg-broken'
}

function takeMarkup(scan: Scan): XmlFaultCode | undefined {
  const { text, at } = scan
  if (text.startsWith('</', at)) return takeEndTag(scan)
  if (text.startsWith('<!--', at)) return skipTo(scan, 4, '-->')
  if (text.startsWith('<![CDATA[', at)) return skipTo(scan, 9, ']]>')
  if (text.startsWith('<?', at)) return skipTo(scan, 2, '?>')
  if (text.startsWith('<!', at)) return matchAt(doctypeOfSvg, scan) === null ? 'svg-broken' : 'svg-doctype'
  return takeStartTag(scan)
}

function matchAt(pattern: RegExp, { text, at }: Scan): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

function skipTo(scan: Scan, opening: number, closing: string): XmlFaultCode | undefined {
  const found = scan.text.indexOf(closing, scan.at + opening)
  if (found < 0) return 'svg-broken'
  scan.at = found + closing.length
  scan.nodes += 1
  return undefined
}

function takeStartTag(scan: Scan): XmlFaultCode | undefined {
  const start = scan.at
  const [tag, named = ''] = matchAt(startTag, scan) ?? []
  if (tag === undefined) return 'svg-broken'
  if (scan.elements.length === 0 && named !== 'svg' && !named.endsWith(':svg')) return 'unknown-format'
  scan.at += tag.length
  for (;;) {
    const found = matchAt(attribute, scan)
    if (found === null) break
    scan.at += found[0].length
    scan.nodes += 1
  }
  const [end, slash] = matchAt(startTagEnd, scan) ?? []
  if (end === undefined) return 'svg-broken'
  scan.at += end.length
  const element = { name: named, start, contentStart: scan.at, isEmpty: slash === '/', end: scan.at }
  scan.elements.push(element)
  scan.nodes += 1
  if (!element.isEmpty) scan.open.push(element)
  return undefined
}

function takeEndTag(scan: Scan): XmlFaultCode | undefined {
  const [tag, named] = matchAt(endTag, scan) ?? []
  const element = scan.open.pop()
  if (tag === undefined || element === undefined || element.name !== named) return 'svg-broken'
  scan.at += tag.length
  element.end = scan.at
  return undefined
}
