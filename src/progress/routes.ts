import type { FeatureDeps } from '../features.ts'
import { actorOf, clientOf, staffOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { findIdempotencyKey, getIdempotencyKey } from '../http/idempotency-key.ts'
import { idOfCursor, listOf, pageOf } from '../http/list.ts'
import { paths } from '../web/paths.ts'
import type { z } from 'zod'
import { recordObservations } from './observation.ts'
import { getObservation, listObservations, type ObservationView, requireReach } from './observation-list.ts'
import {
  NewObservation,
  NewSelfAssessment,
  Observation,
  ObservationBatch,
  ObservationQuery,
  ObservationRef,
  Recorded,
  RecordedBatch,
  SelfAssessment,
  Undone,
} from './schema.ts'
import { assessSelf } from './self-assessment.ts'
import { undoObservations } from './undo.ts'

/** Observations by coaches and self-assessments by clients (PRODUCT §7). */
export function progressRoutes(app: App, deps: FeatureDeps): void {
  recordingRoutes(app, deps)
  readingRoutes(app, deps)

  const assess = { body: NewSelfAssessment, response: { 201: SelfAssessment } }
  app.post(
    '/api/v1/self-assessments',
    { schema: assess, config: { permit: 'self-assessment:create' } },
    async (request, reply) => {
      const { id, taskId, choice, at } = await assessSelf(deps, clientOf(request), request.body, deps.now())
      return await reply.code(201).send({ id, taskId, choice, assessedAt: at.toISOString() })
    },
  )
}

function recordingRoutes(app: App, deps: FeatureDeps): void {
  const record = { body: NewObservation, response: { 201: Recorded } }
  app.post(
    '/api/v1/observations',
    { schema: record, config: { permit: 'observation:create' } },
    async (request, reply) => {
      const wanted = { observations: [request.body], idempotencyKey: findIdempotencyKey(request) }
      const { observations, replayed } = await recordObservations(deps, staffOf(request), wanted, deps.now())
      const [recorded] = observations
      if (!recorded) throw new Error('one observation in, one out')
      if (replayed) void reply.header('idempotent-replayed', 'true')
      return await reply.code(201).header('location', paths.observation(recorded.id)).send(recorded)
    },
  )

  const batch = { body: ObservationBatch, response: { 201: RecordedBatch } }
  app.post(
    '/api/v1/observations/batch',
    // S-48: bulk bodies up to 2 MB.
    { schema: batch, config: { permit: 'observation:create' }, bodyLimit: 2 * 1024 * 1024 },
    async (request, reply) => {
      const wanted = {
        observations: request.body.observations,
        idempotencyKey: getIdempotencyKey(request),
        pointer: (row: number) => `/observations/${row}`,
      }
      const { observations, replayed } = await recordObservations(deps, staffOf(request), wanted, deps.now())
      if (replayed) void reply.header('idempotent-replayed', 'true')
      return await reply.code(201).send({ data: observations.map((one, row) => ({ ...one, row })) })
    },
  )

  const undo = { params: ObservationRef, response: { 200: Undone } }
  app.post(
    '/api/v1/observations/:id/undo',
    { schema: undo, config: { permit: 'observation:undo' } },
    async (request) => {
      const { id } = request.params
      const actor = staffOf(request)
      await getObservation(deps, actor, id, deps.now())
      const [undone] = await undoObservations(deps, actor, [id], deps.now())
      if (!undone) throw new Error('one record in, one out')
      return { id, undoneAt: undone.undoneAt.toISOString() }
    },
  )
}

function readingRoutes(app: App, deps: FeatureDeps): void {
  const one = { params: ObservationRef, response: { 200: Observation } }
  app.get('/api/v1/observations/:id', { schema: one, config: { permit: 'observation:read' } }, async (request) => {
    const actor = actorOf(request)
    return observationBody(await getObservation(deps, actor, request.params.id, deps.now()), actor.kind)
  })

  const list = { querystring: ObservationQuery, response: { 200: listOf(Observation) } }
  app.get('/api/v1/observations', { schema: list, config: { permit: 'observation:read' } }, async (request) => {
    const actor = actorOf(request)
    const { clientId, limit, cursor } = request.query
    await requireReach(deps, actor, clientId, deps.now())
    const wanted = { clientId, before: idOfCursor(cursor), limit: limit + 1 }
    const rows = await listObservations(deps, actor.tenant, wanted)
    return pageOf(rows, limit, (row) => observationBody(row, actor.kind))
  })
}

/** As the API tells it. Why it was recorded late is between the staff. */
function observationBody(view: ObservationView, reader: 'staff' | 'client'): z.infer<typeof Observation> {
  const { taskName: _, recordedAt, undoUntil, recordedBy, lateReason, ...rest } = view
  return {
    ...rest,
    recordedBy: { ...recordedBy },
    recordedAt: recordedAt.toISOString(),
    undoUntil: undoUntil.toISOString(),
    ...(reader === 'staff' ? { lateReason } : {}),
  }
}
