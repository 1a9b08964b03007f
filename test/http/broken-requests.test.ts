import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Broken,
  brokenAddresses,
  brokenBodies,
  brokenKeys,
  brokenMethods,
  brokenQueriesOf,
} from './broken-kinds.ts'
import { addressOf, givenWorld, type World } from './given-world.ts'
import { problemFault } from './problem.ts'
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
    '/api/v1/applications': { badgeClassId: things.freeBadgeClass, language: 'fi' },
    '/api/v1/applications/proposals': { clientId: things.client, badgeClassId: things.freeBadgeClass },
    '/api/v1/applications/:id/answer': { agree: true, language: 'sv' },
    '/api/v1/applications/:id/decision': { outcome: 'return', reason: 'Vielä yksi kerta' },
    '/api/v1/awards/:id/answer': { accept: true },
    '/api/v1/awards/:id/visibility': { public: true },
    '/api/v1/awards/:id/revocation': { reason: 'misuse', note: 'Väärä henkilö' },
    '/api/v1/clients': { givenName: 'Maija', familyName: 'Meikäläinen', language: 'fi', coachIds: [things.coach] },
    '/api/v1/observations': observation,
    '/api/v1/observations/batch': { observations: [observation] },
    '/api/v1/self-assessments': { taskId: things.task, choice: 3, words: 'Osaan jo' },
    '/api/v1/qualifications/imports': { id: 1, nimi: { fi: 'Ala' }, diaarinumero: 'OPH-1-2026', tutkinnonOsat: [] },
    '/api/v1/verifications': { credential: 'a.b.c', recipient: 'maija@example.fi' },
  }
}

/** Reads any bytes as a badge and tells what it found: rubbish gets a verdict. */
const judgesRubbish = '/api/v1/verifications'

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
    const fault = problemFault(answer)
    const passed = answer.statusCode < 400 && !broken.may && route.url !== judgesRubbish
    if (fault) found.push(`${nameOf(route)}, ${broken.kind}: ${fault}`)
    else if (passed) found.push(`${nameOf(route)}, ${broken.kind}: ${answer.statusCode} ${answer.body.slice(0, 100)}`)
  }
  return found
}

function kindsFor(route: SeenRoute): readonly Broken[] {
  const sample = samples()[route.url]
  const url = addressOf(route.url, world.things)
  const idName = /:(\w+)/.exec(route.url)?.[1]
  const known = world.routes.filter((other) => other.url === route.url).map(({ method }) => method)
  return [
    ...(sample ? [...brokenBodies(sample), ...brokenKeys(sample)] : []),
    ...(route.method === 'POST' && !sample ? bodiesWhereNoneIsTaken : []),
    ...(idName ? brokenAddresses((id) => addressOf(route.url, world.things, { [idName]: id })) : []),
    ...brokenQueriesOf(url).map((one) => ({ ...one, ...(sample && { payload: '{', headers: asJson }) })),
    ...brokenMethods(known),
  ]
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

  test('answers at least 30 kinds of broken request as it should', { timeout: 120_000 }, async () => {
    const found: string[] = []
    for (const route of world.routes.filter(isApiRoute)) {
      const kinds = kindsFor(route)
      expect(kinds.length, nameOf(route)).toBeGreaterThanOrEqual(30)
      found.push(...(await faults(route, kinds)))
    }
    expect(found).toEqual([])
  })
})
