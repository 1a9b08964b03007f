import type { FeatureDeps } from '../features.ts'
import { staffOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { mergeClients, splitClients } from './merge.ts'
import { ClientRef, MergeBody, MergeRef, NewMergeBody, SplitBody } from './schema.ts'

/** Two rows of one person are joined, and taken apart again within 30 days (PRODUCT K7). */
export function mergeRoutes(app: App, deps: FeatureDeps): void {
  const join = { params: ClientRef, body: NewMergeBody, response: { 201: MergeBody } }
  app.post(
    '/api/v1/clients/:id/merges',
    { schema: join, config: { permit: 'client:write' } },
    async (request, reply) => {
      const wanted = { clientId: request.params.id, fromId: request.body.fromClientId }
      const { id, at, until } = await mergeClients(deps, staffOf(request), wanted)
      const body = { id, mergedAt: at.toISOString(), canBeSplitUntil: until.toISOString() }
      return await reply.code(201).send(body)
    },
  )

  const split = { params: MergeRef, response: { 200: SplitBody } }
  app.post(
    '/api/v1/clients/:id/merges/:merge/split',
    { schema: split, config: { permit: 'client:write' } },
    async (request) => {
      const { id: clientId, merge: id } = request.params
      await splitClients(deps, staffOf(request), { clientId, id })
      return { split: true }
    },
  )
}
