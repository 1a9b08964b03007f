import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { messages } from '../../src/i18n/index.ts'
import { accept, type GivenAward, givenOffered, publicOrigin, show } from '../publication/given-award.ts'
import { type Browser, startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'
import { markupFaults } from '../support/markup.ts'

const { badges, checks, error, verify } = messages('fi')
let service: TestService
let foundation: Foundation
let award: GivenAward
let maija: Browser
const email = 'maija.k@posti.example'
const page = (): string => `/merkit/${award.id}`

beforeAll(async () => {
  service = await startService({ publicOrigin })
  foundation = await givenFoundation(service)
  award = await givenOffered(foundation)
  maija = await foundation.browser('maija')
  service.at('2026-11-22T09:05:00Z')
})
afterAll(async () => await service.close())

const jwt = async (): Promise<string> => {
  const { ownerDb } = service.database
  const row = await ownerDb.selectFrom('award').select('ob3_jwt').where('id', '=', award.id).executeTakeFirstOrThrow()
  return row.ob3_jwt
}

// The tests follow one client through one badge, in order.
describe('the e-mail mark on the page of an offered badge (DESIGN, Recipient; CONFORMANCE 5.5)', () => {
  test('is closed at first, and says in plain words what it is, who can test it and that it is final', async () => {
    const { body } = await maija.get(page())
    expect(body).toContain(`<details><summary>${badges.emailSummary}</summary>`)
    for (const words of [badges.emailLead, badges.emailHow, badges.emailGuessBefore, badges.emailFinal]) {
      expect(body).toContain(words)
    }
    expect(body).not.toContain(badges.emailCarried)
    expect(markupFaults(body)).toEqual([])
  })

  test('a bad address comes back with the form filled in, open, and what to do', async () => {
    for (const wrong of ['maija', 'maija@"><b>', '']) {
      const answer = await maija.submit(`${page()}/saaja`, { email: wrong })
      expect(answer.statusCode).toBe(422)
      expect(answer.body).toContain('<details open>')
      expect(answer.body).toContain(`<a href="#email">${error.email}</a>`)
      expect(answer.body).toContain('aria-invalid="true"')
      expect(answer.body).toContain(
        `value="${wrong.replace('"', '&quot;').replace('>', '&gt;').replace('<b>', '&lt;b&gt;')}"`,
      )
      expect(markupFaults(answer.body)).toEqual([])
    }
  })

  test('a right one is in the badge, and the page says so without repeating it', async () => {
    const answer = await maija.submit(`${page()}/saaja`, { email: ` ${email.toUpperCase()}` })
    expect([answer.statusCode, answer.headers.location]).toEqual([303, `${page()}?tehty=tunniste`])
    const { body } = await maija.get(`${page()}?tehty=tunniste`)
    for (const words of [badges.emailAdded, badges.emailCarried, badges.emailGuess, badges.emailRemove]) {
      expect(body).toContain(words)
    }
    expect(body.toLowerCase()).not.toContain(email)
    expect(markupFaults(body)).toEqual([])
  })

  test('the check page compares the badge with an address: right, in capitals, other', async () => {
    const badge = await jwt()
    const ask = async (recipient: string): Promise<string> => {
      await maija.get('/tarkista')
      return (await maija.submit('/tarkista', { badge, recipient })).body
    }
    for (const right of [email, ` ${email.toUpperCase()} `]) {
      const body = await ask(right)
      expect(body).toContain(`<h1>${verify.ok}</h1>`)
      expect(body).toContain(checks['recipient-right'])
      expect(body).not.toContain(verify.whose)
      expect(body.toLowerCase()).not.toContain(email)
    }
    const other = await ask('antti@posti.example')
    expect(other).toContain(`<h1>${verify.bad}</h1>`)
    expect(other).toContain(checks['recipient-other'])
    expect(await ask('')).toContain(verify.whose)
    const long = await ask('a'.repeat(501))
    expect(long).toContain(messages('fi').error.tooLong({ count: 500 }))
    expect(markupFaults(long)).toEqual([])
  })

  test('is taken out again', async () => {
    service.at('2026-11-22T09:06:00Z')
    const answer = await maija.submit(`${page()}/saaja`, { remove: 'yes' })
    expect(answer.headers.location).toBe(`${page()}?tehty=tunniste-pois`)
    const { body } = await maija.get(`${page()}?tehty=tunniste-pois`)
    expect(body).toContain(badges.emailRemoved)
    expect(body).not.toContain(badges.emailCarried)
    // An old address tells nothing untrue.
    expect((await maija.get(`${page()}?tehty=tunniste`)).body).not.toContain(badges.emailAdded)
  })

  test('once the badge is taken it stays, the page says that it is there, and so does the page before it is public', async () => {
    service.at('2026-11-22T09:07:00Z')
    await maija.submit(`${page()}/saaja`, { email })
    service.at('2026-11-22T09:08:00Z')
    await accept(foundation, award)
    const taken = (await maija.get(page())).body
    expect(taken).toContain(badges.emailCarried)
    expect(taken).not.toContain(badges.emailRemove)
    expect((await maija.get(`${page()}/julkisuus`)).body).toContain(badges.emailGuess)
    const late = await maija.submit(`${page()}/saaja`, { remove: 'yes' })
    expect(late.statusCode).toBe(409)
    expect(late.body).toContain(error.codes['recipient-too-late'])
    expect((await maija.submit(`${page()}/saaja`, { email: 'x' })).body).not.toContain(error.email)
    await show(foundation, award, true)
    const shown = await service.app.inject({ url: `/b/${award.publicId}`, headers: { accept: 'text/html' } })
    expect(shown.statusCode).toBe(200)
  })

  test('in every language', async () => {
    service.at('2026-11-22T09:09:00Z')
    const other = await givenOffered(foundation, 'antti')
    const antti = await foundation.browser('antti')
    for (const lang of ['sv', 'en'] as const) {
      const { body } = await antti.get(`/merkit/${other.id}?lang=${lang}`)
      expect(body).toContain(messages(lang).badges.emailSummary)
      expect(body).toContain(messages(lang).badges.emailFinal)
    }
  })
})
