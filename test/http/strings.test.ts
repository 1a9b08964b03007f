import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { outsideLink } from '../../src/web/components/text.ts'
import { renderPage } from '../../src/web/html.ts'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'
import { markupFaults } from '../support/markup.ts'

// S-40: text is text wherever it is shown, links lead only to web pages, names can be seen whole and told apart.

let service: TestService
let foundation: Foundation
beforeAll(async () => {
  service = await startService()
  foundation = await givenFoundation(service)
})
afterAll(async () => await service.close())

const evil = `<script>alert(1)</script><img src=x onerror=alert(1)>"'&{{7*7}}`

describe('S-40: what people write', () => {
  test('is shown as text on every page that shows it', async () => {
    const id = await foundation.record({ who: 'maija', task: 't2', note: evil })
    const words = evil
    const client = await foundation.as('maija')
    const assessed = await client.post('/api/v1/self-assessments', {
      taskId: foundation.task('t2').id,
      choice: 3,
      words,
    })
    expect(assessed.statusCode, assessed.body).toBe(201)
    const coach = await foundation.browser('pekka')
    const person = await coach.get(`/ryhma/${foundation.clients.maija}`)
    expect(person.body).toContain('&lt;script&gt;alert(1)')
    const pages = [
      person,
      await coach.get(`/kirjaa/${id}/korjaa`),
      await coach.get(`/kirjaa?etsi=${encodeURIComponent(evil)}`),
    ]
    const sent = await coach.submit('/kirjaa', { note: evil })
    for (const { body } of [...pages, sent]) {
      expect(body).not.toMatch(/<script>alert|<img src=x/)
      expect(markupFaults(body)).toEqual([])
    }
  })

  test('leads nowhere but to web pages', () => {
    for (const address of [
      'javascript:alert(1)',
      'data:text/html,x',
      'vbscript:x',
      ' javascript:x',
      'file:///etc/passwd',
    ])
      expect(renderPage(outsideLink(address))).not.toContain('<a')
    expect(renderPage(outsideLink('https://merkit.example/a?b="c'))).toContain('href="https://merkit.example/a?b=%22c"')
  })

  test('goes out by the one template, which has no way round its escaping', () => {
    const src = fileURLToPath(new URL('../../src/', import.meta.url))
    const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
    const raw = files.filter((file) =>
      /(?<!\.)\braw\b\s*[(`]|innerHTML|dangerously/.test(readFileSync(join(src, file), 'utf8')),
    )
    expect(raw).toEqual([])
  })
})

describe('S-40: names of clients', () => {
  const name = (givenName: string, familyName = 'Korhonen'): object => ({ givenName, familyName })

  test.each(['Šuvđi', 'Ŋalbmi', 'Екатерина', 'محمد', '山田', 'Nguyễn', 'O’Brien-Šmit'])(
    '%s is a name',
    async (given) => {
      const kaisa = await foundation.as('kaisa')
      const made = await kaisa.post('/api/v1/clients', name(given))
      expect(made.statusCode, made.body).toBe(201)
      expect(made.json()).toMatchObject({ givenName: given.normalize('NFC') })
    },
  )

  test.each([
    ['turned round', 'Mai\u202eja'],
    ['with a space of no width', 'Mai\u200bja'],
    ['with a filler', 'Maija\u3164'],
    ['with markup', '<b>Maija</b>'],
    ['with a line break', 'Mai\nja'],
  ])('%s is none', async (_, given) => {
    const kaisa = await foundation.as('kaisa')
    expect((await kaisa.post('/api/v1/clients', name(given))).statusCode).toBe(422)
    expect((await kaisa.post('/api/v1/clients', name('Maija', given))).statusCode).toBe(422)
  })

  test('that look alike are told apart by more of the family name, whatever letters they are of', async () => {
    const kaisa = await foundation.as('kaisa')
    await kaisa.post('/api/v1/clients', name('Aune', 'Kallio'))
    await kaisa.post('/api/v1/clients', name('Аunе', 'Karhu'))
    const group = (await (await foundation.browser('kaisa')).get('/ryhma')).body
    expect(group).toContain('Aune Kal.')
    expect(group).toContain('Аunе Kar.')
  })
})
