import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Language, languages, messages } from '../../src/i18n/index.ts'
import { paths } from '../../src/web/paths.ts'
import { type Browser, startService, type TestService } from '../support/app.ts'
import { type ClientName, type Foundation, givenFoundation } from '../support/given.ts'
import { markupFaults } from '../support/markup.ts'
import { givenApplication } from './filled-applications.ts'

const t = messages('fi')
const now = '2026-11-22T09:00:00Z'
const why = 'Tee hionta vielä <kerran>. Olet hyvässä vauhdissa.'
const written = 'Tee hionta vielä &lt;kerran&gt;. Olet hyvässä vauhdissa.'

let service: TestService
let foundation: Foundation
let kaisa: Browser

beforeAll(async () => {
  service = await startService()
})
afterAll(async () => await service.close())
beforeEach(async () => {
  service.at(now)
  foundation = await givenFoundation(service)
  kaisa = await foundation.browser('kaisa')
})

/** The page's words as a person reads them. */
function words(page: LightMyRequestResponse): string {
  return page.body
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll(/\s+/g, ' ')
    .replaceAll(' .', '.')
}

function hidden(page: LightMyRequestResponse, name: string): string {
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(page.body)?.[1] ?? `no ${name}`
}

/** What is chosen on the page. */
function chosen(page: LightMyRequestResponse): readonly string[] {
  return [...page.body.matchAll(/value="([^"]*)" checked/g)].map((match) => match[1] ?? '')
}

async function follow(browser: Browser, answer: LightMyRequestResponse): Promise<LightMyRequestResponse> {
  expect(answer.statusCode, words(answer)).toBe(303)
  return await browser.get(String(answer.headers.location))
}

/** A form that came back: 422, the title says so, the summary has the focus and leads to the field. */
function expectError(page: LightMyRequestResponse, field: string, message: string): void {
  expect(page.statusCode).toBe(422)
  expect(page.body).toContain(`<title>${t.error.titlePrefix} `)
  expect(page.body).toContain('role="alert" tabindex="-1" autofocus')
  expect(page.body).toContain(`<a href="#${field}">${message}</a>`)
  expect(markupFaults(page.body)).toEqual([])
}

async function awards(): Promise<number> {
  const { count } = await service.database.ownerDb
    .selectFrom('award')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('tenant_id', '=', foundation.code)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** An application that waits for Kaisa, met by Pekka's records. */
async function applied(who: ClientName = 'maija'): Promise<string> {
  await foundation.readyForSanding(who)
  return await givenApplication(foundation, 'hionta', who)
}

/** The check page of a decision, come to as a person does. */
async function checked(id: string, outcome: string, reason = ''): Promise<LightMyRequestResponse> {
  const page = await kaisa.get(paths.application(id))
  return await kaisa.submit(paths.decision(id), {
    step: 'check',
    outcome,
    reason,
    idempotencyKey: hidden(page, 'idempotencyKey'),
  })
}

/** What the check page's own form sends. */
function sent(check: LightMyRequestResponse, step = 'send'): Record<string, string> {
  const reason = /name="reason" value="([^"]*)"/.exec(check.body)?.[1] ?? ''
  return {
    step,
    outcome: hidden(check, 'outcome'),
    reason: reason.replaceAll('&lt;', '<').replaceAll('&gt;', '>'),
    idempotencyKey: hidden(check, 'idempotencyKey'),
  }
}

async function awarded(who: ClientName = 'maija'): Promise<{ readonly application: string; readonly award: string }> {
  const application = await applied(who)
  await follow(kaisa, await kaisa.submit(paths.decision(application), sent(await checked(application, 'award'))))
  const { award_id: award } = await service.database.ownerDb
    .selectFrom('application')
    .select('award_id')
    .where('tenant_id', '=', foundation.code)
    .where('id', '=', application)
    .executeTakeFirstOrThrow()
  return { application, award: award ?? '' }
}

test('a coach proposes, the client agrees, the coordinator checks and awards: every page says what comes next', async () => {
  await foundation.readyForSanding()
  const sari = await foundation.browser('sari')
  const person = await sari.get(paths.client(foundation.clients.maija))
  // 3 taps: Ehdota, Lähetä ehdotus, and the client's own.
  const way = paths.proposeBadge(foundation.clients.maija, foundation.badge('hionta').classId)
  expect(person.body).toContain(`href="${way}"`)
  const check = await sari.get(way)
  expect(check.statusCode).toBe(200)
  expect(markupFaults(check.body)).toEqual([])
  expect(words(check)).toContain('Ehdota merkkiä: Hionta ja suojaimet')
  expect(words(check)).toContain('Maija Korhonen')
  expect(check.body).toContain('alt="Merkki: Hionta ja suojaimet. Myöntäjä: Meriva."')
  expect(words(check)).toMatch(/Hionta ja kittaus 2 \/ 2 Valmis/)
  const proposed = await follow(sari, await sari.submit(way, {}))
  expect(words(proposed)).toContain(t.group.proposed({ name: 'Maija' }))
  // Sent twice: still one proposal. The check page now says where it stands.
  await follow(sari, await sari.submit(way, {}))
  const again = await sari.get(way)
  expect(words(again)).toContain(t.group.badgeState.proposed)
  expect(again.body).not.toContain(t.group.proposeAction)

  const list = await kaisa.get(paths.applications())
  expect(words(list)).toMatch(/Odottavat päätöstä Hakemuksia ei ole juuri nyt\./)
  expect(words(list)).toMatch(/Odottavat valmentautujaa .*Maija Korhonen.*Ehdotettu 22\.11\.2026\. Ehdottaja: Sari L\./)
  const id = /\/hakemukset\/([0-9a-f-]{36})/.exec(list.body)?.[1] ?? ''
  const early = await kaisa.get(paths.application(id))
  expect(early.body).not.toContain('name="outcome"')

  const maija = await foundation.browser('maija')
  await maija.get(paths.applyForBadge(foundation.badge('hionta').classId))
  expect((await maija.submit(paths.answerProposal(id), { answer: 'agree', language: 'fi' })).statusCode).toBe(303)

  const page = await kaisa.get(paths.application(id))
  expect(markupFaults(page.body)).toEqual([])
  expect(words(page)).toContain('Ehdottaja: Sari L.')
  expect(words(page)).toContain('Pekka R. antoi koodin, jolla valmentautuja kirjautui. Silloin tehty: hakemus')
  const checkPage = await checked(id, 'award')
  expect(checkPage.statusCode).toBe(200)
  expect(markupFaults(checkPage.body)).toEqual([])
  expect(words(checkPage)).toContain(t.applications.checkAward)
  expect(await awards()).toBe(0)
  const done = await follow(kaisa, await kaisa.submit(paths.decision(id), sent(checkPage)))
  expect(words(done)).toContain(t.applications.done.award({ name: 'Maija' }))
  expect(words(done)).toMatch(/Viimeksi päätetyt .*Maija Korhonen.*Päätetty 22\.11\.2026 Myönnetty/)
  expect(markupFaults(done.body)).toEqual([])

  // The coach proposes no more: the client has to answer first.
  expect(words(await sari.get(way))).toContain(t.group.badgeState.offered)
  const late = await sari.submit(way, {})
  expectError(late, 'standing', t.error.codes['already-awarded'])
})

describe('a decision', () => {
  test('the same form sent twice makes one award and tells the same', async () => {
    const id = await applied()
    const form = sent(await checked(id, 'award'))
    const answers = await Promise.all([
      kaisa.submit(paths.decision(id), form),
      kaisa.submit(paths.decision(id), form),
      kaisa.submit(paths.decision(id), form),
    ])
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([303, 303, 303])
    expect(new Set(answers.map(({ headers }) => headers.location)).size).toBe(1)
    expect(await awards()).toBe(1)
  })

  test.each(['return', 'reject'] as const)(
    'to %s needs a reason, keeps what was typed, and reaches the client',
    async (outcome) => {
      const id = await applied()
      const empty = await checked(id, outcome, '  ')
      expectError(empty, 'reason', t.error.writeReason)
      expect(chosen(empty)).toEqual([outcome])
      const long = await checked(id, outcome, 'a'.repeat(2001))
      expectError(long, 'reason', t.error.tooLong({ count: 2000 }))
      expect(long.body).toContain('a'.repeat(2001))
      // Made up; the check character fits.
      const coded = await checked(id, outcome, 'Tunnus 010101-123N')
      expectError(coded, 'reason', t.error.identityCode)
      expect(coded.body).toContain('Tunnus 010101-123N</textarea>')
      // The same by the API (PRODUCT, Principles 10).
      const program = await foundation.as('kaisa')
      const body = { outcome, reason: 'Tunnus 010101-123N' }
      const refused = await program.post(`/api/v1/applications/${id}/decision`, body, { 'idempotency-key': id })
      expect(refused.statusCode).toBe(422)

      const check = await checked(id, outcome, why)
      expect(check.body).toContain(written)
      const done = await follow(kaisa, await kaisa.submit(paths.decision(id), sent(check)))
      expect(words(done)).toContain(t.applications.done[outcome]({ name: 'Maija' }))
      const page = await kaisa.get(paths.application(id))
      expect(page.body).toContain(written)
      const maija = await foundation.browser('maija')
      expect((await maija.get(paths.applyForBadge(foundation.badge('hionta').classId))).body).toContain(written)
      expect(await awards()).toBe(0)
    },
  )

  test('a page that answers a form has its language links at the page that the form stands on', async () => {
    const id = await applied()
    const check = await checked(id, 'return', why)
    expect(check.body).toContain(`href="/hakemukset/${id}?lang=sv"`)
    expect((await kaisa.get(`/hakemukset/${id}?lang=sv`)).statusCode).toBe(200)
  })

  test('nothing chosen: asked again, and the words are kept', async () => {
    const id = await applied()
    const page = await checked(id, 'nonsense', why)
    expectError(page, 'outcome', t.error.chooseOne)
    expect(page.body).toContain(`${written}</textarea>`)
    expect(chosen(page)).toEqual([])
  })

  test('Muuta on the check page goes back with everything as it was chosen, and no word of it in an address', async () => {
    const id = await applied()
    const back = await kaisa.submit(paths.decision(id), sent(await checked(id, 'return', why), 'change'))
    expect(back.statusCode).toBe(200)
    expect(chosen(back)).toEqual(['return'])
    expect(back.body).toContain(`${written}</textarea>`)
    const check = await kaisa.submit(paths.decision(id), { ...sent(back, 'check'), outcome: 'return', reason: why })
    expect(words(check)).toContain(t.applications.confirm.return)
  })

  test('a rule that is not met: no way to award, what is missing has its name, and an award is refused in words', async () => {
    const id = await givenApplication(foundation, 'maalaus', 'maija')
    const page = await kaisa.get(paths.application(id))
    expect(page.body).not.toContain('value="award"')
    expect(words(page)).toContain('Merkki: Hionta ja suojaimet')
    expect(page.body).not.toContain(foundation.badge('hionta').slug)
    expect(words(page)).toContain(t.applications.ruleUnmet)
    expectError(await checked(id, 'award'), 'outcome', t.error.kinds['criteria-unmet'])
    const forced = { ...sent(await checked(id, 'return', why)), outcome: 'award' }
    expectError(await kaisa.submit(paths.decision(id), forced), 'outcome', t.error.kinds['criteria-unmet'])
    expect(await awards()).toBe(0)
  })

  test('who proposed does not decide, whatever the decision', async () => {
    await foundation.grant('kaisa', 'coach')
    const relation = {
      tenant_id: foundation.code,
      client_id: foundation.clients.maija,
      account_id: foundation.accounts.kaisa,
    }
    // Who decides for the whole foundation proposes only to the own clients (S-12).
    await service.database.ownerDb
      .insertInto('client_coach')
      .values({ ...relation, from_day: '2024-01-01', until_day: null })
      .execute()
    // Another role ends every session (S-14).
    kaisa = await foundation.browser('kaisa')
    await foundation.readyForSanding()
    await kaisa.get(paths.client(foundation.clients.maija))
    const way = paths.proposeBadge(foundation.clients.maija, foundation.badge('hionta').classId)
    expect((await kaisa.submit(way, {})).statusCode).toBe(303)
    const id = await givenApplication(foundation, 'hionta', 'maija')
    const page = await kaisa.get(paths.application(id))
    expect(words(page)).toContain(t.applications.youProposed)
    expect(page.body).not.toContain('name="outcome"')
    for (const outcome of ['award', 'reject'] as const) {
      const form = { outcome, reason: why, idempotencyKey: `proposer ${outcome}` }
      for (const step of ['check', 'send']) {
        const refused = await kaisa.submit(paths.decision(id), { ...form, step })
        expectError(refused, 'about', t.error.codes['decider-is-proposer'])
      }
    }
    expect(await awards()).toBe(0)
  })

  test('who recorded all the work does not decide', async () => {
    await foundation.grant('sari', 'coordinator')
    await foundation.readyForSanding('maija', 'sari')
    const id = await givenApplication(foundation, 'hionta', 'maija')
    const sari = await foundation.browser('sari')
    expect(words(await sari.get(paths.application(id)))).toContain(t.applications.youObservedAll)
    const form = { step: 'send', outcome: 'award', reason: '', idempotencyKey: 'observer' }
    expectError(await sari.submit(paths.decision(id), form), 'about', t.error.codes['decider-is-only-observer'])
    // Somebody else may.
    await follow(kaisa, await kaisa.submit(paths.decision(id), sent(await checked(id, 'award'))))
    expect(await awards()).toBe(1)
  })

  test('somebody else was faster: told in words, with the state as it is now', async () => {
    const id = await applied()
    const check = await checked(id, 'return', why)
    await follow(kaisa, await kaisa.submit(paths.decision(id), sent(await checked(id, 'reject', why))))
    const late = await kaisa.submit(paths.decision(id), sent(check))
    expectError(late, 'about', t.error.codes['not-submitted'])
    expect(words(late)).toContain(t.applications.states.rejected)
  })

  test('an old form is told as such, not as somebody else’s page', async () => {
    const id = await applied()
    const check = await checked(id, 'award')
    const stale = await kaisa.submit(paths.decision(id), { ...sent(check), _csrf: 'old' })
    expect(stale.statusCode).toBe(403)
    expect(words(stale)).toContain(t.error.codes.csrf)
    expect(words(stale)).not.toContain(t.error.forbiddenHelp)
  })
})

describe('the list', () => {
  test('oldest first, and late is said in words', async () => {
    service.at('2026-11-02T09:00:00Z')
    await applied()
    service.at('2026-11-21T09:00:00Z')
    await applied('antti')
    service.at(now)
    kaisa = await foundation.browser('kaisa')
    const page = await kaisa.get(paths.applications())
    expect(words(page)).toMatch(/Maija Korhonen.*Vastausaika meni 16\.11\.2026.*Antti Halonen.*Vastaa viimeistään/)
  })

  test('a coach sees those of the own clients, and only looks', async () => {
    const { application } = await awarded('antti')
    const sari = await foundation.browser('sari')
    expect((await sari.get(paths.applications())).body).not.toContain('Antti')
    expect((await sari.get(paths.application(application))).statusCode).toBe(404)
    const pekka = await foundation.browser('pekka')
    const list = await pekka.get(paths.applications())
    expect(words(list)).toMatch(/Viimeksi päätetyt .*Antti Halonen.*Myönnetty/)
    expect(list.body).toContain('href="/hakemukset" aria-current="page"')
    const page = await pekka.get(paths.application(application))
    expect(page.statusCode).toBe(200)
    expect(page.body).not.toContain(t.awards.revoke)
  })

  test('many decided: the latest ones are there', async () => {
    const first = await applied()
    await follow(kaisa, await kaisa.submit(paths.decision(first), sent(await checked(first, 'reject', why))))
    for (let day = 1; day <= 10; day += 1) {
      service.at(`2026-12-${String(day).padStart(2, '0')}T09:00:00Z`)
      kaisa = await foundation.browser('kaisa')
      const id = await givenApplication(foundation, 'hionta', 'maija')
      await follow(kaisa, await kaisa.submit(paths.decision(id), sent(await checked(id, 'return', why))))
    }
    const page = words(await kaisa.get(paths.applications()))
    expect(page).toContain('Päätetty 10.12.2026')
    expect(page).not.toContain('Päätetty 22.11.2026')
  })

  test('what stands in the address after an act is checked like everything else', async () => {
    for (const query of [
      '?tehty=award&kuka=x',
      '?tehty=nothing',
      '?tehty=award&kuka=00000000-0000-7000-8000-000000000000',
    ]) {
      expect((await kaisa.get(`${paths.applications()}${query}`)).statusCode).toBe(200)
    }
  })
})

describe('a revocation', () => {
  test('says what it does, needs a reason, keeps what was typed, and is done once', async () => {
    const { application, award } = await awarded()
    const detail = await kaisa.get(paths.application(application))
    expect(detail.body).toContain(`href="${paths.revocation(award)}"`)
    const page = await kaisa.get(paths.revocation(award))
    expect(markupFaults(page.body)).toEqual([])
    expect(words(page)).toContain(t.awards.revokeLead)
    expect(chosen(page)).toEqual([])
    const idempotencyKey = hidden(page, 'idempotencyKey')
    const empty = await kaisa.submit(paths.revocation(award), { reason: '', note: why, idempotencyKey })
    expectError(empty, 'reason', t.error.chooseOne)
    expect(empty.body).toContain(`${written}</textarea>`)
    const short = await kaisa.submit(paths.revocation(award), { reason: 'misuse', note: 'ei', idempotencyKey })
    expectError(short, 'note', t.error.writeReason)
    expect(chosen(short)).toEqual(['misuse'])

    const form = { reason: 'issued-in-error', note: why, idempotencyKey }
    const done = await follow(kaisa, await kaisa.submit(paths.revocation(award), form))
    expect(words(done)).toContain(t.awards.revoked({ name: 'Maija' }))
    const list = words(await kaisa.get(paths.applications()))
    expect(list).toMatch(/Viimeksi päätetyt .*Maija Korhonen.*Päätetty 22\.11\.2026 Peruttu/)
    expect(list).not.toContain(t.applications.states.awarded)
    await follow(kaisa, await kaisa.submit(paths.revocation(award), form))
    const after = await kaisa.get(paths.revocation(award))
    expect(markupFaults(after.body)).toEqual([])
    expect(words(after)).toContain(t.awards.alreadyRevoked)
    expect(words(after)).toContain(t.awards.reasons['issued-in-error'])
    expect(after.body).not.toContain(`>${t.awards.revokeAction}</button>`)
    const state = await kaisa.get(paths.application(application))
    expect(words(state)).toContain(t.awards.states.revoked)
    expect(state.body).not.toContain(paths.revocation(award))
    // The same form changed and sent again changes nothing.
    const changed = await kaisa.submit(paths.revocation(award), { ...form, reason: 'misuse' })
    expectError(changed, 'reason', t.error.kinds['idempotency-mismatch'])
  })
})

describe('who may', () => {
  test.each([
    ['the list', 200, 200, 403, () => paths.applications()],
    ['an application', 200, 200, 403, ({ application }: { application: string }) => paths.application(application)],
    ['a revocation', 200, 403, 403, ({ award }: { award: string }) => paths.revocation(award)],
    [
      'a proposal',
      403,
      200,
      403,
      () => paths.proposeBadge(foundation.clients.antti, foundation.badge('hionta').classId),
    ],
  ] as const)(
    '%s: coordinator %i, coach %i, client %i, nobody: sign in first',
    async (_, coordinator, coach, client, path) => {
      const ids = await awarded('antti')
      const address = path(ids)
      const seen = [kaisa, await foundation.browser('pekka'), await foundation.browser('antti')].map(
        async (browser) => (await browser.get(address)).statusCode,
      )
      expect(await Promise.all(seen)).toEqual([coordinator, coach, client])
      const stranger = await service.browser().get(address)
      expect(stranger.statusCode).toBe(303)
      expect(stranger.headers.location).toBe(`${paths.signIn()}?next=${encodeURIComponent(address)}`)
    },
  )

  test('neither coach nor client decides or revokes, and nobody else proposes', async () => {
    const id = await applied('antti')
    const form = { step: 'send', outcome: 'award', reason: '', idempotencyKey: 'k' }
    const revoke = { reason: 'misuse', note: '', idempotencyKey: 'k' }
    const propose = paths.proposeBadge(foundation.clients.antti, foundation.badge('maalaus').classId)
    for (const who of ['pekka', 'antti'] as const) {
      const browser = await foundation.browser(who)
      await browser.get(paths.home())
      expect((await browser.submit(paths.decision(id), form)).statusCode).toBe(403)
      expect((await browser.submit(paths.revocation(id), revoke)).statusCode).toBe(403)
    }
    await kaisa.get(paths.home())
    expect((await kaisa.submit(propose, {})).statusCode).toBe(403)
    // A coach of others: not among this coach's people, so there is nobody.
    const sari = await foundation.browser('sari')
    await sari.get(paths.home())
    expect((await sari.submit(propose, {})).statusCode).toBe(404)
    expect(await awards()).toBe(0)
  })

  test('another foundation’s ids are the ids of nothing (S-11)', async () => {
    const { application, award } = await awarded()
    const other = await givenFoundation(service, { name: 'Toinen' })
    const stranger = await other.browser('kaisa')
    const coach = await other.browser('pekka')
    const way = paths.proposeBadge(foundation.clients.maija, foundation.badge('hionta').classId)
    for (const path of [paths.application(application), paths.revocation(award)])
      expect((await stranger.get(path)).statusCode).toBe(404)
    expect((await coach.get(way)).statusCode).toBe(404)
    expect(
      (await coach.get(paths.proposeBadge(other.clients.maija, foundation.badge('hionta').classId))).statusCode,
    ).toBe(404)
    await stranger.get(paths.home())
    await coach.get(paths.home())
    const form = { step: 'send', outcome: 'return', reason: why, idempotencyKey: 'k' }
    expect((await stranger.submit(paths.decision(application), form)).statusCode).toBe(404)
    const revoke = { reason: 'misuse', note: '', idempotencyKey: 'k' }
    expect((await stranger.submit(paths.revocation(award), revoke)).statusCode).toBe(404)
    expect((await coach.submit(way, {})).statusCode).toBe(404)
    expect(words(await stranger.get(paths.applications()))).not.toContain('Maija')
  })
})

describe('in three languages', () => {
  const levels = (language: Language): readonly string[] => {
    const { enhanced, general, minor } = messages(language).supportLevel
    return [enhanced, general, minor]
  }

  test.each(languages)(
    '%s: the pages speak it, and a support level stands only where who decides needs it (S-12)',
    async (language) => {
      const words = messages(language)
      const { application, award } = await awarded()
      const open = await applied('antti')
      const pekka = await foundation.browser('pekka')
      const asked = `?lang=${language}`
      const seen = await kaisa.get(`${paths.application(open)}${asked}`)
      expect(seen.body).toContain(`<html lang="${language}">`)
      expect(seen.body).toContain(words.supportLevel.minor)
      expect(seen.body).toContain(words.applications.decide)
      const hidden = [
        await kaisa.get(`${paths.applications()}${asked}`),
        // Decided: nobody needs it there any more.
        await kaisa.get(`${paths.application(application)}${asked}`),
        await kaisa.get(`${paths.revocation(award)}${asked}`),
        await checked(open, 'return', why),
        await pekka.get(`${paths.applications()}${asked}`),
        await pekka.get(`${paths.proposeBadge(foundation.clients.antti, foundation.badge('maalaus').classId)}${asked}`),
      ]
      for (const page of hidden) {
        expect(page.statusCode).toBe(200)
        expect(markupFaults(page.body)).toEqual([])
        for (const level of levels(language)) expect(page.body).not.toContain(level)
      }
    },
  )
})
