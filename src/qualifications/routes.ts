import { recordAuditAlone } from '../audit/record.ts'
import type { Actor } from '../http/actor.ts'
import type { FeatureDeps } from '../features.ts'
import type { App } from '../http/app-type.ts'
import { idOfCursor, listOf, ListQuery, pageOf } from '../http/list.ts'
import { Refusal } from '../refusal.ts'
import { paths } from '../web/paths.ts'
import { criteriaBounds, parseCriteria } from './eperusteet/parse.ts'
import { importCriteria } from './import.ts'
import {
  Imported,
  Qualification,
  QualificationRef,
  QualificationSummary,
  Unit,
  UnitRef,
  UnitSummary,
} from './schema.ts'
import { findQualification, findUnit, listQualifications, listUnits } from './store.ts'

/** National criteria: read by everybody who is signed in, imported by an admin. */
export function qualificationRoutes(app: App, deps: FeatureDeps): void {
  importRoute(app, deps)

  const list = { querystring: ListQuery, response: { 200: listOf(QualificationSummary) } }
  app.get('/api/v1/qualifications', { schema: list, config: { permit: 'qualification:read' } }, async (request) => {
    const { limit, cursor } = request.query
    const rows = await listQualifications(deps.db, { limit, after: idOfCursor(cursor) })
    return pageOf(rows, limit, shown)
  })

  const one = { params: QualificationRef, response: { 200: Qualification } }
  app.get('/api/v1/qualifications/:id', { schema: one, config: { permit: 'qualification:read' } }, async (request) => {
    return shown(found(await findQualification(deps.db, request.params.id)))
  })

  // Most criteria have fewer units than one page holds.
  const query = ListQuery.extend({ limit: ListQuery.shape.limit.default(100) })
  const units = { params: QualificationRef, querystring: query, response: { 200: listOf(UnitSummary) } }
  app.get(
    '/api/v1/qualifications/:id/units',
    { schema: units, config: { permit: 'qualification:read' } },
    async (request) => {
      const { id } = found(await findQualification(deps.db, request.params.id))
      const { limit, cursor } = request.query
      return pageOf(await listUnits(deps.db, id, { limit, after: idOfCursor(cursor) }), limit, (row) => row)
    },
  )

  const unit = { params: UnitRef, response: { 200: Unit } }
  app.get(
    '/api/v1/qualifications/:id/units/:unitId',
    { schema: unit, config: { permit: 'qualification:read' } },
    async (request) => found(await findUnit(deps.db, request.params.id, request.params.unitId)),
  )
}

/** The body is the file as it is: read by our own reader, which tells line and column, and larger than other bodies (FORMAT, Size). */
function importRoute(app: App, deps: FeatureDeps): void {
  void app.register(async (scope) => {
    scope.addContentTypeParser(
      'application/json',
      { parseAs: 'buffer' },
      async (_: unknown, body: Buffer) => await Promise.resolve(body),
    )
    const schema = { response: { 200: Imported, 201: Imported } }
    scope.post(
      '/api/v1/qualifications/imports',
      {
        schema,
        bodyLimit: criteriaBounds.maxBytes,
        config: { permit: 'qualification:import', rateLimit: 'bulk', bodyTypes: ['application/json'] },
      },
      async (request, reply) => {
        const { body } = request
        if (!Buffer.isBuffer(body))
          throw new Refusal('unreadable', 'Send the criteria file as the body, as application/json')
        const imported = await importCriteria(deps, parseCriteria(body), { now: deps.now() })
        if (imported.outcome !== 'imported') return await reply.send(imported)
        await recordImport(deps, request.actor, imported.qualificationId)
        return await reply
          .code(201)
          .header('location', paths.qualification(imported.qualificationId ?? ''))
          .send(imported)
      },
    )
  })
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Refusal('not-found', 'There is nothing at this address')
  return value
}

function shown<R extends { readonly globalVersion: number; readonly importedAt: Date }>(
  row: R,
): Omit<R, 'globalVersion' | 'importedAt'> & Pick<QualificationSummary, 'versionAt' | 'importedAt' | 'source'> {
  const { globalVersion, importedAt, ...rest } = row
  return {
    ...rest,
    versionAt: new Date(globalVersion).toISOString(),
    importedAt: importedAt.toISOString(),
    source: 'Opetushallitus, ePerusteet',
  }
}

/** Criteria are everybody's: who brought them in stands in the audit of the own organisation (S-53). */
async function recordImport(
  deps: Pick<FeatureDeps, 'db' | 'now'>,
  actor: Actor | undefined,
  qualificationId: string | null,
): Promise<void> {
  if (!actor || qualificationId === null) return
  const line = {
    tenant: actor.tenant,
    at: deps.now(),
    kind: 'qualification.imported',
    by: actor,
    ref: qualificationId,
  } as const
  await recordAuditAlone(deps.db, line)
}
