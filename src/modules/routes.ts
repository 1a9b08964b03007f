import { asTenant } from '../db/connect.ts'
import type { FeatureDeps } from '../features.ts'
import { askerOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { idOfCursor, listOf, ListQuery, pageOf } from '../http/list.ts'
import { getModule } from './module.ts'
import { listModules } from './read.ts'
import { ModuleDetail, ModuleRef, ModuleSummary } from './schema.ts'

/** The foundation's modules: what they hold, what they cover of the unit and what not, with reasons. */
export function moduleRoutes(app: App, deps: FeatureDeps): void {
  const list = { querystring: ListQuery, response: { 200: listOf(ModuleSummary) } }
  app.get('/api/v1/modules', { schema: list, config: { permit: 'module:read' } }, async (request) => {
    const { tenant } = askerOf(request)
    const page = { limit: request.query.limit, after: idOfCursor(request.query.cursor) }
    const rows = await asTenant(deps.db, tenant, async (trx) => await listModules(trx, tenant, page))
    return pageOf(rows, page.limit, (row) => row)
  })

  const one = { params: ModuleRef, response: { 200: ModuleDetail } }
  app.get('/api/v1/modules/:id', { schema: one, config: { permit: 'module:read' } }, async (request) => {
    const { module } = await getModule(deps, askerOf(request), request.params.id)
    return module
  })
}
