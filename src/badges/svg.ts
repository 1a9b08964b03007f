/**
 * A reader of our own badge artwork: the few elements and attributes that a template may use, and nothing else. Uploaded
 * pictures never come here. Values stay as they are written in the file, still XML-escaped.
 */
export type SvgElement = {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly SvgNode[]
}
export type SvgNode = SvgElement | string

type OpenElement = { name: string; attributes: Map<string, string>; children: SvgNode[] }

const elements = new Set(
  'svg title desc defs radialGradient linearGradient stop clipPath g circle ellipse path rect text'.split(' '),
)
const attributes = new Set(
  (
    'xmlns viewBox width height role aria-labelledby id x y x1 y1 x2 y2 cx cy r rx ry d points transform offset ' +
    'fill opacity stroke stroke-width stroke-linecap stroke-linejoin stroke-dasharray stop-color stop-opacity clip-path ' +
    'font-family font-size font-weight text-anchor data-min-size data-icon-transform data-stone data-state'
  ).split(' '),
)
const token = /<(\/?)([A-Za-z]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/y
const attribute = /([\w:-]+)="([^"<]*)"/g

/**
 * Reads a template's artwork. Takes the text of the file and its name for the message. Throws a plain Error when the file holds
 * anything that is not on the list: markup we do not draw, or a reference to something outside the file.
 */
export function readArtwork(text: string, file: string): SvgElement {
  const top: OpenElement = { name: '', attributes: new Map(), children: [] }
  const open: OpenElement[] = [top]
  token.lastIndex = 0
  while (token.lastIndex < text.length) {
    const at = token.lastIndex
    const found = token.exec(text)
    if (found === null) throw new Error(`${file}: unexpected markup at "${text.slice(at, at + 40)}"`)
    takeToken(open, found, file)
  }
  const [root, ...rest] = top.children.filter((node) => typeof node !== 'string')
  if (open.length !== 1 || root?.name !== 'svg' || rest.length > 0) throw new Error(`${file}: not one closed <svg>`)
  return root
}

function takeToken(open: OpenElement[], found: RegExpExecArray, file: string): void {
  const [, close, name, attributeText, selfClosing, characters] = found
  const parent = open.at(-1)
  if (parent === undefined) throw new Error(`${file}: more closed than opened`)
  if (name === undefined) {
    parent.children.push(characters ?? '')
  } else if (close === '/') {
    if (parent.name !== name) throw new Error(`${file}: </${name}> closes <${parent.name}>`)
    open.pop()
  } else {
    if (!elements.has(name)) throw new Error(`${file}: a template may not use <${name}>`)
    const element = { name, attributes: readAttributes(attributeText ?? '', file), children: [] }
    parent.children.push(element)
    if (selfClosing !== '/') open.push(element)
  }
}

function readAttributes(text: string, file: string): Map<string, string> {
  const read = new Map<string, string>()
  for (const [, name = '', value = ''] of text.matchAll(attribute)) {
    if (!attributes.has(name)) throw new Error(`${file}: a template may not use the attribute ${name}`)
    if (value.replaceAll('url(#', '').includes('url(')) throw new Error(`${file}: ${name} points outside the file`)
    read.set(name, value)
  }
  return read
}

/** All elements under one, itself first. */
export function* allElements(element: SvgElement): Generator<SvgElement> {
  yield element
  for (const child of element.children) if (typeof child !== 'string') yield* allElements(child)
}

/** Makes words safe inside XML text or a quoted attribute; what XML 1.0 cannot hold becomes U+FFFD. */
export function escapeXml(words: string): string {
  return (
    words
      .toWellFormed()
      // XML 1.0 §2.2: control characters other than tab and line ends cannot be written at all.
      .replaceAll(/(?![\t\n\r\u007f-\u009f])[\p{Cc}\ufffe\uffff]/gu, '\ufffd')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;')
  )
}
