import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bakePng } from '../../src/credentials/bake/png.ts'
import { messages } from '../../src/i18n/index.ts'
import { startService, type TestService } from '../support/app.ts'
import { jwsOf, payloadOf, smallPng } from '../support/badge-world.ts'
import { givenFoundation } from '../support/given.ts'
import { markupFaults } from '../support/markup.ts'
import { givenOffered, publicOrigin, revoke } from '../publication/given-award.ts'
import { keyOf } from './given-keys.ts'
import { multipartOf, multipartType, type Part, withOneLetterChanged } from './presented.ts'

const { verify, error } = messages('fi')
let service: TestService
let ob3: string
let revokedJwt: string
let png: Buffer

beforeAll(async () => {
  service = await startService({ publicOrigin })
  const foundation = await givenFoundation(service, { code: 'mer1' })
  const jwtOf = async (id: string): Promise<string> => {
    const { ownerDb } = service.database
    const row = await ownerDb.selectFrom('award').select('ob3_jwt').where('id', '=', id).executeTakeFirstOrThrow()
    return row.ob3_jwt
  }
  ob3 = await jwtOf((await givenOffered(foundation)).id)
  const second = await givenOffered(foundation, 'antti')
  revokedJwt = await jwtOf(second.id)
  await revoke(foundation, second)
  png = Buffer.from(bakePng(smallPng(), { ob3 }))
})
afterAll(async () => await service.close())

type Answer = Awaited<ReturnType<TestService['app']['inject']>>

/** The form of the page sent as a browser without JavaScript sends it: multipart, with the page's own token and cookie. */
async function send(...parts: readonly Part[]): Promise<Answer> {
  const page = await service.app.inject({ url: '/tarkista', headers: { accept: 'text/html' } })
  const token = /name="_csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? ''
  return await service.app.inject({
    method: 'POST',
    url: '/tarkista',
    payload: multipartOf({ name: '_csrf', text: token }, ...parts),
    headers: {
      'content-type': multipartType,
      accept: 'text/html',
      origin: service.deps.config.pagesOrigin,
      cookie: page.cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
    },
  })
}

const text = (value: string): Part => ({ name: 'badge', text: value })
const file = (bytes: Uint8Array, name = 'merkki.png'): Part => ({ name: 'file', file: name, bytes })
const noFile = file(Buffer.alloc(0), '')

function titleOf({ body }: Answer): string {
  return /<h1>([^<]+)<\/h1>/.exec(body)?.[1] ?? ''
}

describe('/tarkista', () => {
  test('is open to all: one form for link, text and file, nothing stored on the way', async () => {
    const page = await service.app.inject({ url: '/tarkista', headers: { accept: 'text/html' } })
    expect(page.statusCode).toBe(200)
    expect(page.headers['cache-control']).toBe('no-store')
    expect(page.body).toContain('enctype="multipart/form-data"')
    expect(page.body).toContain(verify.lead)
    expect(markupFaults(page.body)).toEqual([])
  })

  test('a link from elsewhere fills the field, and is only text', async () => {
    const link = 'https://merkit.example/b/x"><script>alert(1)</script>'
    const page = await service.app.inject({ url: `/tarkista?osoite=${encodeURIComponent(link)}` })
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain('https://merkit.example/b/x&quot;&gt;&lt;script&gt;')
    const long = await service.app.inject({ url: `/tarkista?osoite=https://a.example/${'a'.repeat(3000)}` })
    expect([long.statusCode, long.body.includes('></textarea>')]).toEqual([200, true])
  })

  test('an uploaded picture: genuine and valid, with what it says and each check', async () => {
    const answer = await send(text(''), file(png))
    expect([answer.statusCode, titleOf(answer)], answer.body).toEqual([200, verify.ok])
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(answer.body).toContain('Meriva')
    expect(answer.body).toContain('merkit.example')
    expect(answer.body).toContain(verify.whose)
    expect(answer.body).toContain(verify.next.ok)
    for (const check of ['signature', 'key', 'status'] as const)
      expect(answer.body).toContain(`>${verify.checks[check]}<`)
    expect(markupFaults(answer.body)).toEqual([])
  })

  test('pasted text, with the empty part of a file that was not chosen', async () => {
    const answer = await send(text(`  ${ob3}\r\n`), noFile)
    expect([answer.statusCode, titleOf(answer)]).toEqual([200, verify.ok])
  })

  test('a chosen file goes before a text that was left in the field', async () => {
    expect(titleOf(await send(text('https://elsewhere.example/b'), file(png)))).toBe(verify.ok)
  })

  test('the same form sent without files, URL-encoded', async () => {
    const browser = service.browser()
    await browser.get('/tarkista')
    expect(titleOf(await browser.submit('/tarkista', { badge: ob3 }))).toBe(verify.ok)
  })

  test('revoked: cannot be accepted, and why', async () => {
    const answer = await send(text(revokedJwt), noFile)
    expect([answer.statusCode, titleOf(answer)]).toEqual([200, verify.bad])
    expect(answer.body).toMatch(/Myöntäjä on perunut merkin\. \p{Lu}/u)
    expect(answer.body).toContain(verify.untrusted)
    expect(answer.body).toContain(verify.next.bad)
  })

  test('changed, unreachable, early: each of the other kinds', async () => {
    expect(titleOf(await send(text(withOneLetterChanged(ob3)), noFile))).toBe(verify.bad)
    expect(titleOf(await send(text('https://elsewhere.example/b/1'), noFile))).toBe(verify.unknown)
    service.at('2026-11-21T00:00:00Z')
    try {
      const early = await send(text(ob3), noFile)
      expect(titleOf(early)).toBe(verify.warning)
      expect(early.body).toContain('Merkki tulee voimaan 22.11.2026.')
    } finally {
      service.at('2026-11-22T09:00:00Z')
    }
  })

  test("CONFORMANCE 6.11: a badge's texts are a stranger's: nothing in them becomes markup, and its links lead only where links may", async () => {
    const key = await keyOf(service, 'mer1', 'RS256')
    const bold = '<b>Aito</b><script>alert(1)</script>'
    const payload = payloadOf(ob3)
    const written = JSON.stringify({ ...payload, name: bold }).replaceAll(
      /"targetUrl":"[^"]*"/g,
      '"targetUrl":"javascript:alert(1)"',
    )
    const answer = await send(text(jwsOf({ alg: 'RS256', kid: key.kid, typ: 'JWT' }, written, key)), noFile)
    expect(answer.body).toContain('&lt;b&gt;Aito&lt;/b&gt;&lt;script&gt;')
    expect(answer.body).not.toContain('href="javascript:')
    expect(markupFaults(answer.body)).toEqual([])
  })

  describe('what holds no badge is no forgery: it says so, and the form comes again', () => {
    const jsonOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))

    test.each([
      ['a picture without a badge', [text(''), file(smallPng(), 'kuvakaappaus.png')]],
      ['a page that was saved', [text(''), file(Buffer.from('<!doctype html><p>Merkki</p>'), 'sivu.html')]],
      ['another JSON', [text(''), file(jsonOf({ name: 'Maija' }), 'a.json')]],
      ['an empty file', [text(''), file(Buffer.alloc(0), 'a.json')]],
      ['rubbish', [text('moi'), noFile]],
      ['a sentence', [text('moi. mitä kuuluu?'), noFile]],
      ['an address of ours with nothing at it', [text('https://merkit.example/b/nothing'), noFile]],
      ['an address without its beginning', [text('www.merkit.example/b/1'), noFile]],
    ] as const)('%s', async (_name, parts) => {
      const answer = await send(...parts)
      expect([answer.statusCode, titleOf(answer)], answer.body).toEqual([200, verify.nothingFound])
      expect(answer.body).toContain(verify.nothingFoundHelp)
      for (const words of [verify.bad, verify.verdicts.invalid, verify.next.bad])
        expect(answer.body).not.toContain(words)
      expect(answer.body).toMatch(/<form [^>]*action="\/tarkista"[^>]*multipart/)
      expect(markupFaults(answer.body)).toEqual([])
    })

    test('with what was typed, to be put right, and what an address lacks', async () => {
      const answer = await send(text('www.merkit.example/b/1'), { name: 'recipient', text: 'maija@a.example' }, noFile)
      expect(answer.body).toContain('>www.merkit.example/b/1</textarea>')
      expect(answer.body).toContain('value="maija@a.example"')
      expect(answer.body).toContain(verify.withoutScheme)
      expect((await send(text('moi'), noFile)).body).not.toContain(verify.withoutScheme)
    })

    test('a badge that cannot be accepted is still told so', async () => {
      const hosted = {
        '@context': 'https://w3id.org/openbadges/v2',
        type: 'Assertion',
        id: 'https://merkit.example/b/nothing',
        badge: 'https://merkit.example/b/nothing',
        verification: { type: 'HostedBadge' },
      }
      // Damaged so that its header is none: a badge was given all the same.
      const damaged = `eyJ!${ob3.slice(4)}`
      for (const given of [jsonOf(hosted), Buffer.from(damaged), bakePng(smallPng(), { ob3: damaged })])
        expect(titleOf(await send(text(''), file(given)))).toBe(verify.bad)
    })
  })

  test('the link of a page that a person shows here: what it is, and the way to it', async () => {
    const { host, origin } = new URL(service.deps.config.pagesOrigin)
    for (const link of [`${origin}/j/abc_DEF-1`, ` ${host}/j/abc_DEF-1?lang=sv\r\n`]) {
      const answer = await send(text(link), noFile)
      expect([answer.statusCode, titleOf(answer)]).toEqual([200, verify.pageLink])
      expect(answer.body).toMatch(new RegExp(`href="/j/abc_DEF-1"[^>]*>(<[^>]+>)*${verify.pageLinkAction}`))
      expect(answer.body).toContain(link.trim())
      expect(markupFaults(answer.body)).toEqual([])
    }
    // Of somebody else's host it is an address like any other.
    expect(titleOf(await send(text('https://elsewhere.example/j/abc'), noFile))).toBe(verify.unknown)
  })

  test('the hint names every kind of file that a client can download', () => {
    for (const language of ['fi', 'sv', 'en'] as const)
      expect(messages(language).verify.uploadHint).toMatch(/PNG, SVG, JSON, JWT \p{L}+ JWS,/u)
  })

  test('nothing given: 422, the form again and what to do', async () => {
    for (const answer of [await send(text(' \r\n'), noFile), await send()]) {
      expect([answer.statusCode, titleOf(answer)]).toEqual([422, verify.title])
      expect(answer.body).toContain(`<title>${error.titlePrefix} ${verify.title}`)
      expect(answer.body).toContain(`<a href="#badge">${verify.nothingGiven}</a>`)
      expect(markupFaults(answer.body)).toEqual([])
    }
  })

  test('a file over one megabyte: 422 with what was typed kept', async () => {
    const answer = await send(text('https://merkit.example/b/oma'), file(Buffer.alloc(1_048_577)))
    expect([answer.statusCode, titleOf(answer)]).toEqual([422, verify.title])
    expect(answer.body).toContain(`<a href="#file">${verify.tooLarge}</a>`)
    expect(answer.body).toContain('>https://merkit.example/b/oma</textarea>')
    const long = await send(text('x'.repeat(1_048_577)), noFile)
    expect([long.statusCode, long.body.includes(verify.textTooLong)]).toEqual([422, true])
  })

  test('a form that is cut short is a request that cannot be read; one from elsewhere is refused (S-42)', async () => {
    const headers = { accept: 'text/html', origin: service.deps.config.pagesOrigin, 'content-type': multipartType }
    const cut = multipartOf(text(ob3)).subarray(0, 150)
    expect((await service.app.inject({ method: 'POST', url: '/tarkista', payload: cut, headers })).statusCode).toBe(400)
    const whole = multipartOf(text(ob3), noFile)
    expect((await service.app.inject({ method: 'POST', url: '/tarkista', payload: whole, headers })).statusCode).toBe(
      403,
    )
  })

  test('in Swedish and English too', async () => {
    const browser = service.browser()
    for (const [lang, words] of [
      ['sv', messages('sv').verify],
      ['en', messages('en').verify],
    ] as const) {
      expect((await browser.get(`/tarkista?lang=${lang}`)).body).toContain(words.lead)
      const answer = await browser.submit('/tarkista', { badge: ob3 })
      expect(titleOf(answer)).toBe(words.ok)
      expect(answer.body).toContain(words.whose)
      // The language switch of the answer leads to a page that answers GET.
      expect(answer.body).toContain('href="/tarkista?lang=fi"')
    }
  })

  test('nothing of a badge is left in the log', async () => {
    const told: string[] = []
    const keep = (facts: Record<string, unknown>): void => void told.push(JSON.stringify(facts))
    const before = { ...service.deps.log }
    Object.assign(service.deps.log, { info: keep, warn: keep, error: keep })
    try {
      await send(text(ob3), noFile)
      await send(text('canary-canary'), noFile)
    } finally {
      Object.assign(service.deps.log, before)
    }
    expect(told.length).toBeGreaterThan(2)
    expect(told.join('\n')).not.toMatch(/canary|eyJ|mer1/)
  })
})
