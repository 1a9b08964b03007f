import { randomUUID } from 'node:crypto'
import { channel } from 'node:diagnostics_channel'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from '../../src/app.ts'
import { isPermission, isPermitted, type Role } from '../../src/http/permissions.ts'
import { cellOf, conditionOf } from '../../src/matrix/rows.ts'
import { type Browser, signInByPage } from '../support/app.ts'
import { password } from '../support/given.ts'
import { addressOf, givenWorld, roles, type World } from './given-world.ts'
import { problemFault } from './problem.ts'
import { staffOnly } from './route-bodies.ts'
import { isApiRoute, nameOf, type SeenRoute } from './seen-routes.ts'

// S-12: every route and page against the matrix, by every role and by nobody. How far each reaches is in test/matrix.

let world: World
let browsers: Readonly<Record<Role, Browser>>
beforeAll(async () => {
  world = await givenWorld()
  browsers = {
    client: await world.foundation.browser('maija'),
    coach: await browserOf(world.emails.coach),
    coordinator: await browserOf(world.emails.coordinator),
    foundation_lead: await browserOf(world.emails.foundation_lead),
    admin: await browserOf(world.emails.admin),
    school: await browserOf(world.emails.school),
  }
  // A page with a form gives the token that every other form takes.
  for (const browser of Object.values(browsers)) await browser.get('/tarkista')
})
afterAll(async () => await world.service.close())

async function browserOf(email: string): Promise<Browser> {
  const browser = world.service.browser()
  await signInByPage(browser, email, password)
  return browser
}

/** Routes that ask who is there; leaving is tried last. */
function guarded(): readonly SeenRoute[] {
  return world.routes.filter(({ permit, method }) => permit !== 'public' && permit !== 'anyone' && method !== 'HEAD')
}

function mayEnter(route: SeenRoute, role: Role): boolean {
  if (role === 'client' && staffOnly.includes(route.url)) return false
  return !isPermission(route.permit) || isPermitted([role], route.permit)
}

/** Does the rule ask for more than the role (the notes under the table)? */
function isConditional({ permit }: SeenRoute, role: Role): boolean {
  const cell = isPermission(permit) ? cellOf(permit, role) : undefined
  return cell !== undefined && conditionOf(cell) !== undefined
}

/** What says no after the body was read gets one that is right. */
const bodies: Readonly<Record<string, object>> = {
  '/api/v1/applications/:id/decision': { outcome: 'return', reason: 'Vielä yksi kerta' },
  '/api/v1/applications/:id/support-levels': { reason: 'quality' },
}

async function ask(route: SeenRoute, role: Role): Promise<LightMyRequestResponse> {
  const url = addressOf(route.url, world.things)
  if (isApiRoute(route)) {
    const api = world.service.api(world.tokens[role])
    if (route.method === 'DELETE') return await api.delete(url)
    if (route.method === 'POST')
      return await api.post(url, bodies[route.url] ?? {}, { 'idempotency-key': randomUUID() })
    return route.method === 'PUT' ? await api.put(url, {}) : await api.get(url)
  }
  return route.method === 'POST' ? await browsers[role].submit(url, {}) : await browsers[role].get(url)
}

describe.each(roles)('%s', (role) => {
  test('enters where the table says so, and nowhere else', async () => {
    const found: string[] = []
    for (const route of guarded()) {
      const { statusCode, body } = await ask(route, role)
      const isRight = mayEnter(route, role)
        ? statusCode !== 401 && (statusCode !== 403 || isConditional(route, role)) && statusCode < 500
        : statusCode === 403
      if (!isRight) found.push(`${nameOf(route)} (${route.permit}): ${statusCode} ${body.slice(0, 150)}`)
    }
    expect(found).toEqual([])
  })
})

/** The page that a form stands on: at the same address, or the nearest above it. */
function pageBehind(url: string): string | undefined {
  const parts = url.split('/')
  const above = parts.map((_, place) => parts.slice(0, parts.length - place).join('/'))
  return above.find((one) => world.routes.some((page) => page.method === 'GET' && page.url === one && one !== ''))
}

describe('nobody', () => {
  test('is told to sign in: 401 by the API, the way to the sign-in page for people', async () => {
    const found: string[] = []
    for (const route of guarded()) {
      const method = (['POST', 'PUT', 'DELETE'] as const).find((one) => one === route.method) ?? 'GET'
      const url = addressOf(route.url, world.things)
      const answer = await world.service.app.inject({ method, url, headers: { accept: 'text/html' } })
      const way = answer.headers.location ?? ''
      const page = pageBehind(route.url)
      // Pages of signing in are no place to come back to.
      const next = page === undefined || page.startsWith('/kirjaudu') ? {} : { next: addressOf(page, world.things) }
      const query = method === 'GET' ? { next: url } : { paattyi: '1', ...next }
      const isRight = isApiRoute(route)
        ? answer.statusCode === 401 && problemFault(answer) === undefined
        : answer.statusCode === 303 && way === `/kirjaudu?${new URLSearchParams(query).toString()}`
      if (!isRight) found.push(`${nameOf(route)}: ${answer.statusCode} ${way}`)
    }
    expect(found).toEqual([])
  })

  test('enters only what is listed here without signing in', () => {
    const open = world.routes.filter(
      ({ permit, method }) => (permit === 'public' || permit === 'anyone') && method !== 'HEAD',
    )
    const names = open.map(nameOf).filter((name) => !/ \/assets\//.test(name))
    expect(names.toSorted()).toEqual(
      [
        'GET /',
        'GET /kirjaudu',
        'POST /kirjaudu',
        'GET /kirjaudu/koodi',
        'POST /kirjaudu/koodi',
        'GET /kirjaudu/kortti/:card',
        'POST /kirjaudu/kortti',
        'GET /kayttoonotto/:link',
        'POST /kayttoonotto/:link',
        'GET /kayttoonotto/tili/:link',
        'POST /kayttoonotto/tili/:link',
        'GET /j/:token',
        'POST /kirjaudu/ulos',
        'GET /tarkista',
        'POST /tarkista',
        'GET /health/live',
        'GET /health/ready',
        'POST /api/v1/tokens',
        'POST /api/v1/tokens/code',
        'POST /api/v1/tokens/card',
        'POST /api/v1/oauth/token',
        'POST /api/v1/verifications',
        ...['/.well-known/jwks.json', '/o/:code', '/o/:code/*', '/b/:award', '/b/:award/*'].flatMap((url) => [
          `GET ${url}`,
          `OPTIONS ${url}`,
        ]),
      ].toSorted(),
    )
  })
})

test('a route that does not say who may use it stops the start', async () => {
  const forgetful = (message: unknown): void => {
    // The parsing door for what Fastify publishes about itself when it is made.
    const { fastify } = message as { fastify: FastifyInstance }
    void fastify.register(async (scope) => {
      scope.get('/api/v1/forgotten', async () => await Promise.resolve({}))
    })
  }
  const built = channel('fastify.initialization')
  built.subscribe(forgetful)
  try {
    await expect(buildApp(world.service.deps)).rejects.toThrow('GET /api/v1/forgotten does not say who may use it')
  } finally {
    built.unsubscribe(forgetful)
  }
})
