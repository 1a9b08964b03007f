import type { FeatureDeps } from '../features.ts'
import { actorOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { idOfCursor, ListQuery, listOf, pageOf } from '../http/list.ts'
import { ObservationRef } from '../progress/schema.ts'
import { paths } from '../web/paths.ts'
import { addFile, listFiles, openFile, removeFile } from './file.ts'
import { EvidenceFile, type EvidenceFileBody, EvidenceFileRef, RemovedFile } from './schema.ts'
import { readUpload, sendFile, uploadConfig } from './send.ts'
import type { FileRow } from './store.ts'

/** Photos and papers beside records of work (S-44). Programs have no part in them: `evidence:*` is no scope. */
export function evidenceRoutes(app: App, deps: FeatureDeps): void {
  const list = { params: ObservationRef, querystring: ListQuery, response: { 200: listOf(EvidenceFile) } }
  app.get('/api/v1/observations/:id/files', { schema: list, config: { permit: 'evidence:read' } }, async (request) => {
    const { limit, cursor } = request.query
    const after = idOfCursor(cursor)
    const rows = await listFiles(deps, actorOf(request), request.params.id, deps.now())
    // At most ten, and ids are in the order of time.
    return pageOf(rows.filter(({ id }) => after === undefined || id > after).slice(0, limit + 1), limit, bodyOf)
  })

  app.post(
    '/api/v1/observations/:id/files',
    {
      schema: { params: ObservationRef, response: { 201: EvidenceFile } },
      config: { permit: 'evidence:add', ...uploadConfig },
    },
    async (request, reply) => {
      const wanted = { observationId: request.params.id, ...(await readUpload(request)) }
      const file = await addFile(deps, actorOf(request), wanted, deps.now())
      return await reply.code(201).header('location', paths.evidenceFileResource(file.id)).send(bodyOf(file))
    },
  )

  app.get(
    '/api/v1/evidence-files/:id',
    { schema: { params: EvidenceFileRef }, config: { permit: 'evidence:read' } },
    async (request, reply) =>
      await sendFile(reply, await openFile(deps, actorOf(request), request.params.id, deps.now())),
  )

  app.post(
    '/api/v1/evidence-files/:id/removal',
    { schema: { params: EvidenceFileRef, response: { 200: RemovedFile } }, config: { permit: 'evidence:add' } },
    async (request) => {
      const { id } = await removeFile(deps, actorOf(request), request.params.id, deps.now())
      return { id }
    },
  )
}

function bodyOf({ id, observationId, type, size, addedAt, addedBy }: FileRow): EvidenceFileBody {
  return {
    id,
    observationId,
    mediaType: type,
    size,
    addedAt: addedAt.toISOString(),
    addedBy: addedBy && { ...addedBy },
  }
}
