import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import extractChunks from 'png-chunks-extract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { main } from '../../src/cli/main.ts'
import { bakePng, unbakePng } from '../../src/credentials/bake/png.ts'
import { unbakeSvg } from '../../src/credentials/bake/svg.ts'
import { type Badges, badgesOf, chunk, payloadOf, publicDocuments, smallPng } from '../support/badge-world.ts'
import { worldOf } from '../verification/presented.ts'

const drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
let folder: string
let badges: Badges

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bake-test-'))
  badges = await badgesOf()
  await write('plain.png', smallPng())
  await write('plain.svg', drawing)
  await write('ob3.jwt', `${badges.ob3}\n`)
  await write('ob3.json', JSON.stringify(badges.json, undefined, 2))
  await write('ob2.jws', badges.ob2)
  await write('hosted.json', JSON.stringify({ ...payloadOf(badges.ob2), id: 'https://a.example/1' }))
  await write('both.png', bakePng(smallPng(), { ob3: badges.ob3, ob2: badges.ob2 }))
  await write('rubbish.txt', 'not a badge')
  await write('world.json', JSON.stringify(worldOf(await publicDocuments())))
})
afterAll(async () => await rm(folder, { recursive: true, force: true }))

const inFolder = (name: string): string => join(folder, name)
const write = async (name: string, content: string | Uint8Array): Promise<void> =>
  await writeFile(inFolder(name), content)
const readOut = async (name: string): Promise<Buffer> => await readFile(inFolder(name))

type Said = { readonly code: number; readonly out: string; readonly err: string }

/** Words that look like the name of a file are files of the folder. */
async function call(line: string, stdin: Uint8Array | string = ''): Promise<Said> {
  const said = { out: '', err: '' }
  const words = line.split(' ').map((word) => (/^[\w/]+\.\w+$/.test(word) ? inFolder(word) : word))
  const code = await main(words, {
    out: (text) => void (said.out += text),
    err: (text) => void (said.err += text),
    stdin: Readable.from(stdin.length === 0 ? [] : [Buffer.from(stdin)]),
    env: {},
    isTerminal: false,
  })
  return { code, ...said }
}

describe('bake', () => {
  test('CONFORMANCE 4.1, 4.2: puts both versions into a PNG, as another reader sees', async () => {
    const { code, out, err } = await call('bake plain.png ob3.jwt ob2.jws --out one.png')
    expect([code, out]).toEqual([0, ''])
    expect(err).toMatch(/one\.png: Open Badges 3\.0 and 2\.0 inside, \d+ bytes\.\n$/)
    const texts = extractChunks(await readOut('one.png')).filter(({ name }) => name === 'iTXt')
    expect(texts.map(({ data }) => Buffer.from(data).toString())).toEqual([
      `openbadgecredential\0\0\0\0\0${badges.ob3}`,
      `openbadges\0\0\0\0\0${badges.ob2}`,
    ])
    expect((await call(`verify one.png --world world.json --at 2026-12-01T00:00:00Z`)).code).toBe(0)
  })

  test('CONFORMANCE 4.3, 4.4: puts both into an SVG, one after the other, JSON too', async () => {
    expect((await call('bake plain.svg ob2.jws --out one.svg')).code).toBe(0)
    expect((await call('bake one.svg ob3.json --out two.svg')).code).toBe(0)
    const baked = unbakeSvg(await readOut('two.svg'))
    expect(baked).toMatchObject({ outcome: 'read', ob2: badges.ob2 })
    expect(baked.outcome === 'read' && JSON.parse(baked.ob3 ?? '')).toEqual(badges.json)
    expect((await call(`verify two.svg --world world.json --at 2026-12-01T00:00:00Z`)).code).toBe(0)
    expect((await call('bake plain.svg hosted.json --out hosted.svg')).code).toBe(0)
    expect(unbakeSvg(await readOut('hosted.svg'))).toEqual({ outcome: 'read', ob2: 'https://a.example/1' })
  })

  test('CONFORMANCE 4.3: bakes anew, and replaces a file only when told to', async () => {
    const again = await call('bake both.png ob3.json --out both.png')
    expect([again.code, again.err]).toEqual([
      2,
      expect.stringMatching(/both\.png cannot be written: it is there already/),
    ])
    expect((await call('bake both.png ob3.json --out both2.png --yes')).code).toBe(0)
    expect((await call('bake both2.png ob3.jwt --out both2.png --yes')).code).toBe(0)
    expect(unbakePng(await readOut('both2.png'))).toEqual({ outcome: 'read', ob3: badges.ob3, ob2: badges.ob2 })
  })

  test('takes the badge from standard input', async () => {
    expect((await call('bake plain.svg - --out piped.svg', badges.ob3)).code).toBe(0)
    expect(unbakeSvg(await readOut('piped.svg'))).toEqual({ outcome: 'read', ob3: badges.ob3 })
  })

  test.each([
    ['bake', 2, /Say which picture/],
    ['bake plain.png', 2, /Say which badge to put into .*plain\.png/],
    ['bake plain.png ob3.jwt', 2, /Say where to write the picture: --out FILE/],
    ['bake gone.png ob3.jwt --out x.png', 2, /gone\.png cannot be read: there is no such file/],
    ['bake plain.png gone.jwt --out x.png', 2, /gone\.jwt cannot be read/],
    ['bake plain.png ob3.jwt ob3.json --out x.png', 2, /ob3\.json is the second of Open Badges 3\.0/],
    ['bake plain.png ob2.jws hosted.json --out x.png', 2, /hosted\.json is the second of Open Badges 2\.0/],
    ['bake plain.png both.png --out x.png', 2, /both\.png is a picture, not a badge\. .*unbake/],
    ['bake plain.png ob3.jwt --out gone/x.png', 2, /cannot be written: its folder is not there/],
    ['bake plain.png ob3.jwt ob2.jws ob3.json --out x.png', 2, /one word too many/],
    ['bake plain.png ob3.jwt --yse --out x.png', 2, /Did you mean --yes\?/],
    ['bake plain.png rubbish.txt --out x.png', 1, /rubbish\.txt cannot be baked: This is not a badge/],
    ['bake ob3.jwt ob3.jwt --out x.png', 1, /ob3\.jwt is neither PNG nor SVG/],
    ['bake half.png ob3.jwt --out x.png', 1, /half\.png cannot be baked into: The picture is broken/],
    ['bake doctype.svg ob3.jwt --out x.svg', 1, /doctype\.svg cannot be baked into: The SVG picture has a DOCTYPE/],
    ['bake address.txt ob3.jwt --out x.svg', 1, /address\.txt is neither/],
    ['bake plain.png address.txt --out x.png', 2, /address\.txt holds an address, not a badge/],
    ['bake plain.png clr.json --out x.png', 1, /clr\.json is a collection of badges/],
    ['bake large.png ob3.jwt --out x.png', 1, /could not be read: The file is too large/],
  ])('%s', async (line, expected, message) => {
    await write('half.png', smallPng().subarray(0, 40))
    await write('doctype.svg', `<!DOCTYPE svg>${drawing}`)
    await write('address.txt', 'https://a.example/1')
    await write('clr.json', JSON.stringify({ ...badges.json, type: ['VerifiableCredential', 'ClrCredential'] }))
    await write('large.png', smallPng(chunk('abCd', Buffer.alloc(1024 * 1024 - 500))))
    const { code, out, err } = await call(line)
    expect([code, out]).toEqual([expected, ''])
    expect(err).toMatch(message)
    await expect(readOut('x.png')).rejects.toThrow('ENOENT')
  })
})

describe('unbake', () => {
  test('prints the badges as they are, the 3.0 one first, or the one asked for', async () => {
    expect(await call('unbake both.png')).toEqual({ code: 0, out: `${badges.ob3}\n${badges.ob2}\n`, err: '' })
    expect(await call('unbake both.png --format ob2')).toEqual({ code: 0, out: `${badges.ob2}\n`, err: '' })
    expect((await call('unbake -', await readOut('both.png'))).out).toContain(badges.ob3)
    await write('old.png', smallPng(chunk('tEXt', Buffer.from('openbadges\0https://a.example/1'))))
    expect((await call('unbake old.png')).out).toBe('https://a.example/1\n')
  })

  test('writes exactly what was baked, into a file or a folder', async () => {
    expect((await call('unbake both.png --format ob3 --out taken.jwt')).code).toBe(0)
    expect((await readOut('taken.jwt')).toString()).toBe(badges.ob3)
    await mkdir(inFolder('taken.d'))
    const { code, err } = await call('unbake both.png --out taken.d')
    expect([code, err]).toEqual([0, `${inFolder('taken.d/ob3.jwt')}\n${inFolder('taken.d/ob2.jws')}\n`])
    expect((await readOut('taken.d/ob2.jws')).toString()).toBe(badges.ob2)
    await write('json.png', bakePng(smallPng(), { ob3: JSON.stringify(badges.json), ob2: 'https://a.example/1' }))
    expect((await call('unbake json.png --out taken.d')).code).toBe(0)
    expect(JSON.parse((await readOut('taken.d/ob3.json')).toString())).toEqual(badges.json)
    expect((await readOut('taken.d/ob2.txt')).toString()).toBe('https://a.example/1')
  })

  test.each([
    ['unbake', 2, /Say which picture/],
    ['unbake gone.png', 2, /there is no such file/],
    ['unbake both.png --format ob1', 2, /give one of ob3, ob2/],
    ['unbake both.png --out two.jwt', 2, /There are two badges in .*both\.png\. Say which one by --format/],
    ['unbake both.png --format ob3 --out ob3.jwt', 2, /it is there already\. .*--yes/],
    ['unbake plain.svg', 1, /plain\.svg: There is no badge inside the picture/],
    ['unbake plain.png', 1, /plain\.png: There is no badge inside the picture/],
    ['unbake ob3.jwt', 1, /ob3\.jwt is neither PNG nor SVG/],
    ['unbake broken.svg', 1, /broken\.svg: The SVG picture is broken/],
    ['unbake one3.svg --format ob2', 1, /no badge of the format ob2 in .*one3\.svg/],
  ])('%s', async (line, expected, message) => {
    await write('broken.svg', drawing.replace('</svg>', ''))
    await call('bake plain.svg ob3.jwt --out one3.svg --yes')
    const { code, out, err } = await call(line)
    expect([code, out]).toEqual([expected, ''])
    expect(err).toMatch(message)
  })
})
