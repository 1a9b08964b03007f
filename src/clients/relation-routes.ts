import type { FeatureDeps } from '../features.ts'
import { staffOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { ListQuery, pageOfAll } from '../http/list.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import { paths } from '../web/paths.ts'
import { requireClient } from './client.ts'
import { changeName } from './name.ts'
import { setProtection } from './protection.ts'
import { beginRelation, endRelation, listRelations, type Relation } from './relation.ts'
import {
  Client,
  ClientRef,
  NameBody,
  NewRelationBody,
  NewStandInBody,
  ProtectionBody,
  RelationBody,
  RelationList,
  RelationRef,
  StandInBody,
  StandInList,
  StandInRef,
} from './schema.ts'
import { beginStandIn, endStandIn, listStandIns, type StandIn } from './stand-in.ts'
import { unitRoutes } from './unit-routes.ts'

/** Who works with whom, stand-ins, a client's name and the mark of protected identity, for programs that act for a coordinator. */
export function relationRoutes(app: App, deps: FeatureDeps): void {
  coachRoutes(app, deps)
  standInRoutes(app, deps)
  personRoutes(app, deps)
  unitRoutes(app, deps)
}

function coachRoutes(app: App, deps: FeatureDeps): void {
  const list = { params: ClientRef, querystring: ListQuery, response: { 200: RelationList } }
  app.get('/api/v1/clients/:id/coaches', { schema: list, config: { permit: 'relation:read' } }, async (request) =>
    pageOfAll(await listRelations(deps, staffOf(request), request.params.id), request.query, relationBody),
  )

  const begin = { params: ClientRef, body: NewRelationBody, response: { 201: RelationBody } }
  app.post(
    '/api/v1/clients/:id/coaches',
    { schema: begin, config: { permit: 'relation:write' } },
    async (request, reply) => {
      const wanted = { clientId: request.params.id, ...request.body }
      const made = await beginRelation(deps, staffOf(request), wanted)
      return await reply.code(201).send(relationBody(made))
    },
  )

  const end = { params: RelationRef, response: { 200: RelationList } }
  app.post(
    '/api/v1/clients/:id/coaches/:relation/end',
    { schema: end, config: { permit: 'relation:write' } },
    async (request) => {
      const actor = staffOf(request)
      const { id: clientId, relation: id } = request.params
      await endRelation(deps, actor, { clientId, id })
      return pageOfAll(await listRelations(deps, actor, clientId), { limit: 100 }, relationBody)
    },
  )
}

function standInRoutes(app: App, deps: FeatureDeps): void {
  const list = { querystring: ListQuery, response: { 200: StandInList } }
  app.get('/api/v1/stand-ins', { schema: list, config: { permit: 'relation:read' } }, async (request) =>
    pageOfAll(await listStandIns(deps, staffOf(request)), request.query, standInBody),
  )

  const begin = { body: NewStandInBody, response: { 201: StandInBody } }
  app.post('/api/v1/stand-ins', { schema: begin, config: { permit: 'relation:write' } }, async (request, reply) => {
    const made = await beginStandIn(deps, staffOf(request), request.body)
    return await reply.code(201).header('location', paths.standInResource(made.id)).send(standInBody(made))
  })

  const end = { params: StandInRef, response: { 200: StandInList } }
  app.post('/api/v1/stand-ins/:id/end', { schema: end, config: { permit: 'relation:write' } }, async (request) => {
    const actor = staffOf(request)
    await endStandIn(deps, actor, request.params.id)
    return pageOfAll(await listStandIns(deps, actor), { limit: 100 }, standInBody)
  })
}

function personRoutes(app: App, deps: FeatureDeps): void {
  const named = { params: ClientRef, body: NameBody, response: { 200: Client } }
  app.put(
    '/api/v1/clients/:id/name',
    { schema: named, config: { permit: 'client:write', fields: ['identity'] } },
    async (request) => {
      const actor = staffOf(request)
      const { id: clientId } = request.params
      const { givenName, familyName } = request.body
      await changeName(deps, actor, { clientId, name: { given: givenName, family: familyName } })
      const { id, name, language } = await requireClient(deps, actor, clientId, dayInHelsinki(deps.now()))
      return { id, givenName: name.given, familyName: name.family, language }
    },
  )

  const mark = { params: ClientRef, body: ProtectionBody, response: { 200: ProtectionBody } }
  app.put('/api/v1/clients/:id/protection', { schema: mark, config: { permit: 'client:write' } }, async (request) => {
    const isProtected = request.body.protected
    await setProtection(deps, staffOf(request), { clientId: request.params.id, isProtected })
    return { protected: isProtected }
  })
}

function relationBody({ id, coachId, coach, fromDay, untilDay, standsInFor, state }: Relation): RelationBody {
  return { id, coachId, coach, fromDay, untilDay, standsInFor, state }
}

function standInBody({ id, coachId, standInId, fromDay, untilDay, state }: StandIn): {
  readonly id: string
  readonly coachId: string
  readonly standInId: string
  readonly fromDay: string
  readonly untilDay: string
  readonly state: StandIn['state']
} {
  return { id, coachId, standInId, fromDay, untilDay, state }
}
