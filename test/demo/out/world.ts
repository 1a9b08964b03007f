import { describe, expect, test } from 'vitest'
import { bakedText, documentAt, type Out, payloadOf, textOf } from './files.ts'

const origin = 'https://merkit.example'

/** Every address of the origin in a text, without what stands behind #. */
function addressesIn(text: string): readonly string[] {
  const found = text.match(/https:\/\/merkit\.example[^\s"'<>\\]*/g) ?? []
  return found.map((address) => address.split('#')[0] ?? '')
}

/** What `verification.startsWith` of a 2.0 profile names is the beginning of addresses, and none itself (CONFORMANCE 1.4). */
const isBeginning = (address: string): boolean => /\/b\/[0-9a-z]{4}$/.test(address)

const typeOf = (path: string): string => {
  if (path.endsWith('.png')) return 'image/png'
  if (path.endsWith('.svg')) return 'image/svg+xml'
  if (path.endsWith('.jwt')) return 'text/plain'
  if (path.endsWith('jwks.json')) return 'application/jwk-set+json'
  if (path.endsWith('did.json')) return 'application/did+ld+json'
  if (/\/(revoked|keys\/(rsa|p256)[^/]*)$/.test(path)) return 'application/json'
  if (path.startsWith('/b/') && !path.endsWith('/ob2')) return 'application/vc+ld+json'
  return path.includes('/status/') ? 'application/vc+ld+json' : 'application/ld+json'
}

/** The world is whole: whoever starts at the badge finds everything that it points to. */
export function worldIsWhole(out: () => Out): void {
  describe('world.json', () => {
    test('has every address that the badges name, and every address that its own documents name', () => {
      const { world, ob3Json, ob3Jwt, ob2, revoked } = out()
      const jws = [ob3Jwt, ob2, bakedText(revoked, 'openbadgecredential'), bakedText(revoked, 'openbadges')]
      const seen = new Set<string>()
      const texts = [ob3Json, ...jws.map((one) => JSON.stringify(payloadOf(one)))]
      const follow = (text: string): void => {
        for (const address of addressesIn(text)) {
          if (seen.has(address) || isBeginning(address)) continue
          seen.add(address)
          const document = world[address]
          expect(document?.status, address).toBe(200)
          if (document && document.encoding === undefined) follow(document.body)
        }
      }
      texts.forEach(follow)
      expect(seen.size).toBeGreaterThan(20)
      Object.values(world).forEach((document) => {
        if (document.encoding === undefined) follow(document.body)
      })
    })

    test('has for each badge what an outside verifier asks besides: the host’s key set, the lists, the did document', () => {
      const { world, ob3Jwt } = out()
      const issuer = textOf(payloadOf(ob3Jwt), 'iss')
      for (const address of [
        `${origin}/.well-known/jwks.json`,
        `${issuer}/jwks.json`,
        `${issuer}/did.json`,
        `${issuer}/revoked`,
      ])
        expect(documentAt(world, address)).toBeTypeOf('object')
    })

    test('CONFORMANCE 1.5, 2.8, 3.8: each has the content type of its kind; pictures are base64, the rest is text', () => {
      for (const [address, { contentType, encoding, body }] of Object.entries(out().world)) {
        expect(contentType, address).toBe(typeOf(new URL(address).pathname))
        expect(encoding, address).toBe(contentType === 'image/png' ? 'base64' : undefined)
        expect(body.length, address).toBeGreaterThan(50)
      }
    })

    test('CONFORMANCE T11: a document with an address of its own lies at that address', () => {
      const { world } = out()
      const own = Object.keys(world).filter((address) => /\/o\/[^.]+$/.test(address) && !/\/keys\/[^/]+$/.test(address))
      expect(own.length).toBeGreaterThan(30)
      for (const address of own) expect(documentAt(world, address)['id']).toBe(address)
    })

    test('the badge that its client made public is there in every form, byte for byte; no other is', () => {
      const { world, summary, ob3Json, ob3Jwt, ob2, badge } = out()
      const address = `${origin}/b/${summary.awards.kept.publicId}`
      expect(world[`${address}.jwt`]?.body).toBe(ob3Jwt)
      expect(world[`${address}.json`]?.body).toBe(ob3Json)
      expect(Buffer.from(world[`${address}.png`]?.body ?? '', 'base64').equals(badge)).toBe(true)
      const svg = world[`${address}.svg`]?.body ?? ''
      expect(
        [...svg.matchAll(/<openbadges:(\w+)[^>]* verify="([^"]*)"/g)].map(([, name, text]) => [name, text]),
      ).toEqual([
        ['credential', ob3Jwt],
        ['assertion', ob2],
      ])
      const { badge: badgeClass, recipient, issuedOn } = payloadOf(ob2)
      expect(documentAt(world, `${address}/ob2`)).toMatchObject({
        id: `${address}/ob2`,
        verification: { type: 'HostedBadge' },
        badge: badgeClass,
        recipient,
        issuedOn,
      })
      const others = Object.keys(world).filter((one) => one.startsWith(`${origin}/b/`) && !one.startsWith(address))
      expect(others).toEqual([])
    })
  })
}
