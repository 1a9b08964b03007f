import type { FeatureDeps } from '../features.ts'
import { clientOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { listOf, ListQuery, pageOfAll } from '../http/list.ts'
import { paths } from '../web/paths.ts'
import { shareBody } from './bodies.ts'
import { NewShare, NewShareBody, ShareBody, ShareRef } from './schema.ts'
import { closeShare, listShares, makeShare } from './share.ts'

/** Shares for a program that acts for the client (PRODUCT §7): the same rules as `/nayta`. */
export function shareRoutes(app: App, deps: FeatureDeps): void {
  app.get(
    '/api/v1/shares',
    { schema: { querystring: ListQuery, response: { 200: listOf(ShareBody) } }, config: { permit: 'share:create' } },
    async (request) => {
      const now = deps.now()
      return pageOfAll(await listShares(deps, clientOf(request)), request.query, (share) => shareBody(share, now))
    },
  )

  app.post(
    '/api/v1/shares',
    { schema: { body: NewShare, response: { 201: NewShareBody } }, config: { permit: 'share:create' } },
    async (request, reply) => {
      const { share, token } = await makeShare(deps, clientOf(request), request.body)
      const url = `${deps.config.pagesOrigin}${paths.openShare(token)}`
      return await reply.code(201).send({ ...shareBody(share, deps.now()), url })
    },
  )

  app.delete(
    '/api/v1/shares/:id',
    { schema: { params: ShareRef }, config: { permit: 'share:close' } },
    async (request, reply) => {
      await closeShare(deps, clientOf(request), request.params.id)
      return await reply.code(204).send()
    },
  )
}
