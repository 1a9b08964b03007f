import { asTenant } from '../db/connect.ts'
import type { FeatureDeps } from '../features.ts'
import { staffOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { idOfCursor, listOf, ListQuery, pageOf } from '../http/list.ts'
import { Refusal } from '../refusal.ts'
import { paths } from '../web/paths.ts'
import { endorsementBody } from './bodies.ts'
import { endorse, withdrawEndorsement } from './endorse.ts'
import { EndorsementBody, EndorsementRef, NewEndorsement } from './schema.ts'
import { type EndorsementRow, findEndorsement, listEndorsements } from './store.ts'

/** What a school says of badges: given, listed, taken back (CONFORMANCE 9.6). */
export function endorsementRoutes(app: App, deps: FeatureDeps): void {
  const bodyOf = (row: EndorsementRow, school: string): EndorsementBody =>
    endorsementBody(row, deps.config.publicOrigin, school)

  app.get(
    '/api/v1/endorsements',
    {
      schema: { querystring: ListQuery, response: { 200: listOf(EndorsementBody) } },
      config: { permit: 'endorsement:read' },
    },
    async (request) => {
      const { tenant } = staffOf(request)
      const { limit, cursor } = request.query
      const page = { limit, before: idOfCursor(cursor) }
      const rows = await asTenant(deps.db, tenant, async (trx) => await listEndorsements(trx, tenant, page))
      return pageOf(rows, limit, (row) => bodyOf(row, tenant))
    },
  )
  app.get(
    '/api/v1/endorsements/:id',
    {
      schema: { params: EndorsementRef, response: { 200: EndorsementBody } },
      config: { permit: 'endorsement:read' },
    },
    async (request) => {
      const { tenant } = staffOf(request)
      const { id } = request.params
      const row = await asTenant(deps.db, tenant, async (trx) => await findEndorsement(trx, tenant, id))
      if (!row) throw new Refusal('not-found', 'There is no such endorsement')
      return bodyOf(row, tenant)
    },
  )
  app.post(
    '/api/v1/endorsements',
    {
      schema: { body: NewEndorsement, response: { 200: EndorsementBody, 201: EndorsementBody } },
      config: { permit: 'endorsement:create' },
    },
    async (request, reply) => {
      const actor = staffOf(request)
      const { endorsement, created } = await endorse(deps, actor, request.body)
      if (created) void reply.code(201).header('location', paths.endorsement(endorsement.id))
      return await reply.send(bodyOf(endorsement, actor.tenant))
    },
  )
  app.post(
    '/api/v1/endorsements/:id/withdrawal',
    {
      schema: { params: EndorsementRef, response: { 200: EndorsementBody } },
      config: { permit: 'endorsement:create' },
    },
    async (request) => {
      const actor = staffOf(request)
      return bodyOf(await withdrawEndorsement(deps, actor, request.params.id), actor.tenant)
    },
  )
}
