import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Broken,
  brokenAddresses,
  brokenBodies,
  brokenKeys,
  brokenMembers,
  brokenMethods,
  brokenQueriesOf,
} from './broken-kinds.ts'
import { addressOf, givenWorld, type World } from './given-world.ts'
import { oauthFault, problemFault } from './problem.ts'
import { isApiRoute, nameOf, roleFor, type SeenRoute } from './seen-routes.ts'

// Each route of the API, as the service itself lists them, answered with problem+json and never 5xx (PRODUCT §7, Errors; S-48, S-54).

let world: World
beforeAll(async () => {
  world = await givenWorld()
})
afterAll(async () => await world.service.close())

type Sample = Parameters<typeof brokenBodies>[0]

/** A body that would be right, for each address that takes one. */
function samples(): Readonly<Record<string, Sample>> {
  const { things } = world
  const observation = {
    clientId: things.client,
    taskId: things.task,
    supportLevel: 'minor',
    observedOn: '2026-11-01',
    note: 'Hyvin meni',
    lateReason: 'Paperi löytyi myöhään',
  }
  return {
    '/api/v1/tokens': { name: 'nobody@nowhere.example', password: 'kuusi-hilla-joki-2' },
    '/api/v1/tokens/code': { code: 'ABCD2345' },
    '/api/v1/tokens/card': { card: `mer1${'0'.repeat(22)}`, pin: '0000' },
    '/api/v1/tokens/second-factor': { code: '000000' },
    '/api/v1/second-factor': { password: 'kuusi-hilla-joki-2' },
    '/api/v1/second-factor/confirmation': { code: '000000' },
    '/api/v1/password': { password: 'kuusi-hilla-joki-2', next: 'kuusi-hilla-joki-3' },
    '/api/v1/applications': { badgeClassId: things.freeBadgeClass, language: 'fi' },
    '/api/v1/applications/proposals': { clientId: things.client, badgeClassId: things.freeBadgeClass },
    '/api/v1/applications/:id/answer': { agree: true, language: 'sv' },
    '/api/v1/applications/:id/decision': { outcome: 'return', reason: 'Vielä yksi kerta' },
    '/api/v1/applications/:id/support-levels': { reason: 'quality' },
    '/api/v1/applications/decisions': {
      decisions: [{ id: things.application, outcome: 'return', reason: 'Vielä yksi' }],
    },
    '/api/v1/awards/:id/answer': { accept: true },
    '/api/v1/awards/:id/visibility': { public: true },
    '/api/v1/awards/:id/recipient': { email: 'maija@example.fi' },
    '/api/v1/awards/:id/revocation': { reason: 'misuse', note: 'Väärä henkilö' },
    '/api/v1/clients': { givenName: 'Maija', familyName: 'Meikäläinen', language: 'fi', coachIds: [things.coach] },
    '/api/v1/clients/:id/coaches': { coachId: things.coach, fromDay: '2026-12-01', untilDay: '2026-12-31' },
    '/api/v1/clients/:id/unit': { unitId: things.workUnit },
    '/api/v1/work-units/:id/coaches': { coachId: things.coach, fromDay: '2026-12-01', untilDay: null },
    '/api/v1/clients/:id/name': { givenName: 'Maija', familyName: 'Meikäläinen' },
    '/api/v1/clients/:id/protection': { protected: true },
    // Refused by the rule: nobody of this world may be joined away.
    '/api/v1/clients/:id/merges': { fromClientId: things.client },
    '/api/v1/stand-ins': {
      coachId: things.coach,
      standInId: things.coach,
      fromDay: '2026-12-01',
      untilDay: '2026-12-31',
    },
    '/api/v1/client-invitations': { coachId: things.coach },
    '/api/v1/passport/move': { code: 'ABCDEFGHJKMN', purpose: 'join', take: ['badges'] },
    '/api/v1/observations': observation,
    '/api/v1/observations/batch': { observations: [observation] },
    '/api/v1/self-assessments': { taskId: things.task, choice: 3, words: 'Osaan jo' },
    '/api/v1/qualifications/imports': { id: 1, nimi: { fi: 'Ala' }, diaarinumero: 'OPH-1-2026', tutkinnonOsat: [] },
    '/api/v1/keys/rotations': { algorithm: 'EdDSA', instead: things.signingKey },
    '/api/v1/keys/:kid/compromise': { since: '2026-11-22T09:00:00Z' },
    '/api/v1/issuing': { stopped: false, reason: 'solved' },
    '/api/v1/api-keys': { name: 'Opiskelijahallinto 2', mode: 'live', scopes: ['modules:read'], expiresInDays: 30 },
    '/api/v1/oauth/token': { grant_type: 'client_credentials', scope: 'modules:read' },
    '/api/v1/shares': { awardIds: [things.award.id], lifetime: 'P1D' },
    '/api/v1/endorsements': { badge: 'a.b.c', comment: 'Merkki vastaa vaatimuksia' },
    '/api/v1/verifications': { credential: 'a.b.c', recipient: 'maija@example.fi' },
  }
}

/** Reads any bytes as a badge and tells what it found: rubbish gets a verdict. */
const judgesRubbish = '/api/v1/verifications'

/** Answers in the way of its own standard. */
const oauth = '/api/v1/oauth/token'

const takesBody = ({ method }: SeenRoute): boolean => method === 'POST' || method === 'PUT'

function headersFor(route: SeenRoute): Record<string, string> {
  const role = roleFor(route)
  return {
    ...(role ? { authorization: `Bearer ${world.tokens[role]}` } : {}),
    ...(route.method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
  }
}

async function send(route: SeenRoute, broken: Broken): Promise<LightMyRequestResponse> {
  const headers: Record<string, unknown> = { ...headersFor(route), ...broken.headers }
  for (const [name, value] of Object.entries(headers)) if (value === undefined) delete headers[name]
  const options = {
    method: broken.method ?? route.method,
    url: broken.url ?? addressOf(route.url, world.things),
    headers,
    ...(broken.payload === undefined ? {} : { payload: broken.payload }),
  }
  // Methods that the types do not know are part of what is tried.
  return await world.service.app.inject(options as InjectOptions)
}

/** Sends them all and tells what was wrong with the answers. */
async function faults(route: SeenRoute, all: readonly Broken[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const broken of all) {
    const answer = await send(route, broken)
    const fault = route.url === oauth ? oauthFault(answer) : problemFault(answer)
    const passed = answer.statusCode < 400 && !broken.may && route.url !== judgesRubbish
    if (fault) found.push(`${nameOf(route)}, ${broken.kind}: ${fault}`)
    else if (passed) found.push(`${nameOf(route)}, ${broken.kind}: ${answer.statusCode} ${answer.body.slice(0, 100)}`)
  }
  return found
}

function kindsFor(route: SeenRoute): readonly Broken[] {
  const sample = takesBody(route) ? samples()[route.url] : undefined
  const url = addressOf(route.url, world.things)
  const idName = /:(\w+)/.exec(route.url)?.[1]
  const known = world.routes.filter((other) => other.url === route.url).map(({ method }) => method)
  return [
    ...(sample ? [...brokenBodies(sample), ...brokenKeys(sample), ...brokenInside(sample)] : []),
    ...(takesBody(route) && !sample ? bodiesWhereNoneIsTaken : []),
    ...(idName ? brokenAddresses((id) => addressOf(route.url, world.things, { [idName]: id })) : []),
    ...brokenQueriesOf(url).map((one) => ({ ...one, ...(sample && { payload: '{', headers: asJson }) })),
    ...brokenMethods(known),
    { kind: 'by HEAD', method: 'HEAD', may: true },
  ]
}

/** The objects of a list in a body are broken like the body itself. */
function brokenInside(sample: Sample): readonly Broken[] {
  return Object.entries(sample).flatMap(([name, value]) => {
    const inner: unknown = Array.isArray(value) ? value[0] : undefined
    if (typeof inner !== 'object' || inner === null) return []
    return brokenMembers({ ...inner }, (object) => `{"${name}":[${object}]}`)
  })
}

const asJson = { 'content-type': 'application/json' }
const bodiesWhereNoneIsTaken: readonly Broken[] = ['{"a":1}', '[1]', '"x"', '7', '{', '', '\0', '{"__proto__":1}'].map(
  (payload) => ({ kind: `body ${payload}`, payload, headers: asJson }),
)

describe('every route of the API', () => {
  test('that takes a body has a sample here', () => {
    const routes = world.routes.filter((route) => isApiRoute(route) && route.hasBody)
    expect(routes.length).toBeGreaterThan(10)
    expect(routes.map(({ url }) => url).filter((url) => !(url in samples()))).toEqual([])
  })

  test('answers at least 30 kinds of broken request as it should', { timeout: 240_000 }, async () => {
    const found: string[] = []
    // HEAD is the same handler; it is tried as a method of its GET.
    for (const route of world.routes.filter((one) => isApiRoute(one) && one.method !== 'HEAD')) {
      const kinds = kindsFor(route)
      expect(kinds.length, nameOf(route)).toBeGreaterThanOrEqual(30)
      found.push(...(await faults(route, kinds)))
    }
    expect(found).toEqual([])
  })
})

describe('a bearer token', () => {
  /** What stands in `Authorization`, by what is wrong with it. */
  function wrongTokens(): Readonly<Record<string, string | undefined>> {
    const right = world.tokens.coach
    const [head = '', claims = '', signature = ''] = right.split('.')
    const { app } = world.service
    const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'op-session+jwt' })).toString('base64url')
    const claim = app.jwt.decode<Record<string, unknown>>(right) ?? {}
    const signed = (changed: Record<string, unknown>): string => `Bearer ${app.jwt.sign({ ...claim, ...changed })}`
    const packed = (changed: Record<string, unknown>): string =>
      Buffer.from(JSON.stringify({ ...claim, ...changed })).toString('base64url')
    return {
      missing: undefined,
      empty: '',
      garbage: 'Bearer garbage',
      'of another kind': `Basic ${Buffer.from('pekka:salasana').toString('base64')}`,
      'two at once': `Bearer ${right}, Bearer ${right}`,
      '10 kB': `Bearer ${'a'.repeat(10_000)}`,
      'not signed': `Bearer ${none}.${claims}.`,
      'not signed, with the old signature': `Bearer ${none}.${claims}.${signature}`,
      'without signature': `Bearer ${head}.${claims}`,
      'with other claims': `Bearer ${head}.${packed({ ten: 'zzzz' })}.${signature}`,
      expired: signed({ exp: 1 }),
      'of a page session': signed({ aud: 'pages' }),
      'of another issuer': `Bearer ${app.jwt.sign(claim, { iss: 'https://elsewhere.example' })}`,
      'of a session that is not': signed({ sub: randomUUID() }),
      'of another tenant': signed({ ten: 'zzzz' }),
      'of a tenant that cannot be': signed({ ten: "a';--" }),
      'of another algorithm': `Bearer ${app.jwt.sign(claim, { algorithm: 'HS512' })}`,
      'of another type': `Bearer ${app.jwt.sign(claim, { header: { alg: 'HS256', typ: 'JWT' } })}`,
      'in a cookie': undefined,
    }
  }

  test('that is not right opens nothing (S-13)', async () => {
    const found: string[] = []
    const routes = world.routes.filter((route) => isApiRoute(route) && roleFor(route) !== undefined)
    expect(routes.length).toBeGreaterThan(20)
    for (const route of routes) {
      const body = JSON.stringify(samples()[route.url] ?? {})
      const right = takesBody(route) ? { payload: body } : {}
      for (const [kind, authorization] of Object.entries(wrongTokens())) {
        const cookie = kind === 'in a cookie' ? `op_session=${world.tokens.coach}` : undefined
        const answer = await send(route, { kind, ...right, headers: { ...asJson, authorization, cookie } })
        const fault = problemFault(answer) ?? (answer.statusCode === 401 ? undefined : `${answer.statusCode}`)
        if (fault) found.push(`${nameOf(route)}, token ${kind}: ${fault}`)
      }
    }
    expect(found).toEqual([])
  })

  test('is needed however the address is written, and a cookie does not do instead', async () => {
    // The broken ones before were wrong sign-ins too: this network would be slowed (S-17).
    await world.service.database.ownerDb.deleteFrom('sign_in_failure').execute()
    const browser = await world.foundation.browser('pekka')
    expect((await browser.get('/ryhma')).statusCode).toBe(200)
    for (const url of ['/api/v1/clients', '/%61pi/v1/clients', 'http://localhost:4000/api/v1/clients']) {
      const answer = await browser.get(url)
      expect([url, answer.statusCode, problemFault(answer)]).toEqual([url, 401, undefined])
    }
  })
})

test('an id in capitals is the same id: nothing that was said gets lost', async () => {
  const api = world.service.api(world.tokens.coach)
  // Somebody whom the broken requests before this did not touch: some of them are accepted, and end a relation.
  const aune = await world.foundation.addClient({ given: 'Aune', family: 'Kallio' })
  const recorded = await api.post('/api/v1/observations', {
    clientId: aune.toUpperCase(),
    taskId: world.things.task.toUpperCase(),
    supportLevel: 'minor',
    observedOn: '2026-11-20',
    note: 'Isoilla kirjaimilla',
  })
  expect(recorded.statusCode, recorded.body).toBe(201)
  const read = await api.get(recorded.headers.location?.toString() ?? '')
  expect(read.json()).toMatchObject({ clientId: aune, note: 'Isoilla kirjaimilla' })
})

describe('on a socket', () => {
  let port: number
  beforeAll(async () => {
    const address = await world.service.app.listen({ port: 0, host: '127.0.0.1' })
    port = Number(new URL(address).port)
  })

  const broken: Readonly<Record<string, string>> = {
    'no HTTP': 'hello\r\n\r\n',
    'a broken version': 'GET /api/v1/clients HTTP/9.9\r\nHost: x\r\n\r\n',
    'a header without colon': 'GET /api/v1/clients HTTP/1.1\r\nHost: x\r\nbroken\r\n\r\n',
    'NUL in a header': 'GET /api/v1/clients HTTP/1.1\r\nHost: x\r\nAuthorization: a\0b\r\n\r\n',
    'a head of 20 kB': `GET /api/v1/clients HTTP/1.1\r\nHost: x\r\nCookie: ${'a'.repeat(20_000)}\r\n\r\n`,
    'two lengths': 'POST /api/v1/tokens HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!',
    'length and chunks':
      'POST /api/v1/tokens HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'a broken chunk':
      'POST /api/v1/tokens HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    'a method nobody knows': 'BREW /api/v1/clients HTTP/1.1\r\nHost: x\r\n\r\n',
    'a broken percent sign': 'GET /api/v1/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    'a path of two slashes': 'GET // HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nConnection: close\r\n\r\n',
    'an asterisk': 'OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  }

  test.each(Object.entries(broken))('%s: refused, with nothing told of the inside', async (_, bytes) => {
    const answer = await answerTo(port, bytes)
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /)
    expect(answer).toMatch(/\r\nrequest-id: [0-9a-f-]{36}\r\n/i)
    expect(answer).toMatch(/\r\nx-content-type-options: nosniff\r\n/i)
    expect(answer).not.toMatch(/fastify|node|Client Error|%zz|server:|x-powered-by/i)
    if (!bytes.includes('text/html')) expect(answer).toMatch(/\r\ncontent-type: application\/problem\+json/i)
  })
})

/** Sends bytes and reads until the service hangs up. */
async function answerTo(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  const chunks: Buffer[] = []
  socket.write(bytes, 'latin1')
  for await (const chunk of socket) {
    if (Buffer.isBuffer(chunk)) chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('latin1')
}
