import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import extractChunks from 'png-chunks-extract'
import { beforeAll, describe, expect, test } from 'vitest'
import { clients, organisations } from '../../../src/cli/demo/people.ts'
import { fileNames, type Out } from './files.ts'

type Words = { readonly where: string; readonly text: string }

/** A file's bytes as text, and everything that is packed inside: texts of a PNG, parts of a JWS, JSON without its escapes. */
export function* unpacked(where: string, bytes: Buffer): Generator<Words> {
  const text = bytes.toString('utf8')
  if (bytes.subarray(1, 4).toString() === 'PNG') {
    for (const { name, data } of extractChunks(bytes)) {
      const content = Buffer.from(data)
      if (name.endsWith('Xt')) yield* unpacked(`${where} ${name}`, content.subarray(content.lastIndexOf(0) + 1))
    }
    return
  }
  yield { where, text }
  if (/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(text)) {
    for (const part of text.split('.').slice(0, 2)) yield* unpacked(`${where} JWS`, Buffer.from(part, 'base64url'))
  }
  if (/^\s*\{/.test(text)) yield { where: `${where} JSON`, text: JSON.stringify(JSON.parse(text)) }
}

/** Everything that can be read in `out/`. */
async function everythingIn({ folder, world }: Out): Promise<readonly Words[]> {
  const files = await Promise.all(fileNames.map(async (name) => [name, await readFile(join(folder, name))] as const))
  const documents = Object.entries(world).map(
    ([address, { body, encoding }]) => [address, Buffer.from(body, encoding ?? 'utf8')] as const,
  )
  return [...files, ...documents].flatMap(([where, bytes]) => [...unpacked(where, bytes)])
}

/** DESIGN: the support level stays inside the foundation. As a member, as a code, and in words, also bent, in all three languages. */
export const supportLevelWords =
  /support[ _-]?level|"(?:enhanced|general|minor)"|(?:tehostet|yle(?:inen|is)|vähäi)\S*\s+tu(?:ki|e)|(?:intensifierat?|allmänt|litet)\s+stöd|(?:enhanced|general|minor)\s+support/iu

/** What must not get out does not: support level, names, addresses. */
export function nothingPrivate(out: () => Out): void {
  let everything: readonly Words[] = []
  beforeAll(async () => {
    everything = await everythingIn(out())
  })
  const whereFound = (pattern: RegExp): readonly string[] =>
    everything.filter(({ text }) => pattern.test(text)).map(({ where, text }) => `${where}: ${pattern.exec(text)?.[0]}`)

  describe('in no byte of out/, also not inside signatures and pictures', () => {
    test('and the search finds what is there', () => {
      expect(whereFound(/Pintakäsittely siveltimellä/).length).toBeGreaterThan(5)
      expect(whereFound(/^badge\.png iTXt JWS/).length).toBe(0)
      const places = new Set(everything.map(({ where }) => where))
      for (const where of ['badge.png iTXt JWS', 'revoked.png iTXt JWS', 'ob2.jws JWS', 'ob3.jwt JWS JSON'])
        expect(places).toContain(where)
    })

    test('PRODUCT 12.12: is a support level', () => {
      for (const words of ['"supportLevel":', '"minor"', 'Yleisellä tuella', 'litet stöd', 'General support'])
        expect(words).toMatch(supportLevelWords)
      expect(whereFound(supportLevelWords)).toEqual([])
    })

    test('is the name of a client', () => {
      const names = Object.values(clients)
        .flat()
        .flatMap(({ given, family }) => [`${given} ${family}`, `${family} ${given}`, family, given])
        // Shorter ones could stand in a key by chance.
        .filter((name) => name.length > 3)
      const found = new RegExp(String.raw`(?<![\p{L}\d_-])(?:${names.join('|')})(?![\p{L}\d_-])`, 'u')
      expect('awarded to Maija, yesterday').toMatch(found)
      expect(whereFound(found)).toEqual([])
    })

    test('is the name of anybody on the staff', () => {
      const names = organisations.flatMap(({ staff }) => staff.flatMap(({ name, signInName }) => [name, signInName]))
      expect(everything.filter(({ text }) => names.some((name) => text.includes(name)))).toEqual([])
    })

    test('is an e-mail address, save the issuers’ own', () => {
      const own = new Set(organisations.map(({ email }) => email))
      const found = everything.flatMap(({ text }) => text.match(/(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+/g) ?? [])
      expect(new Set(found)).toEqual(own)
    })
  })
}
