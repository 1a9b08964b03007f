import { lookAtRecords } from '../audit/look.ts'
import type { FeatureDeps } from '../features.ts'
import { askerOf, clientOf, staffOf, workerOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { findIdempotencyKey, getIdempotencyKey } from '../http/idempotency-key.ts'
import { idOfCursor, listOf, pageOf } from '../http/list.ts'
import { paths } from '../web/paths.ts'
import type { z } from 'zod'
import { recordObservations } from './observation.ts'
import { getObservation, hasNotes, listObservations, type ObservationView, requireReach } from './observation-list.ts'
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
    { schema: record, config: { permit: 'observation:create', fields: ['level'] } },
    async (request, reply) => {
      const wanted = { observations: [request.body], idempotencyKey: findIdempotencyKey(request) }
      const worker = workerOf(request)
      const { observations, replayed } = await recordObservations(deps, worker, wanted, deps.now())
      const [recorded] = observations.map((one) => recordedFor(worker, one))
      if (!recorded) throw new Error('one observation in, one out')
      if (replayed) void reply.header('idempotent-replayed', 'true')
      return await reply.code(201).header('location', paths.observation(recorded.id)).send(recorded)
    },
  )

  const batch = { body: ObservationBatch, response: { 201: RecordedBatch } }
  app.post(
    '/api/v1/observations/batch',
    // S-48: bulk bodies up to 2 MB.
    {
      schema: batch,
      config: { permit: 'observation:create', fields: ['level'], rateLimit: 'bulk' },
      bodyLimit: 2 * 1024 * 1024,
    },
    async (request, reply) => {
      const wanted = {
        observations: request.body.observations,
        idempotencyKey: getIdempotencyKey(request),
        pointer: (row: number) => `/observations/${row}`,
      }
      const worker = workerOf(request)
      const { observations, replayed } = await recordObservations(deps, worker, wanted, deps.now())
      if (replayed) void reply.header('idempotent-replayed', 'true')
      return await reply
        .code(201)
        .send({ data: observations.map((one, row) => ({ ...recordedFor(worker, one), row })) })
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
  app.get(
    '/api/v1/observations/:id',
    { schema: one, config: { permit: 'observation:read', fields: ['level', 'notes'] } },
    async (request) => {
      const actor = askerOf(request)
      const found = await getObservation(deps, actor, request.params.id, deps.now())
      const look = { clientId: found.clientId, what: '/api/v1/observations/:id', hasNotes: hasNotes([found]) }
      return observationBody(found, actor.kind, await lookAtRecords(deps, actor, look, deps.now()))
    },
  )

  const list = { querystring: ObservationQuery, response: { 200: listOf(Observation) } }
  app.get(
    '/api/v1/observations',
    { schema: list, config: { permit: 'observation:read', fields: ['level', 'notes'] } },
    async (request) => {
      const actor = askerOf(request)
      const { clientId, limit, cursor } = request.query
      await requireReach(deps, actor, clientId, deps.now())
      const wanted = { clientId, before: idOfCursor(cursor), limit: limit + 1 }
      const rows = await listObservations(deps, actor.tenant, wanted)
      const look = { clientId, what: '/api/v1/observations', hasNotes: hasNotes(rows.slice(0, limit)) }
      const seesLevels = rows.length > 0 && (await lookAtRecords(deps, actor, look, deps.now()))
      return pageOf(rows, limit, (row) => observationBody(row, actor.kind, seesLevels))
    },
  )
}

/** What was recorded, as whoever recorded it is answered: to a program no level goes out, not even its own (S-12). */
function recordedFor({ kind }: ReturnType<typeof workerOf>, { supportLevel, ...rest }: Recorded): Recorded {
  return kind === 'machine' ? rest : { ...rest, supportLevel }
}

/** As the API tells it. Why it was recorded late is between the staff; a program reads neither levels nor words, nor who the staff are (S-12). */
function observationBody(
  view: ObservationView,
  reader: 'staff' | 'client' | 'machine',
  seesLevels: boolean,
): z.infer<typeof Observation> {
  const {
    taskName: _,
    recordedAt,
    undoUntil,
    recordedBy,
    supportLevel,
    note,
    lateReason,
    replaceReason,
    ...rest
  } = view
  const seen = { ...rest, recordedAt: recordedAt.toISOString(), undoUntil: undoUntil.toISOString() }
  if (reader === 'machine') return { ...seen, recordedBy: { id: recordedBy.id } }
  return {
    ...seen,
    ...(seesLevels ? { supportLevel } : {}),
    recordedBy: { ...recordedBy },
    note,
    replaceReason,
    ...(reader === 'staff' ? { lateReason } : {}),
  }
}
