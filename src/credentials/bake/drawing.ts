import { Buffer } from 'node:buffer'
import { DOMParser, type Document, type Element } from '@xmldom/xmldom'
import { findElements, type XmlElement, type XmlFaultCode } from './xml-tags.ts'

const svgNamespace = 'http://www.w3.org/2000/svg'
/** S-44. */
const maxBytes = 1024 * 1024

/** What XML 1.0 §2.2 cannot hold, however it is written. */
export const notXml = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u

export type DrawingFault = {
  readonly outcome: 'fault'
  readonly code: XmlFaultCode | 'svg-encoding' | 'too-large'
  readonly values?: Readonly<Record<string, string>>
}

/** An SVG document that was read, but not drawn. */
export type Drawing = {
  readonly outcome: 'drawing'
  /** Without the byte order mark. */
  readonly text: string
  readonly mark: string
  readonly root: Element
  /** Each element with its place in the text, in document order. */
  readonly elements: readonly { readonly place: XmlElement; readonly node: Element }[]
}

/** Does the file begin as XML does, in UTF-8 or UTF-16? Whether it is a picture is for `unbakeSvg` to say. */
export function isXml(bytes: Uint8Array): boolean {
  if (isUtf16(bytes)) return true
  const start = Buffer.from(bytes.subarray(0, 1024)).toString('utf8')
  return start.trimStart().startsWith('<')
}

function isUtf16([first, second]: Uint8Array): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
}

function fault(code: DrawingFault['code'], values?: DrawingFault['values']): DrawingFault {
  return { outcome: 'fault', code, ...(values === undefined ? {} : { values }) }
}

/** The text, if it is in UTF-8. Another encoding is believed of a file in which all letters are ASCII, where it makes no difference. */
function decode(bytes: Uint8Array): string | DrawingFault {
  if (isUtf16(bytes)) return fault('svg-encoding', { encoding: 'UTF-16' })
  const start = Buffer.from(bytes.subarray(0, 200)).toString('latin1')
  const named = /^(?:\u00ef\u00bb\u00bf)?\s*<\?xml\s[^>]*?\sencoding\s*=\s*["']([\w.:-]{1,40})["']/.exec(start)?.[1]
  const isOther = named !== undefined && !/^(?:utf-?8|us-ascii|ascii)$/i.test(named)
  if (isOther && bytes.some((byte) => byte > 0x7f)) return fault('svg-encoding', { encoding: named })
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return fault('unknown-format')
  }
}

/** XML 1.0 §2.11. The parser's own way is that of XML 1.1, which would break a JSON text with U+2028 in it. */
export function withXml10Lines(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n')
}

function parse(text: string): Document | undefined {
  const parser = new DOMParser({
    locator: false,
    normalizeLineEndings: withXml10Lines,
    // A warning is of U+FFFD in the text, which is no fault; all that makes markup doubtful was refused before.
    onError: (level, message) => {
      if (level !== 'warning') throw new Error(message)
    },
  })
  try {
    return parser.parseFromString(text, 'application/xml')
  } catch {
    return undefined
  }
}

/**
 * Reads an SVG document of at most 1 MB, within the bounds of `findElements` (S-44, S-45, CONFORMANCE 4.5); returns the fault of one that
 * is not read. The parser tells namespaces and texts, `findElements` the places; where the two see different elements, nothing is believed.
 */
export function readDrawing(bytes: Uint8Array): Drawing | DrawingFault {
  if (bytes.length > maxBytes) return fault('too-large', { limit: String(maxBytes) })
  const decoded = decode(bytes)
  if (typeof decoded !== 'string') return decoded
  const mark = decoded.startsWith('\ufeff') ? '\ufeff' : ''
  const text = decoded.slice(mark.length)
  const found = findElements(text)
  if (typeof found === 'string') return fault(found)
  const parsed = notXml.test(text) ? undefined : parse(text.trimStart())
  const root = parsed?.documentElement
  if (!parsed || !root) return fault('svg-broken')
  if (root.namespaceURI !== svgNamespace || root.localName !== 'svg') return fault('unknown-format')
  const nodes = Array.from(parsed.getElementsByTagName('*'))
  const elements = found.flatMap((place, n) => {
    const node = nodes[n]
    return node?.nodeName === place.name ? [{ place, node }] : []
  })
  const isAgreed = elements.length === nodes.length && elements.length === found.length
  return isAgreed ? { outcome: 'drawing', text, mark, root, elements } : fault('svg-broken')
}
