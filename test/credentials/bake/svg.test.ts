import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bakeSvg, NotSvg, unbakeSvg } from '../../../src/credentials/bake/svg.ts'

const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJuYW1lIjoiVHnDtiJ9.c2ln'
const jws = 'eyJhbGciOiJSUzI1NiJ9.eyJpZCI6Im8yIn0.c2lnMg'
const json = '{"name":"Työ ® <b>&amp;</b> emoji 🚲"}'
const ob3 = 'https://purl.imsglobal.org/ob/v3p0'
const ob2 = 'http://openbadges.org'
const svgNamespace = 'xmlns="http://www.w3.org/2000/svg"'
const drawing = '<title>Merkki &amp; työ</title><path d="M0 0h9v9z" fill="#123"/>'
const plain = svgOf(drawing)

function svgOf(inside: string, attributes = ''): string {
  return `<svg ${svgNamespace}${attributes} viewBox="0 0 9 9">${inside}</svg>`
}

const bytes = (text: string): Uint8Array => Buffer.from(text)
const bake = (text: string, credentials: { readonly ob3?: string; readonly ob2?: string }): string =>
  Buffer.from(bakeSvg(bytes(text), credentials)).toString()
const read = (text: string | Uint8Array): unknown => unbakeSvg(typeof text === 'string' ? bytes(text) : text)

function faultOf(text: string | Uint8Array): string {
  const baked = unbakeSvg(typeof text === 'string' ? bytes(text) : text)
  return baked.outcome === 'fault' ? baked.code : 'read'
}

describe('baking', () => {
  test('CONFORMANCE 4.3: a JWT is in the attribute of the first child, under the namespace on <svg>', () => {
    expect(bake(plain, { ob3: jwt })).toBe(
      `<svg xmlns:openbadges="${ob3}" ${svgNamespace} viewBox="0 0 9 9"><openbadges:credential verify="${jwt}"/>${drawing}</svg>`,
    )
  })

  test('CONFORMANCE 4.3: JSON is in one CDATA section and without the attribute', () => {
    const baked = bake(plain, { ob3: json })
    expect(baked).toContain(`<openbadges:credential><![CDATA[${json}]]></openbadges:credential>${drawing}`)
    expect(read(baked)).toEqual({ outcome: 'read', ob3: json })
  })

  test('CONFORMANCE 4.3: what CDATA and XML cannot hold is escaped inside the JSON, which says the same', () => {
    const odd = { name: ']]> a]]>', more: ']]]>', control: '\uffff\ud800\u2028\u0085' }
    const baked = unbakeSvg(bytes(bake(plain, { ob3: JSON.stringify(odd) })))
    expect(baked.outcome === 'read' && JSON.parse(baked.ob3 ?? '')).toEqual(odd)
    const indented = JSON.stringify({ a: 1 }, undefined, 1).replaceAll('\n', '\r\n')
    expect(read(bake(plain, { ob3: `${indented}\r\n` }))).toEqual({ outcome: 'read', ob3: '{\n "a": 1\n}' })
  })

  test('CONFORMANCE 4.4: a 2.0 Assertion is signed or hosted; a hosted one has its address and its JSON', () => {
    expect(bake(plain, { ob2: jws })).toContain(
      `><openbadges:assertion xmlns:openbadges="${ob2}" verify="${jws}"/><title`,
    )
    const address = 'https://merkit.example/b/1/ob2?a=1&b=2'
    expect(read(bake(plain, { ob2: address }))).toEqual({ outcome: 'read', ob2: address })
    const hosted = JSON.stringify({ id: address, type: 'Assertion' })
    const baked = bake(plain, { ob2: hosted })
    expect(baked).toContain(
      `verify="https://merkit.example/b/1/ob2?a=1&amp;b=2"><![CDATA[${hosted}]]></openbadges:assertion>`,
    )
    expect(read(baked)).toEqual({ outcome: 'read', ob2: address })
    expect(read(bake(plain, { ob2: '{"id":"urn:uuid:1"}' }))).toEqual({ outcome: 'read', ob2: '{"id":"urn:uuid:1"}' })
  })

  test('CONFORMANCE 4.6: both formats fit into one picture, in any order, and are read apart', () => {
    const both = bake(plain, { ob3: jwt, ob2: jws })
    expect(read(both)).toEqual({ outcome: 'read', ob3: jwt, ob2: jws })
    expect(read(bake(bake(plain, { ob2: jws }), { ob3: jwt }))).toEqual({ outcome: 'read', ob3: jwt, ob2: jws })
    expect(bake(bake(plain, { ob2: jws }), { ob3: jwt })).toBe(both)
    expect(both.indexOf('credential')).toBeLessThan(both.indexOf('assertion'))
  })

  test('CONFORMANCE 4.3: baking anew replaces its own format and leaves the other', () => {
    const first = bake(plain, { ob3: jwt, ob2: jws })
    const second = bake(first, { ob3: 'a.b.c' })
    expect(second).toBe(first.replace(jwt, 'a.b.c'))
    expect(bake(second, { ob3: jwt, ob2: jws })).toBe(first)
    expect(read(bake(first, { ob2: json }))).toEqual({ outcome: 'read', ob3: jwt, ob2: json })
    const twice = svgOf(
      `<a:credential xmlns:a="${ob3}" verify="x.y.z"/><g><a:credential xmlns:a="${ob3}">${json}</a:credential></g>`,
    )
    expect(read(bake(twice, { ob3: jwt }))).toEqual({ outcome: 'read', ob3: jwt })
    expect(() => bake(twice, { ob2: jws })).toThrow(NotSvg)
  })

  test('CONFORMANCE 4.5, T10: the prefix that others gave to another namespace stays theirs', () => {
    const theirs = svgOf(`<openbadges:assertion verify="${jws}"/>${drawing}`, ` xmlns:openbadges="${ob2}"`)
    const baked = bake(theirs, { ob3: jwt })
    expect(baked).toContain(
      `><openbadges:credential xmlns:openbadges="${ob3}" verify="${jwt}"/><openbadges:assertion verify`,
    )
    expect(read(baked)).toEqual({ outcome: 'read', ob3: jwt, ob2: jws })
    expect(read(bake(theirs, { ob2: 'a.b.c' }))).toEqual({ outcome: 'read', ob2: 'a.b.c' })
    const other = svgOf('<openbadges:note>1</openbadges:note>', ' xmlns:openbadges="urn:x"')
    expect(read(bake(other, { ob3: jwt, ob2: jws }))).toEqual({ outcome: 'read', ob3: jwt, ob2: jws })
    expect(bake(other, { ob3: jwt })).toContain('<openbadges:note>1</openbadges:note>')
  })

  test('CONFORMANCE 4.5: all else stays byte for byte: header, mark, line ends, prefixes, an empty picture', () => {
    const marked =
      '\ufeff<?xml version="1.0" encoding="UTF-8"?>\r\n<!-- < -->\r\n<s:svg xmlns:s="http://www.w3.org/2000/svg"\r\n>\r\n<s:g a=\'">\'/>\r\n</s:svg>\r\n'
    const baked = bake(marked, { ob3: jwt })
    expect(
      baked.replace(` xmlns:openbadges="${ob3}"`, '').replace(`<openbadges:credential verify="${jwt}"/>`, ''),
    ).toBe(marked)
    expect(read(baked)).toEqual({ outcome: 'read', ob3: jwt })
    expect(bake(`<svg ${svgNamespace} />`, { ob2: jws })).toBe(
      `<svg ${svgNamespace} ><openbadges:assertion xmlns:openbadges="${ob2}" verify="${jws}"/></svg>`,
    )
  })

  test('CONFORMANCE 4.3: any JSON comes back saying the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (words) => {
        const baked = unbakeSvg(bytes(bake(plain, { ob3: JSON.stringify({ words }) })))
        expect(baked.outcome === 'read' && JSON.parse(baked.ob3 ?? '')).toEqual({ words })
      }),
    )
  })

  test.each([
    ['nothing', ''],
    ['a PNG', '\u0089PNG'],
    ['a page', '<html><body/></html>'],
    ['an <svg> of no namespace', '<svg/>'],
    ['a DOCTYPE', `<!DOCTYPE svg>${plain}`],
    ['an open end', `<svg ${svgNamespace}>`],
  ])('%s cannot be baked into', (_, text) => {
    expect(() => bake(text, { ob3: jwt })).toThrow(NotSvg)
  })

  test('what is no credential is not baked', () => {
    for (const text of ['', 'a"><script>', 'https://a.example/1', '[1]']) {
      expect(() => bake(plain, { ob3: text }), text).toThrow(TypeError)
    }
  })

  test('S-44: a picture that would be larger than anybody reads is not made', () => {
    expect(() => bake(svgOf('x'.repeat(1024 * 1024 - 200)), { ob3: `a.${'b'.repeat(500)}.c` })).toThrow(NotSvg)
  })
})

describe('unbaking', () => {
  test('CONFORMANCE 4.5, T10: the namespace counts, not the prefix', () => {
    const local = svgOf(`<credential xmlns="${ob3}" verify="${jwt}"/>${drawing}`)
    expect(read(local)).toEqual({ outcome: 'read', ob3: jwt })
    const deep = svgOf(`<metadata><x:credential verify=' ${jwt}\n'/></metadata>`, ` xmlns:x='${ob3}'`)
    expect(read(deep)).toEqual({ outcome: 'read', ob3: jwt })
    const foreign = svgOf(
      `<openbadges:credential verify="${jwt}"/><openbadges:assertion verify="${jws}"/>`,
      ' xmlns:openbadges="urn:x"',
    )
    expect(read(foreign)).toEqual({ outcome: 'read' })
    expect(read(svgOf(`<o:assertion xmlns:o="${ob3}" verify="${jwt}"/>`))).toEqual({ outcome: 'read' })
  })

  test('CONFORMANCE 4.5, T10: a byte order mark and an XML header change nothing', () => {
    const baked = bake(plain, { ob3: jwt, ob2: jws })
    const expected = { outcome: 'read', ob3: jwt, ob2: jws }
    for (const start of [
      '',
      '\ufeff',
      '<?xml version="1.0"?>',
      '\ufeff<?xml version="1.0" encoding="utf-8" standalone="no"?>\n',
      '\n ',
      '<?xml-stylesheet href="x"?><!-- - -->',
    ])
      expect(read(start + baked), start).toEqual(expected)
  })

  test('T10: letters beyond ASCII are read in UTF-8 only, and another encoding is told', () => {
    const latin = '<?xml version="1.0" encoding="ISO-8859-1"?>'
    expect(read(latin + bake(svgOf('<g/>'), { ob3: jwt }))).toEqual({ outcome: 'read', ob3: jwt })
    const told = { outcome: 'fault', code: 'svg-encoding', values: { encoding: 'ISO-8859-1' } }
    expect(read(latin + plain)).toEqual(told)
    expect(read(Buffer.from(latin + plain, 'latin1'))).toEqual(told)
    expect(faultOf(Buffer.from(`\ufeff${plain}`, 'utf16le'))).toBe('svg-encoding')
    expect(faultOf(Buffer.from(plain, 'latin1'))).toBe('unknown-format')
  })

  test('CONFORMANCE 4.3: text and CDATA are one text; the predefined references are resolved', () => {
    const parts = `<o:credential xmlns:o="${ob3}">\n {"a":"&lt;&#228;"<![CDATA[,"b":"&lt;]]]]><![CDATA[>"}]]>\n</o:credential>`
    expect(read(svgOf(parts))).toEqual({ outcome: 'read', ob3: '{"a":"<ä","b":"&lt;]]>"}' })
  })

  test.each([
    ['nothing in it', ''],
    ['an empty attribute', ' verify=" "'],
  ])('a credential with %s is told', (_, attributes) => {
    expect(faultOf(svgOf(`<o:credential xmlns:o="${ob3}"${attributes}/>`))).toBe('baked-text-malformed')
    expect(faultOf(svgOf(`<o:assertion xmlns:o="${ob2}"${attributes}/>`))).toBe('baked-text-malformed')
  })

  test.each([
    ['an attribute and a text, in 3.0', ` verify="${jwt}">${json.replaceAll('&', '')}`],
    ['an element inside', '>{}<g/>'],
    ['a comment inside', '>{<!-- -->}'],
    ['a control character', '>&#1;'],
  ])('CONFORMANCE 4.3: %s could be read in two ways, and is refused', (_, rest) => {
    const text = rest.replaceAll(/<\/?b>/g, '')
    expect(faultOf(svgOf(`<o:credential xmlns:o="${ob3}"${text}</o:credential>`))).toBe('baked-text-malformed')
  })

  test('S-45: two of one kind are refused, one of each is not', () => {
    const credential = `<o:credential xmlns:o="${ob3}" verify="${jwt}"/>`
    const assertion = `<o:assertion xmlns:o="${ob2}" verify="${jws}"/>`
    expect(faultOf(svgOf(credential + credential))).toBe('baked-twice')
    expect(faultOf(svgOf(`${assertion}<g>${assertion.replaceAll('o:', 'p:').replace('xmlns:o', 'xmlns:p')}</g>`))).toBe(
      'baked-twice',
    )
    expect(faultOf(svgOf(credential + assertion))).toBe('read')
  })

  const bomb = '<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;">'
  test.each([
    ['a plain one', `<!DOCTYPE svg>${plain}`],
    [
      'a public one',
      `<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">${plain}`,
    ],
    ['one with entities', `<!DOCTYPE svg [${bomb}]>${svgOf('&b;')}`],
    ['one that reads a file', `<!DOCTYPE svg:svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>${svgOf('&x;')}`],
  ])('CONFORMANCE 4.5, S-44: a DOCTYPE is refused: %s', (_, text) => {
    expect(faultOf(text)).toBe('svg-doctype')
  })

  test.each([
    ['an entity that nobody declared', svgOf('&b;')],
    ['a reference without an end', svgOf('a &amp b')],
    ['a tag that is not closed', `<svg ${svgNamespace}><g></svg>`],
    ['tags that cross', svgOf('<g><a></g></a>')],
    ['an attribute without quotes', svgOf('<g a=b/>')],
    ['an attribute without a value', svgOf('<g a/>')],
    ['an attribute twice', svgOf('<g a="1" a="2"/>')],
    ['a prefix that nobody declared', svgOf('<o:credential verify="a.b.c"/>')],
    ['two roots', `${plain}${plain}`],
    ['text behind the end', `${plain}x`],
    ['a CDATA section without an end', svgOf('<![CDATA[ ')],
    ['a comment without an end', svgOf('<!-- ')],
    ['an instruction without an end', svgOf('<? ')],
    ['a declaration inside', svgOf('<!ELEMENT g ANY>')],
    ['an end too many', `${plain}</svg>`],
    ['a control character', svgOf('\u0001')],
    ['half a start tag', `<svg ${svgNamespace}><g `],
  ])('CONFORMANCE 4.5: %s is a broken picture', (_, text) => {
    expect(faultOf(text)).toBe('svg-broken')
  })

  test.each([
    ['no XML', 'hello'],
    ['a page', '<!DOCTYPE html><html><p>1</html>'],
    ['another XML', '<?xml version="1.0"?><feed><entry/></feed>'],
    ['an element of that name in another namespace', '<svg xmlns="urn:x"/>'],
    ['markup that begins wrong', '<<'],
    ['half a comment', '<!--'],
    ['bytes that are no text', Buffer.from([0x3c, 0xff, 0xfd])],
  ])('%s is no SVG at all', (_, text) => {
    expect(faultOf(text)).toBe('unknown-format')
  })

  test('S-44, S-45: size, elements, depth and attributes are bounded', () => {
    expect(faultOf(svgOf(' '.repeat(1024 * 1024)))).toBe('too-large')
    // <svg> and its two attributes count too.
    expect(faultOf(svgOf('<g/>'.repeat(19_997)))).toBe('read')
    expect(faultOf(svgOf('<g/>'.repeat(19_998)))).toBe('svg-too-complex')
    for (const node of ['<!---->', '<?a?>', '<![CDATA[]]>', '<g></g>'])
      expect(faultOf(svgOf(node.repeat(19_998)))).toBe('svg-too-complex')
    expect(faultOf(svgOf('<g>'.repeat(49) + '</g>'.repeat(49)))).toBe('read')
    expect(faultOf(svgOf('<g>'.repeat(50) + '</g>'.repeat(50)))).toBe('svg-too-complex')
    const attributes = (count: number): string => Array.from({ length: count }, (_, n) => ` a${n}=""`).join('')
    expect(faultOf(svgOf(`<g${attributes(19_996)}/>`))).toBe('read')
    expect(faultOf(svgOf(`<g${attributes(19_997)}/>`))).toBe('svg-too-complex')
  })

  test('a letter that could not be read when the file was made is no fault of it', () => {
    expect(faultOf(svgOf('<title>Ty\ufffd</title>'))).toBe('read')
  })
})
