import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startService, type Browser, signInByPage } from '../support/app.ts'
import { givenFoundation, password } from '../support/given.ts'
import { addressOf, givenWorld, roles, type World } from './given-world.ts'
import { isApiRoute, roleFor } from './seen-routes.ts'

// S-41, S-14: what every answer carries, on https as in real use.

const origin = 'https://osaamispassi.example'
let world: World
/** Answers of every kind that the service gives, by the address asked. */
const answers = new Map<string, LightMyRequestResponse>()

beforeAll(async () => {
  world = await givenWorld({ publicOrigin: origin, pagesOrigin: origin })
  await askEverything()
})
afterAll(async () => await world.service.close())

async function askEverything(): Promise<void> {
  const { service, foundation, things, tokens, emails } = world
  const browsers = new Map<string, Browser>()
  for (const role of roles) {
    const browser = role === 'client' ? await foundation.browser('maija') : service.browser()
    if (role !== 'client') await signInByPage(browser, emails[role], password)
    browsers.set(role, browser)
  }
  for (const route of world.routes.filter(({ method }) => method === 'GET')) {
    const role = route.url.startsWith('/hakemukset') ? 'coordinator' : (roleFor(route) ?? 'client')
    const rest = route.url.includes('/merkit/:id/hae') ? {} : { '*': '' }
    const url = addressOf(route.url, things, rest).replace('*', 'ob2')
    const answer = isApiRoute(route) ? await service.api(tokens[role]).get(url) : await browsers.get(role)?.get(url)
    if (answer) answers.set(`${role} ${url}`, answer)
  }
  const badge = `/o/${foundation.code}/badges/${foundation.badge('hionta').slug}/1/fi`
  const { publicId } = things.award
  const others = [badge, `${badge}.png`, `${badge}.svg`, `${badge}/ob2`, `/b/${publicId}.png`, `/b/${publicId}.jwt`]
  for (const url of [
    ...others,
    '/b/none',
    `/o/${foundation.code}/none`,
    '/o/zzzz',
    '/none',
    '/api/v1/none',
    '//',
    '/%zz',
  ])
    for (const accept of ['text/html', '*/*'])
      answers.set(`${accept} ${url}`, await service.app.inject({ url, headers: { accept } }))
  answers.set('page 303', await service.app.inject({ url: '/passi', headers: { accept: 'text/html' } }))
  answers.set('api 401', await service.api().get('/api/v1/clients'))
  answers.set('api 403', await service.api(tokens.school).get('/api/v1/clients'))
  answers.set('api 422', await service.api(tokens.coach).get('/api/v1/clients?limit=x'))
  answers.set('api 415', await service.app.inject({ method: 'POST', url: '/api/v1/tokens', payload: 'x' }))
  const page = browsers.get('coach')
  if (!page) throw new Error('the coach has a browser')
  answers.set('page 403', await page.get('/passi'))
  answers.set('page 404', await page.get('/ryhma/abc'))
  await page.get('/kirjaa')
  answers.set('page 422', await page.submit('/kirjaa', {}))
  answers.set('page 403 csrf', await service.app.inject({ method: 'POST', url: '/kirjaudu', headers: { origin } }))
}

function where(isWrong: (answer: LightMyRequestResponse, name: string) => boolean): readonly string[] {
  return [...answers]
    .filter(([name, answer]) => isWrong(answer, name))
    .map(([name, { statusCode }]) => `${statusCode} ${name}`)
}

const typeOf = ({ headers }: LightMyRequestResponse): string => headers['content-type']?.toString() ?? ''
const isPage = (answer: LightMyRequestResponse): boolean => typeOf(answer).startsWith('text/html')
const isPublic = (name: string): boolean => /\s\/(?:o|b|\.well-known)\//.test(name) || /\s\/o\/\w{4}$/.test(name)

test('there are answers of every kind to look at', () => {
  expect(answers.size).toBeGreaterThan(70)
  const statuses = new Set([...answers.values()].map(({ statusCode }) => statusCode))
  for (const status of [200, 303, 400, 401, 403, 404, 415, 422]) expect(statuses).toContain(status)
  expect(where(({ statusCode }) => statusCode >= 500)).toEqual([])
  const types = [...answers.values()].map(typeOf).join()
  for (const type of ['image/png', 'image/svg+xml', 'text/css', 'problem+json', 'application/ld+json', 'text/plain'])
    expect(types).toContain(type)
})

describe('S-41: every answer, errors, pictures and JSON too,', () => {
  test('has a content security policy that lets nothing in from outside and nothing inline', () => {
    const wrong = where(({ headers }) => {
      const policy = headers['content-security-policy']?.toString() ?? ''
      const needed = ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", 'form-action ']
      return !needed.every((part) => policy.includes(part)) || /unsafe|https?:|\*|data:/.test(policy)
    })
    expect(wrong).toEqual([])
  })

  test('is for https only, for a year, is not guessed at, and stands alone', () => {
    const fixed = {
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
    }
    for (const [name, value] of Object.entries(fixed))
      expect(
        where(({ headers }) => headers[name] !== value),
        name,
      ).toEqual([])
    // The address of a share is what opens it: no other page is told of it.
    const policyOf = (name: string): string => (/\s\/j\//.test(name) ? 'no-referrer' : 'same-origin')
    expect(where(({ headers }, name) => headers['referrer-policy'] !== policyOf(name))).toEqual([])
  })

  test('is readable from elsewhere only where strangers fetch documents and pictures', () => {
    const wrong = where(({ headers }, name) => {
      const open = isPublic(name)
      return (
        headers['cross-origin-resource-policy'] !== (open ? 'cross-origin' : 'same-origin') ||
        headers['access-control-allow-origin'] !== (open ? '*' : undefined) ||
        headers['access-control-allow-credentials'] !== undefined
      )
    })
    expect(wrong).toEqual([])
  })

  test('tells its number and nothing of what the service is made of', () => {
    expect(where(({ headers }) => !/^[0-9a-f-]{36}$/.test(headers['request-id']?.toString() ?? ''))).toEqual([])
    expect(where(({ headers }) => 'server' in headers || 'x-powered-by' in headers)).toEqual([])
  })
})

describe('pages', () => {
  test('hold no inline style, script or handler, and ask no other host for anything', () => {
    const inline =
      /<style|<script(?![^>]*\ssrc=)|\s(?:style|on[a-z]+)\s*=\s*["']|javascript:|<iframe|<object|<embed|<base/i
    const foreign = /<(?:link|img|script|form|source|iframe)\b[^>]*\s(?:href|src|srcset|action)="(?:https?:)?\/\//i
    const rel = /<link rel="(?:alternate|canonical)"[^>]*>/gi
    expect(where((answer) => isPage(answer) && inline.test(answer.body))).toEqual([])
    expect(where((answer) => isPage(answer) && foreign.test(answer.body.replaceAll(rel, '')))).toEqual([])
  })

  test('are kept by nobody on the way, nor are errors and what the API says (S-14)', () => {
    const wrong = where(
      (answer, name) =>
        (isPage(answer) || name.includes('/api/') || answer.statusCode >= 400) &&
        !(isPublic(name) && answer.statusCode === 410) &&
        answer.headers['cache-control'] !== 'no-store',
    )
    expect(wrong).toEqual([])
  })
})

describe('cookies', () => {
  type Flags = { readonly secure: boolean; readonly session: string }

  async function flagsAre(browser: Browser, service: World['service'], email: string, flags: Flags): Promise<void> {
    const asked = await browser.get('/kirjaudu?lang=sv')
    const entered = await browser.submit('/kirjaudu', { email, password })
    expect(entered.statusCode).toBe(303)
    const cookies = [...asked.cookies, ...entered.cookies]
    expect(cookies.map(({ name }) => name)).toContain(flags.session)
    for (const cookie of cookies) {
      const { name, path, httpOnly, sameSite, secure, domain } = cookie
      expect({ name, path, httpOnly, sameSite, secure: secure ?? false, domain }).toEqual({
        name,
        path: '/',
        httpOnly: true,
        sameSite: 'Lax',
        secure: flags.secure,
        domain: undefined,
      })
    }
    // A new id at each sign-in, and none that the browser brought.
    const session = cookies.find(({ name }) => name === flags.session)?.value
    const again = await browser.submit('/kirjaudu', { email, password })
    expect(again.cookies.find(({ name }) => name === flags.session)?.value).not.toBe(session)
    const left = await browser.submit('/kirjaudu/ulos', {})
    expect(left.headers['clear-site-data']).toBe('"cache", "storage"')
    const old = await service.app.inject({ url: '/kirjaa', headers: { cookie: `${flags.session}=${session ?? ''}` } })
    expect(old.statusCode).toBe(200)
  }

  test('on https: __Host-, Secure, HttpOnly, SameSite=Lax, of the whole host', async () => {
    const { service, emails } = world
    await flagsAre(service.browser(), service, emails.coach, { secure: true, session: '__Host-op_session' })
  })

  test('on http loopback: without the prefix and Secure (DESIGN, Origins)', async () => {
    const service = await startService()
    try {
      const foundation = await givenFoundation(service, { module: false })
      await flagsAre(service.browser(), service, foundation.email('pekka'), { secure: false, session: 'op_session' })
      const live = await service.app.inject({ url: '/' })
      expect(live.headers['strict-transport-security']).toBeUndefined()
    } finally {
      await service.close()
    }
  })
})
