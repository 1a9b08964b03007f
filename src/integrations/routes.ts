import type { FeatureDeps } from '../features.ts'
import { staffOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { idOfCursor, listOf, pageOf } from '../http/list.ts'
import { paths } from '../web/paths.ts'
import { apiKeyBody, getApiKey, listApiKeys, makeApiKey, revokeApiKey } from './api-key.ts'
import { ApiKey, ApiKeyQuery, ApiKeyRef, MadeApiKey, NewApiKey } from './schema.ts'
import { tokenRoute } from './token-route.ts'

/** Keys of programs: an admin makes and revokes them, the foundation's lead sees which there are (S-12, S-13). */
export function integrationRoutes(app: App, deps: FeatureDeps): void {
  tokenRoute(app, deps)

  const create = { body: NewApiKey, response: { 201: MadeApiKey } }
  app.post('/api/v1/api-keys', { schema: create, config: { permit: 'api-key:write' } }, async (request, reply) => {
    const { key, row } = await makeApiKey(deps, staffOf(request), request.body)
    return await reply
      .code(201)
      .header('location', paths.apiKeyResource(row.id))
      .send({ ...apiKeyBody(row, deps.now()), key })
  })

  const list = { querystring: ApiKeyQuery, response: { 200: listOf(ApiKey) } }
  app.get('/api/v1/api-keys', { schema: list, config: { permit: 'api-key:read' } }, async (request) => {
    const { limit, cursor } = request.query
    const rows = await listApiKeys(deps, staffOf(request), { before: idOfCursor(cursor), limit: limit + 1 })
    return pageOf(rows, limit, (row) => apiKeyBody(row, deps.now()))
  })

  const one = { params: ApiKeyRef, response: { 200: ApiKey } }
  app.get('/api/v1/api-keys/:id', { schema: one, config: { permit: 'api-key:read' } }, async (request) =>
    apiKeyBody(await getApiKey(deps, staffOf(request), request.params.id), deps.now()),
  )

  app.post('/api/v1/api-keys/:id/revocation', { schema: one, config: { permit: 'api-key:write' } }, async (request) =>
    apiKeyBody(await revokeApiKey(deps, staffOf(request), request.params.id), deps.now()),
  )
}
