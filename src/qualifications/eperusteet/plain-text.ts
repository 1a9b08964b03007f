/** Entities that occur in the criteria (data counted) and the five of XML; others stay as they are written. */
const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ndash: '–',
  mdash: '—',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  hellip: '…',
  bull: '•',
  middot: '·',
  sect: '§',
  deg: '°',
  euro: '€',
  shy: '',
  auml: 'ä',
  ouml: 'ö',
  aring: 'å',
  Auml: 'Ä',
  Ouml: 'Ö',
  Aring: 'Å',
  eacute: 'é',
}

/**
 * Text of the criteria as plain text: tags gone, entities read, every kind of white space (U+00A0, U+202F, line breaks, doubles) one
 * space, control and invisible characters gone. What is left is text, escaped like any other where it is shown.
 */
export function plainText(raw: string): string {
  return raw
    .replaceAll(/<!--[^<>]*-->|<\/?[a-z][^<>]*>/gi, ' ')
    .replaceAll(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,8}));/gi, decodeEntity)
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\p{Cc}|\p{Cf}/gu, '')
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(/ {2,}/g, ' ')
    .trim()
}

function decodeEntity(whole: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return (Object.hasOwn(entities, name) ? entities[name] : undefined) ?? whole
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
}
