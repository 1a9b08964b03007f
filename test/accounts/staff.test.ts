import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { changeRoles, disableAccount, makeAccount } from '../../src/accounts/account.ts'
import type { StaffActor } from '../../src/http/actor.ts'
import { Refusal } from '../../src/refusal.ts'
import { type Browser, startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation, password } from '../support/given.ts'
import { markupFaults } from '../support/markup.ts'
import { givenSchool } from '../support/school.ts'
import { signInByPage } from '../support/staff.ts'

// `/hallinta/kayttajat`: accounts, links to set a password, roles and their ends (S-12, S-14, S-17, S-53).

let service: TestService
let foundation: Foundation
let admin: Browser
beforeAll(async () => {
  service = await startService()
  foundation = await givenFoundation(service, { module: false })
  admin = await foundation.browser('admin')
})
afterAll(async () => await service.close())
beforeEach(() => service.at('2026-11-22T09:00:00Z'))

const page = '/hallinta/kayttajat'

/** Adds somebody on the page; the link that the answer shows. */
async function added(name: string, email: string, roles: string | readonly string[] = 'coach'): Promise<string> {
  await admin.get(`${page}/uusi`)
  const answer = await admin.submit(`${page}/uusi`, { name, email, roles })
  expect(answer.statusCode, answer.body).toBe(200)
  expect(markupFaults(answer.body)).toEqual([])
  expect(answer.headers['cache-control']).toBe('no-store')
  const [, link = ''] = /http:\/\/localhost:4000(\/kayttoonotto\/tili\/[\w-]+)/.exec(answer.body) ?? []
  expect(link).not.toBe('')
  return link
}

async function idOf(name: string, tenant = foundation.code): Promise<string> {
  const row = await service.database.ownerDb
    .selectFrom('account')
    .select('id')
    .where('tenant_id', '=', tenant)
    .where('display_name', '=', name)
    .executeTakeFirstOrThrow()
  return row.id
}

async function linesAbout(ref: string): Promise<readonly Record<string, unknown>[]> {
  const { rows } = await sql<Record<string, unknown>>`
    select e.kind, e.what, e.actor_id, host(o.address) as address from audit_event e
      left join audit_origin o on o.tenant_id = e.tenant_id and o.at = e.at and o.event_id = e.id
    where e.ref = ${ref} order by e.at, e.kind`.execute(service.database.ownerDb)
  return rows
}

async function usePassword(link: string, typed: string): Promise<{ browser: Browser; status: number; body: string }> {
  const browser = service.browser()
  const seen = await browser.get(link)
  if (seen.statusCode !== 200) return { browser, status: seen.statusCode, body: seen.body }
  const sent = await browser.submit(link, { password: typed })
  return { browser, status: sent.statusCode, body: sent.body }
}

describe('an admin adds somebody', () => {
  test('who sets the own password by a link that is shown once and opens once', async () => {
    const link = await added('Ville V.', 'ville@meriva.example')
    const id = await idOf('Ville V.')
    const list = await admin.get(page)
    expect(markupFaults(list.body)).toEqual([])
    expect(list.body).toContain('Linkki odottaa')
    expect(list.body).not.toContain(link.slice(-22))
    const own = service.browser()
    const seen = await own.get(link)
    expect(seen.statusCode).toBe(200)
    expect(markupFaults(seen.body)).toEqual([])
    expect(seen.body).toContain('Hei Ville V.')
    // The link stands in the form alone: not where a language is chosen.
    expect(seen.body.split(link).length - 1).toBe(1)
    const weak = await own.submit(link, { password: 'lyhyt' })
    expect(weak.statusCode).toBe(422)
    expect(weak.body).toContain('vähintään 12 merkkiä')
    const set = await own.submit(link, { password: 'kuusi-hilla-joki-7' })
    expect(set.statusCode, set.body).toBe(303)
    expect((await own.get('/ryhma')).statusCode).toBe(200)
    expect((await usePassword(link, 'kuusi-hilla-joki-8')).status).toBe(410)
    const again = service.browser()
    await signInByPage(again, 'ville@meriva.example', 'kuusi-hilla-joki-7')
    expect((await again.get('/ryhma')).statusCode).toBe(200)
    const told = { actor_id: foundation.accounts.admin, address: '127.0.0.1' }
    expect(await linesAbout(id)).toEqual([
      expect.objectContaining({ ...told, kind: 'account.link-made' }),
      expect.objectContaining({ kind: 'account.link-used', actor_id: id, address: '127.0.0.1' }),
      expect.objectContaining({ ...told, kind: 'account.made' }),
      expect.objectContaining({ ...told, kind: 'role.given', what: 'coach' }),
    ])
  })

  test('a coordinator is led to a second factor at once', async () => {
    const link = await added('Kirsi K.', 'kirsi@meriva.example', ['coach', 'coordinator'])
    const browser = service.browser()
    await browser.get(link)
    const set = await browser.submit(link, { password: 'kuusi-hilla-joki-7' })
    expect(set.headers.location).toMatch(/^\/kirjaudu\/vahvistus\/uusi/)
    expect((await browser.get('/hakemukset')).statusCode).toBe(303)
  })

  test('a link is too old after three days, and a new one ends it before', async () => {
    const first = await added('Liisa L.', 'liisa@meriva.example')
    const id = await idOf('Liisa L.')
    await admin.get(page)
    const renewed = await admin.submit(`${page}/${id}/linkki`, {})
    const [, second = ''] = /http:\/\/localhost:4000(\/kayttoonotto\/tili\/[\w-]+)/.exec(renewed.body) ?? []
    expect((await service.browser().get(first)).statusCode).toBe(410)
    expect((await service.browser().get(second)).statusCode).toBe(200)
    service.at('2026-11-25T09:00:01Z')
    expect((await service.browser().get(second)).statusCode).toBe(410)
    for (const strange of ['x', `zzzz${'a'.repeat(22)}`, `${foundation.code}${'a'.repeat(22)}`])
      expect((await service.browser().get(`/kayttoonotto/tili/${strange}`)).statusCode, strange).toBe(410)
  })

  test('of two who use one link at once, one password holds', async () => {
    const link = await added('Kaksi K.', 'kaksi@meriva.example')
    const both = await Promise.all(
      ['kuusi-hilla-joki-7', 'kuusi-hilla-joki-8'].map(async (one) => (await usePassword(link, one)).status),
    )
    expect(both.toSorted((a, b) => a - b)).toEqual([303, 410])
  })

  test('the form comes back with what was written and what to mend', async () => {
    const wrong = await admin.submit(`${page}/uusi`, { name: 'A\u200bB', email: 'ei ole', roles: 'keisari' })
    expect(wrong.statusCode).toBe(422)
    for (const words of ['merkki, jota ei voi nähdä', 'Kirjoita sähköpostiosoite', 'Valitse vähintään yksi rooli'])
      expect(wrong.body).toContain(words)
    expect(wrong.body).toContain('value="ei ole"')
    expect(markupFaults(wrong.body)).toEqual([])
    const taken = await admin.submit(`${page}/uusi`, {
      name: 'Toinen T.',
      email: foundation.email('sari'),
      roles: 'coach',
    })
    expect(taken.body).toContain('Tällä sähköpostilla on jo tili.')
    const twin = await admin.submit(`${page}/uusi`, { name: 'Sari L', email: 'x@meriva.example', roles: 'coach' })
    expect(twin.statusCode).toBe(200)
    const same = await admin.submit(`${page}/uusi`, { name: 'Ѕari L.', email: 'y@meriva.example', roles: 'coach' })
    expect(same.body).toContain('samannäköinen nimi')
  })
})

describe('roles and ends', () => {
  async function signedIn(name: string): Promise<{ id: string; browser: Browser }> {
    const signInName = `${name.toLowerCase().replaceAll(/\W/g, '')}@${foundation.code}.example`
    const id = await makeAccount(service.deps, foundation.code, {
      signInName,
      password,
      displayName: name,
      roles: ['coach'],
    })
    const browser = service.browser()
    await signInByPage(browser, signInName, password)
    return { id, browser }
  }

  test('another role ends the sessions, and its line says who gave what', async () => {
    const { id, browser } = await signedIn('Roope R.')
    await admin.get(`${page}/${id}`)
    const saved = await admin.submit(`${page}/${id}/roolit`, { roles: ['coach', 'foundation_lead'] })
    expect(saved.headers.location).toBe(`${page}/${id}?tehty=roolit`)
    const shown = await admin.get(`${page}/${id}?tehty=roolit`)
    expect(shown.body).toContain('Roolit on tallennettu.')
    expect(markupFaults(shown.body)).toEqual([])
    expect((await browser.get('/ryhma')).statusCode).toBe(303)
    expect(await linesAbout(id)).toContainEqual(
      expect.objectContaining({
        kind: 'role.given',
        what: 'foundation_lead',
        actor_id: foundation.accounts.admin,
        address: '127.0.0.1',
      }),
    )
    expect((await admin.submit(`${page}/${id}/roolit`, {})).body).toContain('Valitse vähintään yksi rooli')
    expect((await admin.submit(`${page}/${id}/roolit`, { roles: 'school' })).statusCode).toBe(422)
  })

  test('a closed account is out at once, its link opens nothing, and it can be opened again', async () => {
    const { id, browser } = await signedIn('Sulo S.')
    await admin.get(page)
    const renewed = await admin.submit(`${page}/${id}/linkki`, {})
    const [, link = ''] = /http:\/\/localhost:4000(\/kayttoonotto\/tili\/[\w-]+)/.exec(renewed.body) ?? []
    const check = await admin.get(`${page}/${id}/sulje`)
    expect(check.body).toContain('kirjautuu heti ulos')
    expect(markupFaults(check.body)).toEqual([])
    expect((await admin.submit(`${page}/${id}/sulje`, {})).statusCode).toBe(303)
    expect((await browser.get('/ryhma')).statusCode).toBe(303)
    expect((await service.browser().get(link)).statusCode).toBe(410)
    const closed = await admin.get(`${page}/${id}`)
    expect(closed.body).toContain('Avaa tili uudelleen')
    expect(markupFaults(closed.body)).toEqual([])
    expect((await admin.submit(`${page}/${id}/linkki`, {})).statusCode).toBe(409)
    await admin.submit(`${page}/${id}/avaa`, {})
    await signInByPage(browser, `sulos@${foundation.code}.example`, password)
    expect((await browser.get('/ryhma')).statusCode).toBe(200)
    const kinds = (await linesAbout(id)).map(({ kind }) => kind)
    expect(kinds).toEqual(expect.arrayContaining(['account.closed', 'account.opened']))
  })

  test('a lost second factor is taken away; the own one is not', async () => {
    const kaisa = await foundation.browser('kaisa')
    const check = await admin.get(`${page}/${foundation.accounts.kaisa}/vahvistus`)
    expect(check.body).toContain('puhelin ja varakoodit ovat kadonneet')
    await admin.submit(`${page}/${foundation.accounts.kaisa}/vahvistus`, {})
    expect((await kaisa.get('/hakemukset')).statusCode).toBe(303)
    const next = service.browser()
    await next.get('/kirjaudu')
    const signedInAgain = await next.submit('/kirjaudu', { email: foundation.email('kaisa'), password })
    expect(signedInAgain.headers.location).toMatch(/^\/kirjaudu\/vahvistus\/uusi/)
    expect((await admin.submit(`${page}/${foundation.accounts.admin}/vahvistus`, {})).statusCode).toBe(409)
    expect(await linesAbout(foundation.accounts.kaisa)).toContainEqual(
      expect.objectContaining({ kind: 'second-factor.reset', actor_id: foundation.accounts.admin }),
    )
  })

  test('S-15: who gave the link does not take the second factor away, nor the other way round; a colleague does', async () => {
    await added('Raija R.', 'raija@meriva.example', 'coordinator')
    const raija = await idOf('Raija R.')
    const refused = await admin.submit(`${page}/${raija}/vahvistus`, {})
    expect(refused.statusCode).toBe(409)
    expect(refused.body).toContain('Toinen ylläpitäjä tekee tämän')
    await foundation.grant('sari', 'admin')
    const colleague = await foundation.browser('sari')
    await colleague.get(`${page}/${raija}/vahvistus`)
    expect((await colleague.submit(`${page}/${raija}/vahvistus`, {})).statusCode).toBe(303)
    expect((await colleague.submit(`${page}/${raija}/linkki`, {})).statusCode).toBe(409)
    expect((await admin.submit(`${page}/${raija}/linkki`, {})).statusCode).toBe(200)
    service.at('2026-11-25T09:00:01Z')
    const later = await foundation.browser('sari')
    await later.get(`${page}/${raija}`)
    expect((await later.submit(`${page}/${raija}/linkki`, {})).statusCode).toBe(200)
  })

  test('a link opens nothing once who made it is no administrator any more', async () => {
    const colleague = await foundation.browser('sari')
    await colleague.get(`${page}/uusi`)
    const made = await colleague.submit(`${page}/uusi`, {
      name: 'Toivo T.',
      email: 'toivo@meriva.example',
      roles: 'coach',
    })
    const [, link = ''] = /http:\/\/localhost:4000(\/kayttoonotto\/tili\/[\w-]+)/.exec(made.body) ?? []
    expect((await service.browser().get(link)).statusCode).toBe(200)
    await service.database.ownerDb
      .updateTable('role_grant')
      .set({ ended_at: service.deps.now() })
      .where('account_id', '=', foundation.accounts.sari)
      .where('role', '=', 'admin')
      .execute()
    expect((await service.browser().get(link)).statusCode).toBe(410)
  })

  test('nobody takes the administrator’s role from oneself or closes the own account', async () => {
    const own = foundation.accounts.admin
    const refused = await admin.submit(`${page}/${own}/roolit`, { roles: 'coach' })
    expect(refused.statusCode).toBe(422)
    expect(refused.body).toContain('Et voi ottaa ylläpitäjän roolia itseltäsi')
    expect((await admin.submit(`${page}/${own}/sulje`, {})).statusCode).toBe(409)
    expect((await admin.get(page)).statusCode).toBe(200)
  })

  test('nobody gives oneself a role; a colleague does, and it may be given up', async () => {
    const own = foundation.accounts.admin
    const words = {
      fi: 'Et voi antaa roolia itsellesi',
      sv: 'Du kan inte ge dig själv en roll',
      en: 'You cannot give yourself a role',
    }
    const shown = await admin.get(`${page}/${own}`)
    expect(markupFaults(shown.body)).toEqual([])
    expect(shown.body).not.toContain('value="coordinator"')
    for (const [lang, word] of Object.entries(words)) {
      await admin.get(`${page}/${own}?lang=${lang}`)
      const refused = await admin.submit(`${page}/${own}/roolit`, { roles: ['admin', 'coordinator'] })
      expect(refused.statusCode).toBe(422)
      expect(refused.body).toContain(word)
      expect(markupFaults(refused.body)).toEqual([])
    }
    await admin.get(`${page}?lang=fi`)
    expect(await linesAbout(own)).not.toContainEqual(
      expect.objectContaining({ kind: 'role.given', what: 'coordinator' }),
    )

    const signInName = `anna@${foundation.code}.example`
    const made = { signInName, password, displayName: 'Anna A.', roles: ['admin'] as const }
    const anna = await makeAccount(service.deps, foundation.code, made)
    const colleague = service.browser()
    await signInByPage(colleague, signInName, password)
    await colleague.get(`${page}/${own}`)
    const given = await colleague.submit(`${page}/${own}/roolit`, { roles: ['admin', 'coach', 'coordinator'] })
    expect(given.statusCode, given.body).toBe(303)
    expect(await linesAbout(own)).toContainEqual(
      expect.objectContaining({ kind: 'role.given', what: 'coordinator', actor_id: anna }),
    )
    admin = await foundation.browser('admin')
    await admin.get(`${page}/${own}`)
    const less = await admin.submit(`${page}/${own}/roolit`, { roles: ['admin', 'coordinator'] })
    expect(less.statusCode, less.body).toBe(303)
    admin = await foundation.browser('admin')
    expect((await admin.get(page)).body).toMatch(/Koordinaattori, ylläpitäjä/i)
    await disableAccount(service.deps, foundation.code, anna)
  })

  test('a role that a colleague takes while one saves the own page does not come back', async () => {
    const g = await givenFoundation(service, { module: false })
    const { code, accounts } = g
    const by = g.staffActor('admin')
    const { ownerDb } = service.database
    for (let round = 0; round < 10; round += 1) {
      await changeRoles(service.deps, code, accounts.admin, ['admin', 'coordinator'])
      const ended = await Promise.allSettled([
        changeRoles(service.deps, code, accounts.admin, ['admin']),
        changeRoles(service.deps, code, accounts.admin, ['admin', 'coordinator'], by),
      ])
      expect(ended[0].status).toBe('fulfilled')
      const { rows } = await sql<{ role: string }>`select role from role_grant
        where tenant_id = ${code} and account_id = ${accounts.admin} and ended_at is null`.execute(ownerDb)
      expect(rows).toEqual([{ role: 'admin' }])
    }
  })
})

describe('S-12: somebody can always administrate', () => {
  async function withAdmins(count: number): Promise<{ code: string; ids: readonly string[]; actors: StaffActor[] }> {
    const g = await givenFoundation(service, { module: false })
    const ids = [g.accounts.admin]
    for (let number = 1; number < count; number += 1) {
      const signInName = `admin${number}@${g.code}.example`
      const wanted = { signInName, password, displayName: `Aino ${number}`, roles: ['admin', 'coach'] as const }
      ids.push(await makeAccount(service.deps, g.code, wanted))
    }
    return { code: g.code, ids, actors: ids.map((accountId) => ({ ...g.staffActor('admin'), accountId })) }
  }

  function codeOf({ reason }: { readonly reason: unknown }): string {
    return reason instanceof Refusal ? reason.code : String(reason)
  }

  async function openAdmins(code: string): Promise<number> {
    const { rows } = await sql<{ n: number }>`
      select count(*) as n from role_grant g join account a on a.tenant_id = g.tenant_id and a.id = g.account_id
      where g.tenant_id = ${code} and g.role = 'admin' and g.ended_at is null and a.disabled_at is null`.execute(
      service.database.ownerDb,
    )
    return rows[0]?.n ?? -1
  }

  test('the last administrator keeps role and account, whoever asks', async () => {
    const { code, ids } = await withAdmins(1)
    const [id = ''] = ids
    const last = { kind: 'conflict', code: 'last-admin' }
    await expect(changeRoles(service.deps, code, id, ['coach'])).rejects.toMatchObject(last)
    await expect(changeRoles(service.deps, code, id, [])).rejects.toMatchObject(last)
    await expect(disableAccount(service.deps, code, id)).rejects.toMatchObject(last)
    expect(await openAdmins(code)).toBe(1)
    await changeRoles(service.deps, code, id, ['admin', 'coach'])
  })

  test('a closed administrator does not count', async () => {
    const { code, ids } = await withAdmins(2)
    const [one = '', two = ''] = ids
    await disableAccount(service.deps, code, two)
    await expect(changeRoles(service.deps, code, one, ['coach'])).rejects.toMatchObject({ code: 'last-admin' })
    await disableAccount(service.deps, code, two, false)
    await changeRoles(service.deps, code, one, ['coach'])
    expect(await openAdmins(code)).toBe(1)
  })

  test('of four who take it from each other at once, in twenty rounds, one is always left', async () => {
    const { code, ids } = await withAdmins(4)
    for (let round = 0; round < 20; round += 1) {
      for (const id of ids) {
        await disableAccount(service.deps, code, id, false)
        await changeRoles(service.deps, code, id, ['admin', 'coach'])
      }
      const takes = ids.map(async (id, index) =>
        index % 2 === round % 2
          ? await changeRoles(service.deps, code, id, ['coach'])
          : await disableAccount(service.deps, code, id),
      )
      const ended = await Promise.allSettled(takes)
      const refused = ended.filter((one) => one.status === 'rejected')
      expect(refused.map(codeOf)).toEqual(['last-admin'])
      expect(await openAdmins(code)).toBe(1)
    }
  }, 60_000)
})

describe('S-12: who comes in', () => {
  test('the lead reads the list and changes nothing; coach, coordinator and client do not come in', async () => {
    const signInName = `johto@${foundation.code}.example`
    await makeAccount(service.deps, foundation.code, {
      signInName,
      password,
      displayName: 'Johanna J.',
      roles: ['foundation_lead'],
    })
    const lead = service.browser()
    await signInByPage(lead, signInName, password)
    const seen = await lead.get(page)
    expect(seen.statusCode).toBe(200)
    expect(seen.body).toContain('Sari L.')
    expect(seen.body).not.toContain('Lisää käyttäjä')
    expect(seen.body).not.toContain(`${page}/${foundation.accounts.sari}`)
    const sari = foundation.accounts.sari
    const writes = ['roolit', 'linkki', 'vahvistus', 'sulje', 'avaa'].map((act) => `${page}/${sari}/${act}`)
    for (const browser of [lead, await foundation.browser('pekka'), await foundation.browser('maija')]) {
      await browser.get('/tarkista')
      for (const url of [`${page}/uusi`, ...writes])
        expect((await browser.submit(url, { roles: 'admin' })).statusCode, url).toBe(403)
      expect((await browser.get(`${page}/${sari}`)).statusCode).toBe(403)
    }
    for (const who of ['pekka', 'kaisa', 'maija'] as const)
      expect((await (await foundation.browser(who)).get(page)).statusCode, who).toBe(403)
  })

  test('another foundation’s person is not there, and neither is a program’s account (S-11)', async () => {
    const other = await givenFoundation(service, { module: false })
    const program = await service.database.ownerDb
      .insertInto('account')
      .values({
        tenant_id: foundation.code,
        id: service.deps.newId(),
        kind: 'program',
        display_name: 'Raportti',
        password_hash: 'x',
        language: 'fi',
        created_at: service.deps.now(),
        disabled_at: null,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await admin.get(page)
    for (const id of [other.accounts.sari, program.id, service.deps.newId()]) {
      expect((await admin.get(`${page}/${id}`)).statusCode).toBe(404)
      for (const act of ['roolit', 'linkki', 'vahvistus', 'sulje', 'avaa'])
        expect((await admin.submit(`${page}/${id}/${act}`, { roles: 'coach' })).statusCode, act).toBe(404)
    }
  })

  test('a school gives the roles of a school', async () => {
    const school = await givenSchool(service)
    const signInName = `aulis@${school.code}.example`
    await makeAccount(service.deps, school.code, { signInName, password, displayName: 'Aulis O.', roles: ['admin'] })
    const browser = service.browser()
    await signInByPage(browser, signInName, password)
    const form = await browser.get(`${page}/uusi`)
    expect(form.body).toContain('value="school"')
    expect(form.body).not.toContain('value="coach"')
    const refused = await browser.submit(`${page}/uusi`, { name: 'Opettaja', email: 'o@o.example', roles: 'coach' })
    expect(refused.statusCode).toBe(422)
  })

  test('in Swedish and English, too', async () => {
    expect((await admin.get(`${page}?lang=sv`)).body).toContain('Användare och roller')
    expect((await admin.get(`${page}?lang=en`)).body).toContain('Users and roles')
    await admin.get(`${page}?lang=fi`)
  })
})
