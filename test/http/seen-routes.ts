import { channel } from 'node:diagnostics_channel'
import type { FastifyInstance, RouteOptions } from 'fastify'
import { z } from 'zod'
import { type Permit, type Role, rolesOf } from '../../src/http/permissions.ts'
import type { FieldGroup } from '../../src/matrix/words.ts'
import { staffOnly } from './route-bodies.ts'

/** A route as the service itself registered it. */
export type SeenRoute = {
  readonly method: string
  readonly url: string
  readonly permit: Permit
  /** Which groups of a person's fields its answer may hold. */
  readonly fields: readonly FieldGroup[]
  /** It says what a body looks like. */
  readonly hasBody: boolean
  readonly openToAll: boolean
  /** The body or the query names a client. */
  readonly namesClient: boolean
}

/** Runs `make` and tells every route of the service that was built meanwhile: so no list of routes can be out of date. */
export async function withRoutes<T>(
  make: () => Promise<T>,
): Promise<{ readonly made: T; readonly routes: readonly SeenRoute[] }> {
  const routes: SeenRoute[] = []
  const built = channel('fastify.initialization')
  const watch = (message: unknown): void => {
    fastifyOf(message).addHook('onRoute', (route) => note(routes, route))
  }
  built.subscribe(watch)
  try {
    return { made: await make(), routes }
  } finally {
    built.unsubscribe(watch)
  }
}

/** The parsing door for what Fastify publishes about itself when it is made. */
function fastifyOf(message: unknown): FastifyInstance {
  return (message as { fastify: FastifyInstance }).fastify
}

function note(routes: SeenRoute[], { method, url, config, schema }: RouteOptions): void {
  for (const one of [method].flat()) {
    const permit = config?.permit
    if (permit === undefined) throw new Error(`${one} ${url} has no permit`)
    routes.push({
      method: one,
      url,
      permit,
      fields: config?.fields ?? [],
      hasBody: schema?.body !== undefined,
      openToAll: config?.openToAll ?? false,
      namesClient: [schema?.body, schema?.querystring].some(hasClientId),
    })
  }
}

const hasClientId = (schema: unknown): boolean => schema instanceof z.ZodObject && 'clientId' in schema.shape

export const isApiRoute = ({ url }: SeenRoute): boolean => url.startsWith('/api/')
export const nameOf = ({ method, url }: SeenRoute): string => `${method} ${url}`

/** One role that the route lets in; undefined where nobody need be signed in. */
export function roleFor({ permit, url }: SeenRoute): Role | undefined {
  if (permit === 'public' || permit === 'anyone') return undefined
  if (permit === 'signed-in') return 'client'
  return rolesOf(permit).find((role) => role !== 'client' || !staffOnly.includes(url))
}
