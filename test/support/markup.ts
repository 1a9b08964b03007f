const voids = new Set(['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'source', 'wbr'])
const blocks = new Set(
  'address article aside details div dl fieldset figure footer form h1 h2 h3 h4 header hr main nav ol p pre section table ul'.split(
    ' ',
  ),
)
const svgShapes = new Set(['circle', 'ellipse', 'path', 'rect'])
const token = /<!--.*?-->|<!doctype[^>]*>|<\/([a-z0-9]+)\s*>|<([a-z0-9]+)((?:\s+[a-z:_-]+(?:="[^"]*")?)*)\s*(\/?)>|</gis

/**
 * What is wrong with a piece of markup: tags that do not match, attributes without quotes, the same id twice, references to nothing,
 * blocks inside paragraphs, links inside links, inline style or script (S-41). Empty when all is well.
 */
export function markupFaults(text: string): readonly string[] {
  const faults: string[] = []
  const open: string[] = []
  const ids: string[] = []
  const references: string[] = []
  for (const match of text.matchAll(token)) {
    const [whole, closing, opening, attributes = '', selfClosed] = match
    if (closing !== undefined) {
      if (open.at(-1) === closing) open.pop()
      else faults.push(`</${closing}> closes <${open.at(-1) ?? 'nothing'}>`)
    } else if (opening !== undefined) {
      faults.push(...placeFaults(opening, open), ...attributeFaults(opening, attributes))
      ids.push(...valuesOf(attributes, /\sid="([^"]*)"/g))
      references.push(...valuesOf(attributes, /\s(?:for|aria-describedby|aria-labelledby)="([^"]*)"/g))
      references.push(...valuesOf(attributes, /\shref="#([^"]+)"/g))
      if (!voids.has(opening) && !(selfClosed === '/' && svgShapes.has(opening))) open.push(opening)
    } else if (whole === '<') faults.push(`stray < before ${text.slice(match.index, match.index + 40)}`)
  }
  faults.push(...open.map((name) => `<${name}> is not closed`))
  faults.push(...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `id ${id} twice`))
  faults.push(...references.filter((id) => !ids.includes(id)).map((id) => `nothing has the id ${id}`))
  return faults
}

function placeFaults(name: string, open: readonly string[]): string[] {
  if (open.includes('p') && blocks.has(name)) return [`<${name}> inside <p>`]
  if (open.includes('span') && blocks.has(name)) return [`<${name}> inside <span>`]
  if (['a', 'button'].includes(name) && open.some((outer) => ['a', 'button'].includes(outer)))
    return [`<${name}> inside a link or button`]
  if (name === 'form' && open.includes('form')) return ['<form> inside <form>']
  return []
}

function attributeFaults(name: string, attributes: string): string[] {
  const names = valuesOf(attributes.replaceAll(/="[^"]*"/g, ''), /([a-z:_-]+)/gi)
  const doubled = names.filter((attribute, index) => names.indexOf(attribute) !== index)
  const inline = names.filter((attribute) => attribute === 'style' || attribute.startsWith('on'))
  return [
    ...doubled.map((attribute) => `<${name}> has ${attribute} twice`),
    ...inline.map((attribute) => `<${name}> has inline ${attribute}`),
    ...(['style', 'script'].includes(name) && !attributes.includes('src=') ? [`inline <${name}>`] : []),
  ]
}

function valuesOf(attributes: string, pattern: RegExp): string[] {
  return [...attributes.matchAll(pattern)]
    .flatMap(([, value = '']) => value.split(/\s+/))
    .filter((value) => value !== '')
}
