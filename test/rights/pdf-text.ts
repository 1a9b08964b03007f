import { inflateSync } from 'node:zlib'

/** What a reader takes out of a PDF of ours: the pages' texts, by the fonts' own tables of characters. The empty box of a font reads as U+FFFD. */
export function textOf(pdf: Buffer): readonly string[] {
  const objects = objectsIn(pdf)
  const fonts = new Map<string, ReadonlyMap<string, string>>()
  for (const { head } of objects.values()) {
    for (const [, name = '', ref = ''] of head.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      const unicode = /\/ToUnicode (\d+) 0 R/.exec(objects.get(ref)?.head ?? '')?.[1] ?? ''
      fonts.set(name, charactersIn(objects.get(unicode)?.body ?? ''))
    }
  }
  const pages = [...objects.values()].filter(({ head }) => /\/Type \/Page\b/.test(head))
  return pages.map(({ head }) => {
    const content = /\/Contents (\d+) 0 R/.exec(head)?.[1] ?? ''
    return written(objects.get(content)?.body ?? '', fonts)
  })
}

type PdfObject = { readonly head: string; readonly body: string }

function objectsIn(pdf: Buffer): ReadonlyMap<string, PdfObject> {
  const text = pdf.toString('latin1')
  return new Map(
    [...text.matchAll(/(\d+) 0 obj\n([\s\S]*?)\nendobj/g)].map(([, id = '', inside = '']) => {
      const start = inside.indexOf('\nstream\n')
      if (start < 0) return [id, { head: inside, body: '' }]
      const bytes = Buffer.from(inside.slice(start + 8, inside.lastIndexOf('\nendstream')), 'latin1')
      const head = inside.slice(0, start)
      return [id, { head, body: head.includes('/FlateDecode') ? inflateSync(bytes).toString('latin1') : '' }]
    }),
  )
}

/** Glyph, four digits, to what it says. */
function charactersIn(table: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const [, first = '', list = ''] of table.matchAll(/<([0-9a-f]{4})> <[0-9a-f]{4}> \[([^\]]*)\]/gi)) {
    for (const [place, [, hex = '']] of [...list.matchAll(/<([0-9a-f ]+)>/gi)].entries()) {
      const words = Buffer.from(hex.replaceAll(' ', ''), 'hex').swap16().toString('utf16le')
      found.set((Number.parseInt(first, 16) + place).toString(16).padStart(4, '0'), words)
    }
  }
  return found
}

function written(content: string, fonts: ReadonlyMap<string, ReadonlyMap<string, string>>): string {
  let font: ReadonlyMap<string, string> = new Map()
  let said = ''
  for (const [, name, shown] of content.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)) {
    if (name !== undefined) font = fonts.get(name) ?? new Map()
    for (const [, hex = ''] of (shown ?? '').matchAll(/<([0-9a-f]+)>/g))
      for (const glyph of hex.match(/.{4}/g) ?? []) said += glyph === '0000' ? '\ufffd' : (font.get(glyph) ?? '\ufffd')
    if (shown !== undefined) said += '\n'
  }
  return said
}
