import type { FeatureDeps } from '../features.ts'
import { staffOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { listOf, pageOfAll } from '../http/list.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import { paths } from '../web/paths.ts'
import { type ClientOnList, listClients, requireClient } from './client.ts'
import { createClient } from './create.ts'
import { mergeRoutes } from './merge-routes.ts'
import { moveRoutes } from './move-routes.ts'
import { relationRoutes } from './relation-routes.ts'
import { Client, ClientQuery, ClientRef, NewClient } from './schema.ts'

/** Clients of the own foundation: a coach sees the own ones, a coordinator all and adds new ones. */
export function clientRoutes(app: App, deps: FeatureDeps): void {
  relationRoutes(app, deps)
  moveRoutes(app, deps)
  mergeRoutes(app, deps)
  const today = (): string => dayInHelsinki(deps.now())

  const list = { querystring: ClientQuery, response: { 200: listOf(Client) } }
  app.get(
    '/api/v1/clients',
    { schema: list, config: { permit: 'client:read', fields: ['identity'] } },
    async (request) => {
      // By id, not by name: names are sealed.
      return pageOfAll(await listClients(deps, staffOf(request), today()), request.query, clientBody)
    },
  )

  const one = { params: ClientRef, response: { 200: Client } }
  app.get(
    '/api/v1/clients/:id',
    { schema: one, config: { permit: 'client:read', fields: ['identity'] } },
    async (request) => clientBody(await requireClient(deps, staffOf(request), request.params.id, today())),
  )

  const create = { body: NewClient, response: { 201: Client } }
  app.post(
    '/api/v1/clients',
    { schema: create, config: { permit: 'client:create', fields: ['identity'] } },
    async (request, reply) => {
      const client = await createClient(deps, staffOf(request), request.body, deps.now())
      return await reply.code(201).header('location', paths.clientResource(client.id)).send(client)
    },
  )
}

function clientBody({ id, name, language }: ClientOnList): Client {
  return { id, givenName: name.given, familyName: name.family, language }
}
