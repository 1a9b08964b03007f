import { randomUUID } from 'node:crypto'
import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Browser, signInByPage } from '../support/app.ts'
import { password } from '../support/given.ts'
import { brokenAddresses } from './broken-kinds.ts'
import { addressOf, givenWorld, type World } from './given-world.ts'
import { isApiRoute, nameOf, roleFor, type SeenRoute } from './seen-routes.ts'

// Pages under the same hands as the API: whatever comes, a page that a person can read, never a fault of ours (PRODUCT §5, Error pages).

let world: World
let browsers: ReadonlyMap<string, Browser>
beforeAll(async () => {
  world = await givenWorld()
  const signedIn = async (who: 'coordinator' | 'foundation_lead' | 'school'): Promise<Browser> => {
    const browser = world.service.browser()
    await signInByPage(browser, world.emails[who], password)
    return browser
  }
  browsers = new Map([
    ['nobody', world.service.browser()],
    ['client', await world.foundation.browser('maija')],
    ['coach', await world.foundation.browser('pekka')],
    ['coordinator', await signedIn('coordinator')],
    ['foundation_lead', await signedIn('foundation_lead')],
    ['school', await signedIn('school')],
    ['admin', await world.foundation.browser('admin')],
  ])
  for (const browser of browsers.values()) await browser.get('/tarkista')
})
afterAll(async () => await world.service.close())

type Fields = Readonly<Record<string, string | readonly string[]>>

/** A form as its page would send it, for each address that takes one. */
function forms(): Readonly<Record<string, Fields>> {
  const { things } = world
  const work = {
    task: things.task,
    support: 'minor',
    date: '2026-11-01',
    note: 'Hyvin meni',
    lateReason: 'Paperi löytyi',
    idempotencyKey: randomUUID(),
  }
  const record = { ...work, people: [things.client, things.otherClient], search: '', action: '' }
  return {
    '/kirjaudu': { email: 'nobody@nowhere.example', password: 'kuusi-hilla-joki-2', next: '/kirjaa' },
    '/kirjaudu/koodi': { code: 'ABCD2345', shared: 'yes' },
    '/kirjaudu/kortti': { card: `mer1${'0'.repeat(22)}`, pin: '0000', shared: 'yes' },
    '/kirjaudu/vahvistus': { code: '000000', next: '/kirjaa' },
    '/kirjaudu/vahvistus/uusi': { code: '000000', next: '/kirjaa' },
    '/kirjaudu/uudelleen': { password: 'kuusi-hilla-joki-2', code: '', next: '/kirjaa' },
    '/kirjaudu/lisaa-aikaa': { next: '/passi' },
    '/kayttoonotto/:link': { kind: 'school', organisation: 'Opisto', code: 'opi9', name: 'Aulis A.' },
    '/tili/salasana': { password: 'kuusi-hilla-joki-2', next: 'kuusi-hilla-joki-3' },
    '/tili/vahvistus': { password: 'kuusi-hilla-joki-2' },
    '/tili/laitteet': { name: 'Pajan tabletti' },
    '/tarkista': { badge: 'a.b.c', recipient: 'maija@example.fi' },
    '/kirjaa': record,
    '/kirjaa/tarkista': { ...record, level: ['minor', 'general'] },
    '/kirjaa/:id/korjaa': { ...work, replaceReason: 'Väärä päivä' },
    '/passi/arvioi/:task': { choice: '3', words: 'Osaan jo', idempotencyKey: randomUUID() },
    '/hakemukset/:id/tuki': { why: 'quality' },
    '/nayta/uusi': { awards: [things.award.id], lifetime: 'P1D' },
    '/merkit/:id/vastaus': { answer: 'accept' },
    '/merkit/:id/julkisuus': { public: 'yes' },
    '/merkit/:id/saaja': { email: 'maija@example.fi', remove: 'yes' },
    '/merkit/:id/hae': { language: 'fi' },
    '/merkit/:id/peru': { step: 'send', reason: 'misuse', note: 'Väärä henkilö', idempotencyKey: randomUUID() },
    '/hakemukset/:id/vastaus': { answer: 'agree', language: 'fi' },
    '/hallinta/avaimet': { name: 'Raportti', mode: 'live', scopes: ['modules:read', 'awards:read'], days: '30' },
    '/oppilaitos/suositukset/uusi': {
      badge: 'https://merkit.example/b/x',
      comment: 'Tunnistamme tämän',
      step: 'check',
    },
    '/hallinta/pyynnot/:id': { answer: 'Korjattu' },
    '/hallinta/pyynnot/uusi': { client: things.client, kind: 'copy', words: 'Nimi', day: '2026-11-01', sure: 'signed' },
    '/hallinta/kayttajat/uusi': { name: 'Ville V.', email: 'ville@nowhere.example', roles: ['coach', 'admin'] },
    '/hallinta/kayttajat/:id/roolit': { roles: 'coach' },
    '/hallinta/yksikot': { name: 'Keittiö' },
    '/hallinta/yksikot/:id': { name: 'Metallipaja' },
    '/hallinta/allekirjoitus/vaihda/:algorithm': { kid: things.signingKey },
    '/hallinta/allekirjoitus/:kid/vuotanut': {
      day: '2026-11-01',
      time: '14.30',
      step: 'send',
      confirm: things.signingKey,
    },
    '/hallinta/allekirjoitus/myontaminen': { turn: 'start', reason: 'solved' },
    '/kayttoonotto/tili/:link': { password: 'kuusi-hilla-joki-2' },
    '/hallinta/suhteet/:id/valmentajat': { coachId: things.coach, fromDay: '2026-12-01', untilDay: '' },
    '/hallinta/suhteet/:id/yksikko': { unitId: things.workUnit },
    '/hallinta/yksikot/:id/valmentajat': { coachId: things.coach, fromDay: '2026-12-01', untilDay: '' },
    '/hallinta/suhteet/:id/nimi': { given: 'Maija', family: 'Meikäläinen' },
    '/hallinta/suhteet/:id/turvakielto': { protected: 'no' },
    // Refused by the rule: nobody of this world may be joined away.
    '/hallinta/suhteet/:id/yhdista': { toinen: things.client },
    '/hallinta/sijaiset': {
      coachId: things.coach,
      standInId: things.coach,
      fromDay: '2026-12-01',
      untilDay: '2026-12-31',
    },
    '/hallinta/kutsut': { coachId: things.coach },
    '/tiedot/siirto': { code: 'ABCDEFGHJKMN' },
    '/tiedot/siirto/suostumus': { code: 'ABCDEFGHJKMN', which: 'join', take: ['badges', 'work'] },
    '/tiedot/korjaus': { words: 'Nimi on väärin' },
    '/hakemukset/:id/paatos': { step: 'send', outcome: 'return', reason: 'Vielä kerran', idempotencyKey: randomUUID() },
  }
}

/** What a field is filled with. */
const fillings: Readonly<Record<string, string | readonly string[]>> = {
  nothing: '',
  word: 'abc',
  NUL: 'a\0b',
  'NUL alone': '\0',
  '3 000 letters': 'ä'.repeat(3000),
  '250 letters with dots': 'ä'.repeat(250),
  '120 kB': 'x'.repeat(120_000),
  'the year 0': '0000-01-01',
  'the last year': '9999-12-31',
  'no day': '31.2.2026',
  statement: "'; drop table award; --",
  markup: '<script>alert(1)</script>"><img src=x onerror=alert(1)>',
  'the id of nothing': '00000000-0000-0000-0000-000000000000',
  'several times': ['abc', '', 'minor'],
  '600 times': Array.from({ length: 600 }, () => 'abc'),
  'name of Object': '__proto__',
  elsewhere: '//elsewhere.example',
}

/** Broken text that an encoder would mend; as it stands in the body. */
const rawBodies = [
  'a',
  '&&&',
  '=',
  '%zz=%zz',
  '_csrf',
  '%C3%28=1',
  'note=%ED%A0%80',
  '__proto__=1',
  'a[b]=1&a=2',
  'x'.repeat(300_000),
]

function fault(answer: LightMyRequestResponse): string | undefined {
  const { statusCode, headers, body } = answer
  if (statusCode >= 500) return `${statusCode} ${body.replaceAll(/<[^>]*>|\s+/g, ' ').slice(0, 200)}`
  const away = headers.location?.toString()
  if (away !== undefined && !/^\/(?!\/)/.test(away)) return `leads away to ${away}`
  const type = headers['content-type']?.toString() ?? ''
  if (
    statusCode !== 303 &&
    statusCode !== 304 &&
    statusCode >= 300 &&
    !type.startsWith('text/html') &&
    !type.startsWith('application/problem+json')
  )
    return `${statusCode} as ${type}`
  if (/<script>alert|<img src=x/.test(body)) return 'markup came through'
  return undefined
}

function browserFor(route: SeenRoute): Browser {
  const role =
    route.url === '/hakemukset' || route.url === '/hakemukset/:id' ? 'coordinator' : (roleFor(route) ?? 'nobody')
  const browser = browsers.get(role)
  if (!browser) throw new Error(`nobody is signed in as ${role}`)
  return browser
}

function pages(method: string): readonly SeenRoute[] {
  return world.routes.filter(
    (route) =>
      route.method === method && !isApiRoute(route) && !/^\/(?:assets|health|o|b|\.well-known)\b/.test(route.url),
  )
}

describe('every page', () => {
  test('with another id or query answers with a page', { timeout: 120_000 }, async () => {
    const found: string[] = []
    for (const route of pages('GET')) {
      const names = [...route.url.matchAll(/:(\w+)/g)].map(([, name = '']) => name)
      const page = addressOf(route.url, world.things)
      const addresses = [
        ...queries.map((query) => ({ kind: query.slice(0, 40), url: `${page}?${query}` })),
        ...names.flatMap((name) => brokenAddresses((id) => addressOf(route.url, world.things, { [name]: id }))),
      ]
      for (const { kind, url = '' } of addresses) {
        const wrong = fault(await browserFor(route).get(url))
        if (wrong) found.push(`${nameOf(route)}, ${kind}: ${wrong}`)
      }
    }
    expect(found).toEqual([])
  })

  const queries = [
    '%zz',
    '%00=%00',
    '__proto__=1',
    'lang=__proto__',
    'lang=fi&lang=sv',
    'a=1&'.repeat(2000),
    'tehty=award&kuka=abc',
    'tehty=revoked&kuka=',
    'tehty=award&kuka=%00',
    'tehty=abc',
    'tehty=award&tehty=reject',
    'kuka=abc',
    'kirjaus=%00',
    `kirjaus=${'%C3%A4'.repeat(250)}`,
    'korjattu=%00',
    'ennen=abc',
    'taidot=%00',
    'arvioitu=a&arvioitu=b',
    'osoite=%00',
    'osoite=javascript:alert(1)',
    'next=//elsewhere.example',
    'next=%5C%5Celsewhere.example',
    'next=/%09/elsewhere.example',
    'next=https:elsewhere.example',
    'next=%00',
  ]
})

describe('every form', () => {
  test('has a sample here', () => {
    const taken = pages('POST').filter(({ hasBody, url }) => hasBody || url === '/tarkista')
    expect(taken.length).toBeGreaterThan(8)
    expect(taken.map(({ url }) => url).filter((url) => !(url in forms()))).toEqual([])
  })

  test('with any filling of any field is answered with a page, in the person’s own origin', {
    timeout: 240_000,
  }, async () => {
    const found: string[] = []
    for (const route of pages('POST')) {
      const form = forms()[route.url] ?? { a: 'b' }
      const url = addressOf(route.url, world.things)
      for (const name of [...Object.keys(form), '_csrf'])
        for (const [kind, filling] of Object.entries(fillings)) {
          const answer = await browserFor(route).submit(url, { ...form, [name]: filling })
          const wrong = fault(answer)
          if (wrong) found.push(`${nameOf(route)}, ${name} ${kind}: ${wrong}`)
        }
    }
    expect(found).toEqual([])
  })

  test('with a body that is no form, or with another’s token, does nothing', async () => {
    const { app, deps } = world.service
    const found: string[] = []
    for (const route of pages('POST')) {
      const url = addressOf(route.url, world.things)
      for (const type of [
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=b',
        'application/json',
        'text/plain',
      ])
        for (const payload of rawBodies) {
          const headers = { 'content-type': type, accept: 'text/html', origin: deps.config.pagesOrigin }
          const answer = await app.inject({ method: 'POST', url, headers, payload })
          const wrong = fault(answer) ?? (answer.statusCode < 300 ? `${answer.statusCode}` : undefined)
          if (wrong) found.push(`${nameOf(route)} as ${type}, ${payload.slice(0, 20)}: ${wrong}`)
        }
    }
    expect(found).toEqual([])
  })

  test('from another site does nothing, though the session and the token are right (S-42)', async () => {
    // The broken ones before were wrong sign-ins too: this network would be slowed (S-17).
    await world.service.database.ownerDb.deleteFrom('sign_in_failure').execute()
    const { app, deps } = world.service
    const page = await app.inject({ url: '/kirjaudu', headers: { accept: 'text/html' } })
    const token = /name="_csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? ''
    const cookie = page.cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
    const own = deps.config.pagesOrigin
    const send = async (headers: Record<string, string>, _csrf = token): Promise<number> => {
      const payload = new URLSearchParams({ _csrf, email: world.emails.coach, password }).toString()
      const type = { 'content-type': 'application/x-www-form-urlencoded' }
      return (await app.inject({ method: 'POST', url: '/kirjaudu', headers: { cookie, ...type, ...headers }, payload }))
        .statusCode
    }
    expect(await send({ origin: own })).toBe(303)
    expect(await send({ 'sec-fetch-site': 'same-origin' })).toBe(303)
    expect(await send({ origin: own }, 'another token')).toBe(403)
    expect(await send({ origin: own, cookie: '' })).toBe(403)
    for (const site of ['cross-site', 'same-site', 'none', '']) {
      expect(await send({ 'sec-fetch-site': site, origin: own }), site).toBe(403)
    }
    for (const origin of ['null', 'https://elsewhere.example', `${own}.elsewhere.example`, '']) {
      expect(await send({ origin }), origin).toBe(403)
    }
    expect(await send({})).toBe(403)
  })
})
