import type { FeatureDeps } from '../features.ts'
import { getWorkUnit, listWorkUnits } from '../foundations/work-unit.ts'
import { staffOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { ListQuery, pageOfAll } from '../http/list.ts'
import { type ClientUnit, moveToUnit, readClientUnit } from './client-unit.ts'
import {
  ClientRef,
  ClientUnitBody,
  MoveToUnitBody,
  NewRelationBody,
  UnitCoachBody,
  UnitCoachList,
  UnitCoachRef,
  UnitRef,
  WorkUnitList,
} from './schema.ts'
import { beginUnitCoach, endUnitCoach, listUnitCoaches, type UnitCoach } from './unit-coach.ts'

const read = { permit: 'relation:read' } as const
const write = { permit: 'relation:write' } as const

/** Work units, their coaches, and which unit a client is in, for programs that act for a coordinator. */
export function unitRoutes(app: App, deps: FeatureDeps): void {
  const list = { querystring: ListQuery, response: { 200: WorkUnitList } }
  app.get('/api/v1/work-units', { schema: list, config: { permit: 'work-unit:read' } }, async (request) =>
    pageOfAll(await listWorkUnits(deps, staffOf(request)), request.query, ({ id, name, closed_at: closed }) => ({
      id,
      name,
      closedAt: closed?.toISOString() ?? null,
    })),
  )
  clientUnitRoutes(app, deps)
  unitCoachRoutes(app, deps)
}

function clientUnitRoutes(app: App, deps: FeatureDeps): void {
  const one = { params: ClientRef, response: { 200: ClientUnitBody } }
  app.get('/api/v1/clients/:id/unit', { schema: one, config: read }, async (request) =>
    unitBody(await readClientUnit(deps, staffOf(request), request.params.id)),
  )

  app.put('/api/v1/clients/:id/unit', { schema: { ...one, body: MoveToUnitBody }, config: write }, async (request) => {
    const actor = staffOf(request)
    const { id: clientId } = request.params
    await moveToUnit(deps, actor, { clientId, unitId: request.body.unitId })
    return unitBody(await readClientUnit(deps, actor, clientId))
  })
}

function unitCoachRoutes(app: App, deps: FeatureDeps): void {
  const list = { params: UnitRef, querystring: ListQuery, response: { 200: UnitCoachList } }
  app.get('/api/v1/work-units/:id/coaches', { schema: list, config: read }, async (request) => {
    const actor = staffOf(request)
    const { id } = await getWorkUnit(deps, actor, request.params.id)
    return pageOfAll(await listUnitCoaches(deps, actor, id), request.query, coachBody)
  })

  const begin = { params: UnitRef, body: NewRelationBody, response: { 201: UnitCoachBody } }
  app.post('/api/v1/work-units/:id/coaches', { schema: begin, config: write }, async (request, reply) => {
    const wanted = { unitId: request.params.id, ...request.body }
    const made = await beginUnitCoach(deps, staffOf(request), wanted)
    return await reply.code(201).send(coachBody(made))
  })

  const end = { params: UnitCoachRef, response: { 200: UnitCoachList } }
  app.post('/api/v1/work-units/:id/coaches/:member/end', { schema: end, config: write }, async (request) => {
    const actor = staffOf(request)
    const { id: unitId, member: id } = request.params
    await endUnitCoach(deps, actor, { unitId, id })
    return pageOfAll(await listUnitCoaches(deps, actor, unitId), { limit: 100 }, coachBody)
  })
}

function unitBody(found: ClientUnit | undefined): ClientUnitBody {
  const { unitId = null, unit = null, fromDay = null, coaches = [] } = found ?? {}
  return { unitId, unit, fromDay, coaches: [...coaches] }
}

function coachBody({ id, coachId, coach, fromDay, untilDay, state }: UnitCoach): UnitCoachBody {
  return { id, coachId, coach, fromDay, untilDay, state }
}
