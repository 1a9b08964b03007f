import { randomUUID } from 'node:crypto'
import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addressOf, givenWorld, type World } from './given-world.ts'
import { problemFault } from './problem.ts'
import { isApiRoute, nameOf, roleFor, type SeenRoute } from './seen-routes.ts'

// S-48: what JSON may hold, and how much of it is answered at once.

let world: World
beforeAll(async () => {
  world = await givenWorld()
})
afterAll(async () => await world.service.close())

async function post(url: string, payload: string, type = 'application/json'): Promise<LightMyRequestResponse> {
  return await world.service.app.inject({
    method: 'POST',
    url,
    payload,
    headers: {
      'content-type': type,
      authorization: `Bearer ${world.tokens.coach}`,
      'idempotency-key': randomUUID(),
    },
  })
}

const one = (): Record<string, unknown> => ({
  clientId: world.things.client,
  taskId: world.things.task,
  supportLevel: 'minor',
  observedOn: '2026-11-22',
})
const observations = '/api/v1/observations'
const batch = '/api/v1/observations/batch'

describe('S-48: a body', () => {
  test.each([
    ['an unknown member', (body: string) => `${body.slice(0, -1)},"more":1}`, 422],
    ['__proto__', (body: string) => `${body.slice(0, -1)},"__proto__":{"admin":true}}`, 400],
    ['__proto__ with escapes', (body: string) => `${body.slice(0, -1)},"\\u005f\\u005fproto__":{}}`, 400],
    ['constructor.prototype', (body: string) => `${body.slice(0, -1)},"constructor":{"prototype":{}}}`, 400],
    ['a number without end', (body: string) => `${body.slice(0, -1)},"note":1e999}`, 422],
    ['33 levels', (body: string) => `${body.slice(0, -1)},"note":${'['.repeat(32)}${']'.repeat(32)}}`, 422],
    ['NUL', (body: string) => `${body.slice(0, -1)},"note":"a\\u0000b"}`, 422],
    ['half a character', (body: string) => `${body.slice(0, -1)},"note":"\\ud800"}`, 422],
  ])('with %s is refused', async (_, broken, status) => {
    const answer = await post(observations, broken(JSON.stringify(one())))
    expect(answer.statusCode, answer.body).toBe(status)
    expect(problemFault(answer)).toBeUndefined()
  })

  test.each(['{bad', '', '{"a":1}}', '{"__proto__":{}}'])('that is %j is told as such', async (body) => {
    const answer = await post(observations, body)
    expect([answer.statusCode, answer.json<{ detail: string }>().detail]).toEqual([
      400,
      'The body is not JSON, or has a member named __proto__ or constructor',
    ])
  })

  test('says of each member whether it is missing or of another type', async () => {
    const answer = await post(observations, JSON.stringify({ ...one(), taskId: 7, observedOn: undefined }))
    const { errors } = answer.json<{ errors: { pointer: string; detail: string }[] }>()
    expect(errors.map(({ pointer, detail }) => `${pointer} ${detail}`)).toEqual([
      '/taskId is no string',
      '/observedOn is missing (string)',
    ])
  })

  test.each(['text/json', 'application/json5', 'application/jsonp', 'application/problem+json', 'text/plain'])(
    'as %s is not taken: the type is matched exactly',
    async (type) => {
      expect((await post(observations, JSON.stringify(one()), type)).statusCode).toBe(415)
    },
  )

  test('holds 256 kB, in bulk 2 MB and 500 rows', async () => {
    const padded = (size: number, body: object): string => {
      const text = JSON.stringify(body)
      return `${text.slice(0, -1)}${' '.repeat(size - text.length)}}`
    }
    expect((await post(observations, padded(256 * 1024, one()))).statusCode).toBe(201)
    expect((await post(observations, padded(256 * 1024 + 1, one()))).statusCode).toBe(413)
    const rows = (count: number): object => ({ observations: Array.from({ length: count }, one) })
    expect((await post(batch, padded(2 * 1024 * 1024, rows(1)))).statusCode).toBe(201)
    expect((await post(batch, padded(2 * 1024 * 1024 + 1, rows(1)))).statusCode).toBe(413)
    expect((await post(batch, JSON.stringify(rows(500)))).statusCode).toBe(201)
    expect((await post(batch, JSON.stringify(rows(501)))).statusCode).toBe(422)
  })
})

/** Give the newest hundred and no more. */
const newestOnly: readonly string[] = ['/api/v1/hand-outs']

describe('S-48: a list', () => {
  type Page = { readonly data?: readonly { id: string }[]; readonly page?: { readonly next: string | null } }

  const reads = (): readonly SeenRoute[] =>
    world.routes.filter((route) => isApiRoute(route) && route.method === 'GET' && route.permit !== 'public')

  async function get(route: SeenRoute, query: string): Promise<LightMyRequestResponse> {
    const url = addressOf(route.url, world.things)
    const needed = route.url.endsWith('/observations') || route.url.endsWith('/awards')
    const token = world.tokens[route.permit === 'application:read' ? 'coordinator' : (roleFor(route) ?? 'client')]
    return await world.service.api(token).get(`${url}?${needed ? `clientId=${world.things.client}&` : ''}${query}`)
  }

  test('gives at most 100 rows at once and always says whether there are more', async () => {
    const found: string[] = []
    let lists = 0
    for (const route of reads().filter((one) => !newestOnly.includes(one.url))) {
      const plain = await get(route, '')
      const body =
        plain.statusCode === 200 && plain.headers['content-type']?.toString().includes('json') ? plain.json<Page>() : {}
      if (!Array.isArray(body.data)) continue
      lists += 1
      if (body.page === undefined) found.push(`${nameOf(route)} is not paged`)
      for (const [limit, status] of [
        ['100', 200],
        ['101', 422],
        ['0', 422],
        ['-1', 422],
        ['1.5', 422],
        ['x', 422],
      ] as const) {
        const answer = await get(route, `limit=${limit}`)
        if (answer.statusCode !== status) found.push(`${nameOf(route)}?limit=${limit}: ${answer.statusCode}`)
      }
      const strange = await get(route, 'cursor=eHh4')
      if (strange.statusCode !== 422) found.push(`${nameOf(route)} takes a cursor that is none of ours`)
    }
    expect(found).toEqual([])
    expect(lists).toBeGreaterThan(6)
  })

  test('goes on where the last page ended: applications and awards', async () => {
    const { foundation, service } = world
    for (const badge of ['maalaus'])
      await (await foundation.as('antti')).post('/api/v1/applications', {
        badgeClassId: foundation.badge(badge).classId,
      })
    const api = service.api(world.tokens.coordinator)
    const walk = async (path: string): Promise<readonly string[]> => {
      const ids: string[] = []
      let cursor: string | null | undefined = undefined
      do {
        const more: string = cursor === undefined ? '' : `&cursor=${cursor}`
        const { data = [], page }: Page = (
          await api.get(`${path}${path.includes('?') ? '&' : '?'}limit=1${more}`)
        ).json()
        expect(data.length).toBeLessThanOrEqual(1)
        ids.push(...data.map(({ id }) => id))
        cursor = page?.next
      } while (cursor !== null)
      return ids
    }
    const applications = (await api.get('/api/v1/applications?limit=100')).json<Page>().data?.map(({ id }) => id) ?? []
    expect(applications.length).toBeGreaterThan(2)
    expect(await walk('/api/v1/applications')).toEqual(applications)
    const submitted = await walk('/api/v1/applications?state=submitted')
    expect(submitted).toHaveLength(2)
    expect(await walk(`/api/v1/awards?clientId=${world.things.client}`)).toEqual([world.things.award.id])
  })
})
