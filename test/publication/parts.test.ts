import { describe, expect, test } from 'vitest'
import { bakedSvg } from '../../src/badges/picture.ts'
import { NotSvg } from '../../src/credentials/bake/svg.ts'
import { askedFirst } from '../../src/publication/accept.ts'
import { parsePublicPath } from '../../src/publication/public-path.ts'
import { lookInWorld, World } from '../../src/publication/world-file.ts'

describe('a public path', () => {
  const id = `mer1${'aB3'.repeat(7)}x`
  const where = { tenant: 'mer1', slug: 'puu-hionta', version: 12, language: 'sv' }

  test.each([
    ['/.well-known/jwks.json', { kind: 'key-set' }],
    ['/o/mer1', { kind: 'issuer', tenant: 'mer1' }],
    ['/o/mer1/ob2', { kind: 'issuer-ob2', tenant: 'mer1' }],
    ['/o/mer1/jwks.json', { kind: 'issuer-keys', tenant: 'mer1' }],
    ['/o/mer1/did.json', { kind: 'did', tenant: 'mer1' }],
    ['/o/mer1/revoked', { kind: 'revoked', tenant: 'mer1' }],
    ['/o/mer1/revoked/ob2', { kind: 'revoked-ob2', tenant: 'mer1' }],
    ['/o/mer1/keys/rsa-1', { kind: 'key', tenant: 'mer1', kid: 'rsa-1' }],
    ['/o/mer1/keys/rsa-1/ob2', { kind: 'key-ob2', tenant: 'mer1', kid: 'rsa-1' }],
    ['/o/mer1/status/7', { kind: 'status-list', tenant: 'mer1', list: 7 }],
    ['/o/mer1/badges/puu-hionta/12/sv', { kind: 'achievement', ...where }],
    ['/o/mer1/badges/puu-hionta/12/sv/ob2', { kind: 'badge-class-ob2', ...where }],
    ['/o/mer1/badges/puu-hionta/12/sv.png', { kind: 'picture', form: 'png', isSmall: false, ...where }],
    ['/o/mer1/badges/puu-hionta/12/sv.svg?size=128', { kind: 'picture', form: 'svg', isSmall: true, ...where }],
    [`/b/${id}`, { kind: 'award', tenant: 'mer1', publicId: id, form: 'page' }],
    [`/b/${id}.json`, { kind: 'award', tenant: 'mer1', publicId: id, form: 'json' }],
    [`/b/${id}/ob2`, { kind: 'award', tenant: 'mer1', publicId: id, form: 'ob2' }],
  ])('%s', (path, expected) => {
    expect(parsePublicPath(path)).toEqual(expected)
  })

  test.each([
    '',
    '/',
    '/o',
    '/o/mer1/',
    '/o/mer12',
    '/o/mer1//ob2',
    '/o/mer1/constructor',
    '/o/mer1/status/0',
    '/o/mer1/status/01',
    '/o/mer1/keys/RSA',
    '/o/mer1/badges/-x/1/fi',
    '/o/mer1/badges/x/1/FI',
    '/o/mer1/badges/x/1/fi?size=128',
    '/o/mer1/badges/x/1/fi.png?size=129',
    `/b/${id}0`,
    `/b/${id}.gif`,
    `/b/${id}/`,
    `/o/mer1/badges/${'a-'.repeat(200)}/1/fi`,
    '/o/mer1\n',
  ])('%j is none', (path) => {
    expect(parsePublicPath(path)).toBeUndefined()
  })
})

test('the asked content type: weight first, then the order of the offers (RFC 9110 §12.5.1)', () => {
  const offers = ['application/ld+json', 'application/json', 'text/html'] as const
  expect(askedFirst(undefined, offers)).toBe('application/ld+json')
  expect(askedFirst('*/*', offers)).toBe('application/ld+json')
  expect(askedFirst('application/json', offers)).toBe('application/json')
  expect(askedFirst('application/*;q=0.2, text/html;q=0.3', offers)).toBe('text/html')
  expect(askedFirst('application/ld+json;q=0, */*', offers)).toBe('application/json')
  expect(askedFirst('text/html;q=7', offers)).toBe('application/ld+json')
  expect(askedFirst('TEXT/HTML;level=1', offers)).toBe('text/html')
})

describe('CONFORMANCE 4.3, 4.4, 4.6: a baked SVG', () => {
  const award = { ob3Jwt: 'a.b.c', ob2Jws: 'd.e.f' }

  test('has both credentials first, and everything else as it was', () => {
    expect(bakedSvg('<svg xmlns="http://www.w3.org/2000/svg" width="4"><g/></svg>', award).toString()).toBe(
      '<svg xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0" xmlns="http://www.w3.org/2000/svg" width="4"><openbadges:credential verify="a.b.c"/><openbadges:assertion xmlns:openbadges="http://openbadges.org" verify="d.e.f"/><g/></svg>',
    )
  })

  test('is refused for what is no picture, and for a text that is no JWT', () => {
    expect(() => bakedSvg('<html><g/></html>', award)).toThrow(NotSvg)
    expect(() => bakedSvg('<svg xmlns="http://www.w3.org/2000/svg"/>', { ...award, ob3Jwt: 'a"><script>' })).toThrow(
      TypeError,
    )
  })
})

describe('a world file', () => {
  const world = World.parse({
    'https://a.example/o/mer1': { status: 200, contentType: 'application/json', body: '{"ä":1}' },
    'https://a.example/x.png': { status: 200, contentType: 'image/png', body: 'AAEC', encoding: 'base64' },
  })

  test('answers what it holds, also for a part of a document, the same bytes each time', async () => {
    const look = lookInWorld(world)
    const whole = await look('https://a.example/o/mer1', 'issuer')
    const part = await look('https://a.example/o/mer1#key', 'key')
    expect(whole).toMatchObject({ outcome: 'found', status: 200, body: Buffer.from('{"ä":1}') })
    expect(part.outcome === 'found' && whole.outcome === 'found' && part.body === whole.body).toBe(true)
    expect(await look('https://a.example/x.png', 'badge')).toMatchObject({ body: Buffer.from([0, 1, 2]) })
  })

  test('tells nothing of anything else', async () => {
    const closed = { outcome: 'not-fetched', why: 'closed' }
    expect(await lookInWorld(world)('https://a.example/o/mer2', 'issuer')).toEqual(closed)
    expect(await lookInWorld(world)('constructor', 'issuer')).toEqual(closed)
    expect(World.safeParse({ a: { status: 200, contentType: 'x', body: 1 } }).success).toBe(false)
  })
})
