import { randomUUID } from 'node:crypto'
import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Role } from '../../src/http/permissions.ts'
import { runOnce } from '../../src/jobs/runner.ts'
import { createTasks } from '../../src/tasks.ts'
import { supportLevelWords, unpacked } from '../demo/out/private.ts'
import { revoke, publicOrigin } from '../publication/given-award.ts'
import { type Browser, signInByPage } from '../support/app.ts'
import { password } from '../support/given.ts'
import { givenAccount, staffToken } from '../support/staff.ts'
import { addressOf, givenWorld, type World } from './given-world.ts'
import { isApiRoute, type SeenRoute } from './seen-routes.ts'

// DESIGN: the support level stays inside the foundation (PRODUCT §12.12). Every byte that others get is searched, also inside signatures
// and pictures.

let world: World
beforeAll(async () => {
  world = await givenWorld({ publicOrigin })
  await runOnce(world.service.database.jobsUrl, createTasks(world.service.deps), world.service.deps.log)
})
afterAll(async () => await world.service.close())

/** Where an answer holds a support level: headers, body, and what is packed inside. */
function found(name: string, answer: LightMyRequestResponse): readonly string[] {
  const told = [
    { where: `${name} headers`, text: JSON.stringify(answer.headers) },
    ...unpacked(name, answer.rawPayload),
  ]
  return told.flatMap(({ where, text }) => {
    const words = supportLevelWords.exec(text)
    return words
      ? [`${answer.statusCode} ${where}: ${text.slice(Math.max(0, words.index - 60), words.index + 60)}`]
      : []
  })
}

async function asked(url: string, accept: string): Promise<LightMyRequestResponse> {
  return await world.service.app.inject({ url, headers: { accept } })
}

/** Everything that strangers come to from a badge, by following every address of ours in what they got. */
async function crawl(start: readonly string[]): Promise<ReadonlyMap<string, LightMyRequestResponse>> {
  const answers = new Map<string, LightMyRequestResponse>()
  const next = [...start]
  for (let path = next.pop(); path !== undefined; path = next.pop()) {
    if (answers.has(`text/html ${path}`)) continue
    for (const accept of ['text/html', 'application/json', '*/*']) {
      const answer = await asked(path, accept)
      answers.set(`${accept} ${path}`, answer)
      for (const { text } of unpacked(path, answer.rawPayload)) next.push(...pathsIn(text))
    }
  }
  return answers
}

function pathsIn(text: string): readonly string[] {
  const own = [...text.matchAll(/(?:https:\/\/merkit\.example|(?:href|src)=")(\/[^"\\\s#<&]*)/g)]
  return own.map(([, path = '']) => path).filter((path) => !path.startsWith('/kirjaudu') && !path.startsWith('//'))
}

test('the search finds a level where there is one', async () => {
  const coach = await world.service.api(world.tokens.coach).get(`/api/v1/observations/${world.things.observation}`)
  expect(found('observation', coach)).not.toEqual([])
})

test('nowhere in what strangers get, before and after a revocation', async () => {
  const { foundation, things } = world
  const { code } = foundation
  const start = [
    ...['', '.jwt', '.json', '.png', '.svg', '/ob2'].map((form) => `/b/${things.award.publicId}${form}`),
    ...['', '/ob2', '/jwks.json', '/did.json', '/status/1', '/revoked', '/revoked/ob2'].map(
      (part) => `/o/${code}${part}`,
    ),
    '/',
    '/tarkista',
    '/.well-known/jwks.json',
  ]
  const before = await crawl(start)
  expect(before.size).toBeGreaterThan(80)
  expect([...before].filter(([, { statusCode }]) => statusCode === 200).length).toBeGreaterThan(60)
  expect([...before].flatMap(([name, answer]) => found(name, answer))).toEqual([])
  await revoke(foundation, things.award)
  const after = await crawl(start)
  expect([...after].flatMap(([name, answer]) => found(name, answer))).toEqual([])
})

/** Each address by GET that leads to Maija's things. */
function readings(): readonly SeenRoute[] {
  return world.routes.filter(({ method, url }) => method === 'GET' && !url.includes('*') && !url.startsWith('/assets/'))
}

async function readAll(token: string, browser: Browser): Promise<readonly string[]> {
  const leaks: string[] = []
  for (const route of readings()) {
    const base = addressOf(route.url, world.things)
    const url = ['/api/v1/observations', '/api/v1/awards'].includes(base)
      ? `${base}?clientId=${world.things.client}`
      : base
    const answer = isApiRoute(route) ? await world.service.api(token).get(url) : await browser.get(url)
    leaks.push(...found(url, answer))
  }
  return leaks
}

async function staffWith(
  role: Exclude<Role, 'client'>,
): Promise<{ readonly token: string; readonly browser: Browser }> {
  const { service, foundation } = world
  const signInName = `${role}-${randomUUID()}@${foundation.code}.example`
  await givenAccount(service.deps, foundation.code, { signInName, password, displayName: 'Outi O.', roles: [role] })
  const browser = service.browser()
  await signInByPage(browser, signInName, password)
  const token = await staffToken(service, signInName, password)
  return { token, browser }
}

/** What a task looks like at each level is written in the module: work of nobody, for the foundation's own staff. */
const isOfNobody = (leak: string): boolean => / \/(?:api\/v1\/modules|moduulit|kirjaa)\b/.test(leak)

test.each(['school', 'admin'] as const)(
  'nor in what a %s reads, of the same foundation or of another',
  async (role) => {
    const browser = world.service.browser()
    await signInByPage(browser, world.emails[role], password)
    expect(await readAll(world.tokens[role], browser)).toEqual([])
    const inside = await staffWith(role)
    expect(await readAll(inside.token, inside.browser)).toEqual([])
  },
)

test.each(['foundation_lead', 'coach'] as const)(
  'nor in what a %s without relation reads of a person',
  async (role) => {
    const { token, browser } = await staffWith(role)
    expect((await readAll(token, browser)).filter((leak) => !isOfNobody(leak))).toEqual([])
  },
)

test('nor in what another client reads', async () => {
  const { service, foundation } = world
  const veikko = await foundation.addClient({ given: 'Veikko', family: 'Vieras' })
  const { code } = (await (await foundation.as('pekka')).post(`/api/v1/clients/${veikko}/codes`, {})).json<{
    code: string
  }>()
  const signedIn = await service.api().post('/api/v1/tokens/code', { code })
  const { token } = signedIn.json<{ token: string }>()
  const api = service.api(token)
  const { client, observation, application, award } = world.things
  for (const url of [
    `/api/v1/observations?clientId=${client}`,
    `/api/v1/observations/${observation}`,
    `/api/v1/applications/${application}`,
    `/api/v1/awards/${award.id}`,
    `/api/v1/awards/${award.id}/files/jwt`,
  ]) {
    const answer = await api.get(url)
    expect(answer.statusCode, url).toBe(404)
    expect(found(url, answer)).toEqual([])
  }
  for (const url of [
    '/api/v1/applications',
    '/api/v1/awards',
    '/api/v1/modules',
    `/api/v1/modules/${world.things.module}`,
  ])
    expect(found(url, await api.get(url))).toEqual([])
})

test('nor in what the holder hands on: the files of a badge', async () => {
  const { things, tokens, service } = world
  for (const file of ['png', 'svg', 'jwt', 'json', 'jws']) {
    const answer = await service.api(tokens.client).get(`/api/v1/awards/${things.award.id}/files/${file}`)
    expect(answer.statusCode, file).toBe(200)
    expect(found(file, answer)).toEqual([])
  }
})
