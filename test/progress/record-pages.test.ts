import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Browser, startService, type TestService } from '../support/app.ts'
import { dayBefore, type Foundation, givenFoundation } from '../support/given.ts'
import { markupFaults } from '../support/markup.ts'

const morning = '2026-11-22T09:00:00Z'
const today = '2026-11-22'

let service: TestService
let meriva: Foundation
let pekka: Browser

beforeAll(async () => {
  service = await startService()
  meriva = await givenFoundation(service)
})
afterAll(async () => await service.close())
beforeEach(async () => {
  service.at(morning)
  pekka = await meriva.browser('pekka')
})

/** The value of a hidden field of the page. */
function hidden(page: LightMyRequestResponse, name: string): string {
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(page.body)?.[1] ?? ''
}

/** What is chosen on the page: values of checked boxes and circles. */
function chosen(page: LightMyRequestResponse): readonly string[] {
  return [...page.body.matchAll(/value="([^"]*)" checked/g)].map((match) => match[1] ?? '')
}

function words(page: LightMyRequestResponse): string {
  return page.body
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll(/\s+/g, ' ')
}

async function fields(
  more: Record<string, string | readonly string[]> = {},
): Promise<Record<string, string | readonly string[]>> {
  const page = await pekka.get('/kirjaa')
  expect(page.statusCode).toBe(200)
  return {
    people: meriva.clients.maija,
    task: meriva.task('t2').id,
    support: 'minor',
    date: hidden(page, 'date') || today,
    note: '',
    lateReason: '',
    idempotencyKey: hidden(page, 'idempotencyKey'),
    ...more,
  }
}

async function stored(): Promise<number> {
  const { count } = await service.database.ownerDb
    .selectFrom('observation')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return count
}

describe('C1: one person', () => {
  test('from an empty page to saved without script; nothing is chosen before the coach does it', async () => {
    const page = await pekka.get('/kirjaa')
    expect(markupFaults(page.body)).toEqual([])
    expect(page.headers['cache-control']).toBe('no-store')
    expect(chosen(page)).toEqual([])
    // Taps: Maija, task, support, Tallenna. Everything else on the form has its value already.
    const saved = await pekka.submit('/kirjaa', await fields())
    expect(saved.statusCode).toBe(303)
    const after = await pekka.get(String(saved.headers.location))
    expect(words(after)).toContain('Tallennettu: Maija K., Hionta ja kittaus')
    expect(words(after)).toMatch(/Tänään kirjattu .*Maija K\. Hionta ja kittaus, 11\.00 Vähäinen tuki/)
    expect(markupFaults(after.body)).toEqual([])
    // The task that was used last is now the first one.
    expect(/name="task" value="([^"]+)"/.exec(after.body)?.[1]).toBe(meriva.task('t2').id)
  })

  test('the same form sent twice makes one record and tells the same', async () => {
    const form = await fields()
    const before = await stored()
    const first = await pekka.submit('/kirjaa', form)
    const second = await pekka.submit('/kirjaa', form)
    expect(second.headers.location).toBe(first.headers.location)
    expect(await stored()).toBe(before + 1)
  })

  test('the same form changed and sent again is no silent loss: it comes back with a new key', async () => {
    const form = await fields()
    await pekka.submit('/kirjaa', form)
    const changed = await pekka.submit('/kirjaa', { ...form, support: 'general' })
    expect(changed.statusCode).toBe(422)
    expect(words(changed)).toContain('Sama lomake lähetettiin kahdesti')
    expect(chosen(changed)).toContain('general')
    const again = await pekka.submit('/kirjaa', {
      ...form,
      support: 'general',
      idempotencyKey: hidden(changed, 'idempotencyKey'),
    })
    expect(again.statusCode).toBe(303)
  })

  test('errors name what to do, lead to the field and keep everything', async () => {
    const before = await stored()
    const note = 'Hioi <kaiken> itse'
    const page = await pekka.submit('/kirjaa', await fields({ people: [], task: '', support: '', note }))
    expect(page.statusCode).toBe(422)
    expect(page.body).toContain('<title>Virhe: Kirjaa osaaminen')
    for (const [field, message] of [
      ['people', 'Valitse, kuka teki työn'],
      ['task', 'Valitse, mitä tehtiin'],
      ['support', 'Valitse, miten sujui'],
    ]) {
      expect(page.body).toContain(`<a href="#${field}">${message}</a>`)
    }
    expect(page.body).toContain('Hioi &lt;kaiken&gt; itse</textarea>')
    expect(markupFaults(page.body)).toEqual([])
    const kept = await pekka.submit('/kirjaa', await fields({ task: '' }))
    expect(chosen(kept)).toEqual([meriva.clients.maija, 'minor'])
    expect(await stored()).toBe(before)
  })

  test.each([
    ['tomorrow', { date: '2026-11-23' }, 'date', 'Päivä ei voi olla tulevaisuudessa'],
    ['long ago', { date: '2026-10-01' }, 'lateReason', 'Päivästä on yli 14 päivää'],
    ['no day', { date: 'eilen' }, 'date', 'Kirjoita päivä näin'],
    ['an identity code', { note: 'Hetu 131052-308T' }, 'note', 'Poista henkilötunnus'],
    ['a book', { note: 'ä'.repeat(2001) }, 'note', 'Kirjoita lyhyemmin, enintään 2000 merkkiä'],
    ['a foreign task', { task: '00000000-0000-7000-8000-000000000000' }, 'task', 'Valitse, mitä tehtiin'],
  ])('%s is refused at its field', async (_, more, field, message) => {
    const page = await pekka.submit('/kirjaa', await fields(more))
    expect(page.statusCode).toBe(422)
    expect(page.body).toContain(`<a href="#${field}">${message}`)
    // What stands under "Lisää muistiinpano tai vaihda päivä" is open when there is something to mend or something was typed.
    if (field !== 'task') expect(page.body).toContain('<details open')
  })

  test('a day as a Finn writes it is read, and a late one is kept with its reason', async () => {
    const saved = await pekka.submit('/kirjaa', await fields({ date: '1.10.2026', lateReason: 'Olin lomalla' }))
    expect(saved.statusCode).toBe(303)
    expect(words(await pekka.get(String(saved.headers.location)))).toContain('Kirjattu jälkikäteen')
  })

  test('the coach who comes from a person’s page has that person chosen', async () => {
    expect(chosen(await pekka.get(`/kirjaa?kuka=${meriva.clients.antti}`))).toEqual([meriva.clients.antti])
    const sari = await meriva.browser('sari')
    expect(chosen(await sari.get(`/kirjaa?kuka=${meriva.clients.antti}`))).toEqual([])
  })
})

describe('more tasks than fit', () => {
  test('eight are shown; words find the others, without script and with everything kept', async () => {
    const saura = await givenFoundation(service, { name: 'Saura' })
    const { ownerDb } = service.database
    const { id } = await ownerDb
      .selectFrom('module_version')
      .select('id')
      .where('tenant_id', '=', saura.code)
      .executeTakeFirstOrThrow()
    for (const [at, fi] of ['Polttopuiden pinoaminen', 'Ruokasalin kattaus', 'Lattian pesu'].entries()) {
      const task = { tenant_id: saura.code, id: service.deps.newId(), key: `x${at}`, name: JSON.stringify({ fi }) }
      const plain = { easy_fi: null, difficulty: 1, support_criteria: '{}', prerequisites: [] }
      await ownerDb
        .insertInto('task')
        .values({ ...task, ...plain })
        .execute()
      await ownerDb
        .insertInto('module_task')
        .values({ tenant_id: saura.code, module_version_id: id, task_id: task.id, position: 20 + at })
        .execute()
    }
    const coach = await saura.browser('pekka')
    const page = await coach.get('/kirjaa')
    expect(page.body.match(/name="task"/g)).toHaveLength(8)
    expect(words(page)).toContain('Etsi muu työtehtävä')
    expect(page.body).toMatch(/<button [^>]*tabindex="-1" name="action" value="search">/)
    const form = { people: saura.clients.maija, support: 'general', date: today, note: 'Hyvin', lateReason: '' }
    const found = await coach.submit('/kirjaa', { ...form, search: 'latt PESU', action: 'search' })
    expect(found.statusCode).toBe(200)
    expect(found.body.match(/name="task"/g)).toHaveLength(1)
    expect(words(found)).toContain('Lattian pesu')
    expect(chosen(found)).toEqual([saura.clients.maija, 'general'])
    expect(found.body).toContain('Hyvin</textarea>')
    const none = await coach.submit('/kirjaa', { ...form, search: 'kuulento', action: 'search' })
    expect(words(none)).toContain('Työtehtävää ei löydy sanoilla ”kuulento”')
    expect(markupFaults(none.body)).toEqual([])
  })
})

describe('Kumoa', () => {
  test('one tap takes it back; twice is no harm', async () => {
    const saved = await pekka.submit('/kirjaa', await fields())
    const page = await pekka.get(String(saved.headers.location))
    const action = /action="(\/kirjaa\/[^"]+\/kumoa)"/.exec(page.body)?.[1] ?? ''
    for (let tap = 1; tap <= 2; tap += 1) {
      const undone = await pekka.submit(action, {})
      expect(undone.statusCode).toBe(303)
      expect(words(await pekka.get(String(undone.headers.location)))).toContain('Kumottu: Maija K., Hionta ja kittaus')
    }
  })

  test('after 11 minutes the page says what to do instead', async () => {
    const saved = await pekka.submit('/kirjaa', await fields())
    const location = String(saved.headers.location)
    const action = /action="(\/kirjaa\/[^"]+\/kumoa)"/.exec((await pekka.get(location)).body)?.[1] ?? ''
    service.at('2026-11-22T09:11:00Z')
    const late = await pekka.submit(action, {})
    expect(late.statusCode).toBe(409)
    expect(words(late)).toContain('Aikaa oli 10 minuuttia. Voit korjata kirjauksen.')
    const page = await pekka.get(location)
    expect(words(page)).toContain('Tallennettu: Maija K.')
    expect(page.body).not.toContain('/kumoa"')
  })

  test('a colleague’s save cannot be taken back', async () => {
    const saved = await pekka.submit('/kirjaa', await fields())
    const key = new URL(String(saved.headers.location), 'http://x').searchParams.get('kirjaus') ?? ''
    const sari = await meriva.browser('sari')
    await sari.get('/kirjaa')
    expect((await sari.submit(`/kirjaa/${key}/kumoa`, {})).statusCode).toBe(404)
    expect(words(await sari.get(`/kirjaa?kirjaus=${key}`))).not.toContain('Tallennettu')
  })
})

describe('C2: several at once', () => {
  test('Valitse kaikki, task, support, Tallenna, then the check page where one person’s support is changed', async () => {
    const both = [meriva.clients.antti, meriva.clients.maija]
    const { people: _, ...nobody } = await fields({ note: 'Yhdessä' })
    const all = await pekka.submit('/kirjaa', { ...nobody, action: 'all' })
    expect(all.statusCode).toBe(200)
    expect(chosen(all)).toEqual([...both, meriva.task('t2').id, 'minor'])
    expect(words(all)).toContain('Poista valinnat')
    const before = await stored()
    // Taps: Valitse kaikki, task, support, Tallenna, Tallenna 2 henkilölle.
    const check = await pekka.submit('/kirjaa', await fields({ people: both, note: 'Yhdessä' }))
    expect(check.statusCode).toBe(200)
    expect(markupFaults(check.body)).toEqual([])
    expect(words(check)).toContain('Tallenna 2 henkilölle')
    expect(await stored()).toBe(before)
    const people = [...check.body.matchAll(/name="people" value="([^"]+)"/g)].map((match) => match[1] ?? '')
    expect(people).toEqual(both)
    const form = await fields({ people, note: 'Yhdessä', idempotencyKey: hidden(check, 'idempotencyKey') })
    const saved = await pekka.submit('/kirjaa/tarkista', { ...form, level: ['general', 'minor'] })
    expect(saved.statusCode).toBe(303)
    const page = await pekka.get(String(saved.headers.location))
    expect(words(page)).toContain('Tallennettu 2 henkilölle: Hionta ja kittaus')
    expect(words(page)).toMatch(/Antti H\. Hionta ja kittaus, 11\.00 Yleinen tuki/)
    expect(await stored()).toBe(before + 2)
    // Kumoa takes both back together.
    const action = /action="(\/kirjaa\/[^"]+\/kumoa)"/.exec(page.body)?.[1] ?? ''
    const undone = await pekka.submit(action, {})
    expect(words(await pekka.get(String(undone.headers.location)))).toContain('Kumottu 2 henkilöltä')
  })

  test('Valitse kaikki and Poista valinnat are buttons of the form: all else stays as it was', async () => {
    const page = await pekka.get('/kirjaa')
    expect(page.body).toMatch(/<button[^>]* name="action" value="all">Valitse kaikki 2</)
    expect(markupFaults(page.body)).toEqual([])
    const form = await fields({ people: [], note: 'Yhdessä', date: dayBefore(today, 1), search: 'hionta' })
    const all = await pekka.submit('/kirjaa', { ...form, action: 'all' })
    expect(all.body).toMatch(/<button[^>]* name="action" value="none">Poista valinnat</)
    const people = [meriva.clients.antti, meriva.clients.maija]
    const none = await pekka.submit('/kirjaa', { ...form, people, action: 'none' })
    const kept = [meriva.task('t2').id, 'minor']
    expect([chosen(all), chosen(none)]).toEqual([[...people, ...kept], kept])
    for (const back of [all, none]) {
      expect(back.statusCode).toBe(200)
      expect(markupFaults(back.body)).toEqual([])
      expect(back.body).toContain('Yhdessä</textarea>')
      expect(hidden(back, 'idempotencyKey')).toBe(form['idempotencyKey'])
      expect(back.body).toContain(`value="${dayBefore(today, 1)}"`)
    }
  })

  test('Enter in a field chooses nobody: the first button of the form saves, or searches where there is a search', async () => {
    const { body } = await pekka.get('/kirjaa')
    const form = body.slice(body.indexOf('action="/kirjaa"'))
    expect(/<button[^>]*>/.exec(form)?.[0]).toBe('<button class="btn" type="submit" tabindex="-1">')
  })

  test('Muuta goes back with everything kept; a wrong day never reaches the check page', async () => {
    const both = [meriva.clients.antti, meriva.clients.maija]
    const form = await fields({ people: both, note: 'Muistiin' })
    const back = await pekka.submit('/kirjaa/tarkista', { ...form, level: ['minor', 'minor'], action: 'change' })
    expect(back.statusCode).toBe(200)
    expect(chosen(back)).toEqual([...both, meriva.task('t2').id, 'minor'])
    expect(back.body).toContain('Muistiin</textarea>')
    const late = await pekka.submit('/kirjaa', { ...form, date: dayBefore(today, 20) })
    expect(late.statusCode).toBe(422)
    expect(late.body.match(/href="#lateReason"/g)).toHaveLength(1)
  })

  test('S-12: a stranger among the people is refused and nothing is written', async () => {
    const before = await stored()
    const sari = await meriva.browser('sari')
    const page = await sari.get('/kirjaa')
    const form = await fields({ people: [meriva.clients.maija, meriva.clients.antti] })
    const key = hidden(page, 'idempotencyKey')
    const refused = await sari.submit('/kirjaa', { ...form, idempotencyKey: key })
    expect(refused.statusCode).toBe(422)
    expect(refused.body).toContain('<a href="#people">')
    const forced = await sari.submit('/kirjaa/tarkista', { ...form, idempotencyKey: key, level: ['minor', 'minor'] })
    expect(forced.statusCode).toBe(422)
    expect((await sari.submit('/kirjaa/tarkista', { ...form, level: ['minor'] })).statusCode).toBe(400)
    expect(await stored()).toBe(before)
  })
})

describe('correction', () => {
  test('the form comes with the record as it was; a reason is asked; the person’s page tells both', async () => {
    const id = await meriva.record({ support: 'enhanced', note: 'Ensin yhdessä' })
    const page = await pekka.get(`/kirjaa/${id}/korjaa`)
    expect(chosen(page)).toEqual([meriva.task('t2').id, 'enhanced'])
    expect(markupFaults(page.body)).toEqual([])
    const form = {
      task: meriva.task('t2').id,
      support: 'general',
      date: today,
      note: 'Ensin yhdessä',
      lateReason: '',
      idempotencyKey: hidden(page, 'idempotencyKey'),
    }
    const bare = await pekka.submit(`/kirjaa/${id}/korjaa`, { ...form, replaceReason: ' ' })
    expect(bare.statusCode).toBe(422)
    expect(bare.body).toContain('<a href="#replaceReason">Kirjoita syy</a>')
    const saved = await pekka.submit(`/kirjaa/${id}/korjaa`, { ...form, replaceReason: 'Ohje riitti' })
    expect(saved.statusCode).toBe(303)
    const person = words(await pekka.get(String(saved.headers.location)))
    expect(person).toContain('Korjaus on tallessa.')
    expect(person).toContain('Korjattu uudella kirjauksella')
    expect(person).toContain('Syy: Ohje riitti')
    expect((await pekka.get(`/kirjaa/${id}/korjaa`)).statusCode).toBe(409)
  })

  test('another coach’s client: 404', async () => {
    const id = await meriva.record({ who: 'antti' })
    const sari = await meriva.browser('sari')
    expect((await sari.get(`/kirjaa/${id}/korjaa`)).statusCode).toBe(404)
  })
})

describe('who may open it', () => {
  test('only coaches; a coach without people or modules is told what to do', async () => {
    for (const who of ['kaisa', 'maija', 'admin'] as const) {
      expect((await (await meriva.browser(who)).get('/kirjaa')).statusCode, who).toBe(403)
    }
    expect((await service.browser().get('/kirjaa')).headers.location).toBe('/kirjaudu?next=%2Fkirjaa')
    const bare = await givenFoundation(service, { name: 'Saura', module: false })
    const coach = await bare.browser('pekka')
    expect(words(await coach.get('/kirjaa'))).toContain('Pyydä koordinaattoria ottamaan moduuli käyttöön.')
    await service.database.ownerDb.deleteFrom('client_coach').where('tenant_id', '=', bare.code).execute()
    expect(words(await coach.get('/kirjaa'))).toContain('Ryhmässäsi ei ole vielä ketään.')
  })

  test.each(['sv', 'en'])('the page is whole in %s', async (lang) => {
    const page = await pekka.get(`/kirjaa?lang=${lang}`)
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain(`<html lang="${lang}">`)
    expect(page.body).not.toContain('undefined')
    expect(markupFaults(page.body)).toEqual([])
  })
})
