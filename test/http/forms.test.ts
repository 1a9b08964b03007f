import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ownPath } from '../../src/http/pages.ts'
import type { Role } from '../../src/http/permissions.ts'
import { type Browser, signInByPage } from '../support/app.ts'
import { password } from '../support/given.ts'
import { addressOf, givenWorld, roles, type World } from './given-world.ts'
import { isApiRoute, nameOf, roleFor, type SeenRoute } from './seen-routes.ts'

// S-42: state changes only by requests that a page of ours made. S-43: redirects stay on the own origin.

let world: World
const browsers = new Map<Role, Browser>()
beforeAll(async () => {
  world = await givenWorld()
  for (const role of roles) {
    const browser = role === 'client' ? await world.foundation.browser('maija') : world.service.browser()
    if (role !== 'client') await signInByPage(browser, world.emails[role], password)
    browsers.set(role, browser)
  }
})
afterAll(async () => await world.service.close())

const forms = (): readonly SeenRoute[] =>
  world.routes.filter((route) => route.method === 'POST' && !isApiRoute(route) && route.url !== '/kirjaudu/ulos')

/** Cookies and the token of somebody who may use the form. */
async function personFor(route: SeenRoute): Promise<{ readonly cookie: string; readonly token: string }> {
  const browser = browsers.get(roleFor(route) ?? 'client')
  const page = await browser?.get('/tarkista')
  const cookie = page?.raw.req.headers['cookie']
  const token = /name="_csrf" value="([^"]+)"/.exec(page?.body ?? '')?.[1] ?? ''
  return { cookie: typeof cookie === 'string' ? cookie : '', token }
}

async function send(
  route: SeenRoute,
  headers: Record<string, string>,
  fields: Record<string, string>,
): Promise<LightMyRequestResponse> {
  return await world.service.app.inject({
    method: 'POST',
    url: addressOf(route.url, world.things),
    headers: { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: new URLSearchParams(fields).toString(),
  })
}

describe('S-42: a form', () => {
  test('is refused without its token, with another’s, and from another site, whatever it is', async () => {
    const own = world.service.deps.config.pagesOrigin
    const found: string[] = []
    expect(forms().length).toBeGreaterThan(10)
    for (const route of forms()) {
      const { cookie, token } = await personFor(route)
      const tries = {
        'no token': await send(route, { cookie, origin: own }, {}),
        'a wrong token': await send(route, { cookie, origin: own }, { _csrf: `${token.slice(0, -1)}x` }),
        'another site': await send(route, { cookie, origin: 'https://elsewhere.example' }, { _csrf: token }),
        'another site of the browser': await send(
          route,
          { cookie, origin: own, 'sec-fetch-site': 'cross-site' },
          { _csrf: token },
        ),
        'no origin': await send(route, { cookie }, { _csrf: token }),
      }
      for (const [what, { statusCode }] of Object.entries(tries))
        if (statusCode !== 403) found.push(`${nameOf(route)}, ${what}: ${statusCode}`)
    }
    expect(found).toEqual([])
  })

  test('is answered with its token from a page of ours', async () => {
    const own = world.service.deps.config.pagesOrigin
    for (const route of forms()) {
      const { cookie, token } = await personFor(route)
      const answer = await send(route, { cookie, origin: own, 'sec-fetch-site': 'same-origin' }, { _csrf: token })
      expect(answer.statusCode, `${nameOf(route)} ${answer.body.slice(0, 200)}`).not.toBe(403)
    }
  })
})

describe('S-42: state changes', () => {
  test('by POST, PUT, PATCH and DELETE only: no page or list that is read writes what somebody did', async () => {
    // A session's last use, a list signed because it is stale, allowance taken and the line that somebody looked (S-53) are no acts of anybody.
    const allowed =
      /update session set last_seen_at|rate_limit|update "?status_list|app\.add_job|api_key set last_used_at|insert into audit_event/i
    const found: string[] = []
    for (const route of world.routes.filter(({ method }) => method === 'GET')) {
      const role = roleFor(route) ?? 'client'
      const url = addressOf(route.url, world.things, { '*': 'ob2' }).replace('*', 'ob2')
      const statements = world.service.statements()
      if (isApiRoute(route)) await world.service.api(world.tokens[role]).get(url)
      else await browsers.get(role)?.get(url)
      const writes = statements().filter(
        (sql) => /\b(insert into|update|delete from)\b\s/i.test(sql) && !allowed.test(sql),
      )
      if (writes.length > 0) found.push(`${nameOf(route)}: ${writes[0]?.slice(0, 120) ?? ''}`)
    }
    expect(found).toEqual([])
  })

  test('not by a cookie at the API: it reads none', async () => {
    // The methods that our routes have are those that the injection knows.
    const browser = browsers.get('coach')
    const page = await browser?.get('/kirjaa')
    const cookie = page?.raw.req.headers['cookie']
    for (const route of world.routes.filter((one) => isApiRoute(one) && one.permit !== 'public')) {
      const url = addressOf(route.url, world.things)
      const method = route.method as 'GET' | 'POST' | 'PUT'
      const headers = { cookie: typeof cookie === 'string' ? cookie : '', 'sec-fetch-site': 'same-origin' }
      expect((await world.service.app.inject({ method, url, headers })).statusCode, nameOf(route)).toBe(401)
    }
  })
})

describe('S-43: redirects', () => {
  const elsewhere = [
    'https://elsewhere.example/',
    '//elsewhere.example/',
    '/\\elsewhere.example',
    '\\\\elsewhere.example',
    '/\t/elsewhere.example',
    '/\n/elsewhere.example',
    '/.//elsewhere.example',
    '/a/..//elsewhere.example',
    '/%2e%2e//elsewhere.example',
    'javascript:alert(1)',
    'data:text/html,x',
    ' //elsewhere.example',
    '///elsewhere.example',
    'http:elsewhere.example',
    '',
    'kirjaa',
    '/\u0000/elsewhere.example',
  ]

  test.each(elsewhere)('%j leads to a path of our own', (path) => {
    const led = new URL(ownPath(path), 'https://own.example')
    expect(led.host).toBe('own.example')
    expect(ownPath(path)).toMatch(/^\/(?!\/|\\)/)
  })

  test.each(['/kirjaa', '/hakemukset?tila=odottaa', '/passi/arvioi/%C3%A4', '/a//b'])('%s stays as it is', (path) => {
    expect(ownPath(path)).toBe(path)
  })

  test('the sign-in form leads nowhere else, whatever it was asked to', async () => {
    for (const next of elsewhere) {
      const browser = world.service.browser()
      await browser.get(`/kirjaudu?next=${encodeURIComponent(next)}`)
      const entered = await browser.submit('/kirjaudu', { email: world.emails.coach, password, next })
      const { location = '' } = entered.headers
      if (entered.statusCode === 303) expect(location, next).toMatch(/^\/(?!\/|\\)/)
      expect(new URL(location, 'https://own.example').host, next).toBe('own.example')
    }
  })

  test('no route sends anybody to another origin', async () => {
    const found: string[] = []
    for (const route of world.routes.filter(({ method }) => method === 'GET')) {
      const url = addressOf(route.url, world.things, { '*': 'ob2' }).replace('*', 'ob2')
      const host = 'elsewhere.example'
      for (const role of ['client', 'coach'] as const) {
        const page = await browsers.get(role)?.get(`/tarkista`)
        const cookie = page?.raw.req.headers['cookie']
        const { headers } = await world.service.app.inject({
          url,
          headers: { host, 'x-forwarded-host': host, accept: 'text/html', cookie: String(cookie) },
        })
        const to = headers.location
        if (to !== undefined && !/^\/(?!\/|\\)/.test(to)) found.push(`${nameOf(route)} → ${to}`)
      }
    }
    expect(found).toEqual([])
  })
})
