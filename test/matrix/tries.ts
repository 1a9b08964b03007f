import { randomUUID } from 'node:crypto'
import type { LightMyRequestResponse } from 'fastify'
import { isPermission, type Permission } from '../../src/http/permissions.ts'
import { conditionOf, reachIn, rowOf } from '../../src/matrix/rows.ts'
import type { Reach } from '../../src/matrix/words.ts'
import { addressOf, type Things } from '../http/given-world.ts'
import { bodies, queries, staffOnly, stateDecides } from '../http/route-bodies.ts'
import { isApiRoute, type SeenRoute } from '../http/seen-routes.ts'
import type { AskedWorld, Asker, Relation, Target } from './given-askers.ts'

/** Refused at the door; as if it were not there; let in; or let in where the rule finds something to do. */
export type Expected = 'door' | 'hidden' | 'open' | 'any'

export type Call = { readonly url: string; readonly body: Readonly<Record<string, unknown>> }

export function callOf(route: SeenRoute, things: Things): Call {
  const address = addressOf(route.url, things)
  const query = route.method === 'GET' ? queries[route.url]?.(things) : undefined
  const url = `${address}${query ?? ''}`
  return { url, body: bodies[route.url]?.(things) ?? {} }
}

export const textOf = ({ url, body }: Call): string => `${url} ${JSON.stringify(body)}`

/** Is it known what the ids in the address are of? */
export function isKnown(asked: AskedWorld, { url }: SeenRoute): boolean {
  try {
    return addressOf(url, asked.maijas) !== ''
  } catch {
    return false
  }
}

/** Does the call lead to one person's things? */
export function isPersonal(asked: AskedWorld, route: SeenRoute): boolean {
  return textOf(callOf(route, asked.maijas)) !== textOf(callOf(route, asked.anttis))
}

/** Is it about nothing that belongs to a foundation? */
function isEveryones(asked: AskedWorld, route: SeenRoute): boolean {
  return textOf(callOf(route, asked.maijas)) === textOf(callOf(route, asked.theirs))
}

/** Does a cell of this reach hold for somebody's things in this relation? For what staff have done themselves it is not known here. */
export function covers(reach: Reach, relation: Relation): boolean | undefined {
  switch (reach) {
    case 'foundation':
      return relation !== 'other'
    case 'current':
      return relation === 'current' || relation === 'own'
    case 'own':
      return relation === 'own' ? true : relation === 'current' ? undefined : false
    case 'shared':
    case 'published':
      return false
  }
}

function expectedOf(
  asked: AskedWorld,
  route: SeenRoute,
  permission: Permission,
  { role }: Asker,
  relation: Relation,
): Expected {
  const row = rowOf(permission)
  const cell = role === 'integrator' ? row.integrator && 'foundation' : row[role]
  if (cell === undefined || (role === 'client' && staffOnly.includes(route.url))) return 'door'
  if (isEveryones(asked, route)) return 'any'
  const reach = reachIn(cell)
  if (relation === 'other') return reach === 'published' ? 'any' : 'hidden'
  if (!isPersonal(asked, route)) return 'any'
  const isCovered = covers(reach, relation)
  if (isCovered === undefined) return 'any'
  if (!isCovered) return 'hidden'
  return conditionOf(cell) === undefined && !stateDecides.includes(route.url) ? 'open' : 'any'
}

export function isAsExpected(expected: Expected, { statusCode }: LightMyRequestResponse): boolean {
  switch (expected) {
    case 'door':
      return statusCode === 403
    case 'hidden':
      return statusCode === 404
    case 'open':
      return ![401, 403, 404].includes(statusCode) && statusCode < 500
    case 'any':
      return statusCode !== 401 && statusCode < 500
  }
}

export async function send(
  asked: AskedWorld,
  route: SeenRoute,
  { token, browser }: Asker,
  { url, body }: Call,
): Promise<LightMyRequestResponse> {
  if (isApiRoute(route)) {
    return await asked.world.service.app.inject({
      method: methodOf(route),
      url,
      headers: { authorization: `Bearer ${token}`, 'idempotency-key': randomUUID() },
      ...(route.hasBody && { payload: body }),
    })
  }
  if (!browser) throw new Error('a program has no browser')
  if (route.method !== 'POST') return await browser.get(url)
  const fields = Object.entries(body).map(([name, value]): readonly [string, string] => [name, String(value)])
  return await browser.submit(url, Object.fromEntries(fields))
}

function methodOf({ method }: SeenRoute): 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' {
  const known = (['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).find((one) => one === method)
  if (!known) throw new Error(`say how to send ${method}`)
  return known
}

export type Try = {
  readonly route: SeenRoute
  readonly permission: Permission
  readonly target: Target
  readonly expected: Expected
}

/** Every call of the asker that is about something in a relation. */
export function triesOf(asked: AskedWorld, asker: Asker): readonly Try[] {
  return asked.world.routes.flatMap((route) => {
    const { permit, method } = route
    if (
      method === 'HEAD' ||
      !isKnown(asked, route) ||
      !isPermission(permit) ||
      (asker.role === 'integrator' && !isApiRoute(route))
    )
      return []
    return asker.targets.map((target): Try => {
      const expected = expectedOf(asked, route, permit, asker, target.relation)
      return { route, permission: permit, target, expected }
    })
  })
}
