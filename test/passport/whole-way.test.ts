import extractChunks from 'png-chunks-extract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { unbakeSvg } from '../../src/credentials/bake/svg.ts'
import { type Browser, startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'

let service: TestService
let foundation: Foundation

beforeAll(async () => {
  service = await startService()
  foundation = await givenFoundation(service)
})
afterAll(async () => await service.close())

/** Follows the redirect that a form answered with. */
async function follow(browser: Browser, response: { readonly headers: Record<string, unknown>; statusCode: number }) {
  expect(response.statusCode).toBe(303)
  return await browser.get(String(response.headers['location']))
}

const href = (body: string, words: string): string =>
  new RegExp(`href="([^"]+)"[^>]*>(?:<svg.*?</svg>)?${words}`).exec(body)?.[1] ?? `no link ${words}`

test('the whole way of a client without JavaScript: empty passport, own view, application, badge taken, file in hand', async () => {
  const maija = await foundation.browser('maija')
  const empty = await maija.get('/passi')
  expect(empty.statusCode).toBe(200)
  expect(empty.headers['cache-control']).toBe('no-store')
  expect(empty.body).toContain('Hei Maija!')
  expect(empty.body).toContain('Ensimmäinen merkki on lähellä: Hionta ja suojaimet.')
  // First visit: one button, and it is something the client can do alone.
  expect(empty.body.match(/class="btn( \w+)?"/g)).toHaveLength(1)
  expect(empty.body).toContain('Suojaimet ja työtilan valmistelu')

  // Two days of work, seen by Pekka; then the client's own view of each task, from the passport's own button.
  for (const task of ['t1', 't2']) {
    await foundation.record({ task, on: '2026-11-20' })
    await foundation.record({ task, on: '2026-11-21' })
  }
  for (const choice of ['3', '4']) {
    const passport = await maija.get('/passi')
    const question = href(passport.body, 'Arvioi itse')
    expect(question).toMatch(/^\/passi\/arvioi\//)
    const page = await maija.get(question)
    const hidden = Object.fromEntries(
      [...page.body.matchAll(/type="hidden" name="([a-z]\w*)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [
        name,
        value,
      ]),
    )
    await follow(maija, await maija.submit(question, { ...hidden, choice }))
  }

  const ready = await maija.get('/passi')
  expect(ready.body).toContain('Kaikki on valmiina. Voit nyt hakea merkkiä.')
  expect(ready.body).toContain('Osaan melkein itse')
  const apply = href(ready.body, 'Hae merkkiä')
  const tell = await maija.get(apply)
  expect(tell.body).toContain('Kaikki on valmiina. Voit hakea merkkiä.')
  const check = await maija.get(href(tell.body, 'Hae merkkiä'))
  expect(check.body).toContain('Saat vastauksen viimeistään')
  expect(check.body).toContain('4.12.2026')
  const sent = await follow(maija, await maija.submit(apply, { language: 'fi' }))
  expect(sent.body).toContain('Hakemus on lähetetty. Saat vastauksen 4.12.2026 mennessä.')
  // Sent twice: still one application.
  await follow(maija, await maija.submit(apply, { language: 'fi' }))

  const kaisa = await foundation.as('kaisa')
  const waiting = (await kaisa.get('/api/v1/applications?state=submitted')).json<{ data: { id: string }[] }>().data
  expect(waiting).toHaveLength(1)
  const decided = await kaisa.post(
    `/api/v1/applications/${waiting[0]?.id}/decision`,
    { outcome: 'award' },
    { 'idempotency-key': 'whole-way' },
  )
  expect(decided.statusCode, decided.body).toBe(201)

  const offered = await maija.get('/passi')
  expect(offered.body).toContain('Sinulle on merkki. Haluatko ottaa sen vastaan?')
  const badge = href(offered.body, 'Katso merkki')
  const asked = await maija.get(badge)
  expect(asked.body).toContain('Merkkiä ei näytetä kenellekään, ennen kuin otat sen vastaan.')
  expect((await maija.get(`${badge}/lataa/png`)).statusCode).toBe(404)
  const taken = await follow(maija, await maija.submit(`${badge}/vastaus`, { answer: 'accept' }))
  expect(taken.body).toContain('Merkki on nyt sinun.')
  await follow(maija, await maija.submit(`${badge}/vastaus`, { answer: 'accept' }))

  const png = await maija.get(href(taken.body, '<span>Kuva, jonka sisällä on merkki'))
  expect(png.statusCode).toBe(200)
  expect(png.headers).toMatchObject({
    'content-type': 'image/png',
    'cache-control': 'no-store',
    'content-disposition': 'attachment; filename="osaamismerkki-puupintojen-kasittely-hionta.png"',
  })
  const stored = await service.database.ownerDb
    .selectFrom('award')
    .select(['ob3_jwt', 'ob2_jws'])
    .where('tenant_id', '=', foundation.code)
    .executeTakeFirstOrThrow()
  expect(bakedTexts(png.rawPayload)).toEqual({ openbadgecredential: stored.ob3_jwt, openbadges: stored.ob2_jws })
  expect(taken.body).toContain('Tarkka kuva, jonka sisällä on merkki (SVG)')
  const svg = await maija.get(`${badge}/lataa/svg`)
  expect(svg.headers).toMatchObject({
    'content-type': 'image/svg+xml',
    'content-disposition': 'attachment; filename="osaamismerkki-puupintojen-kasittely-hionta.svg"',
  })
  expect(svg.headers['content-security-policy']).toMatch(/^default-src 'none';.*sandbox$/)
  expect(unbakeSvg(svg.rawPayload)).toEqual({ outcome: 'read', ob3: stored.ob3_jwt, ob2: stored.ob2_jws })
  expect((await maija.get(`${badge}/lataa/jwt`)).body).toBe(stored.ob3_jwt)
  expect((await maija.get(`${badge}/lataa/jws`)).body).toBe(stored.ob2_jws)

  const held = await maija.get('/passi')
  expect(held.body).toContain('Passissasi on 2 taitoa ja 1 merkki.')
  expect(held.body).toContain('Voimassa')
  // The way goes on: the next badge is where the client stands.
  expect(held.body).toMatch(/aria-current="step".*Maalaus ja lakkaus/s)
})

/** The texts of the uncompressed iTXt chunks by keyword, read by another program's chunk reader. */
function bakedTexts(png: Buffer): Record<string, string> {
  const chunks = extractChunks(new Uint8Array(png)).filter(({ name }) => name === 'iTXt')
  return Object.fromEntries(
    chunks.map(({ data }) => {
      const text = Buffer.from(data).toString('utf8')
      const end = text.indexOf('\0')
      return [text.slice(0, end), text.slice(end + 5)]
    }),
  )
}
