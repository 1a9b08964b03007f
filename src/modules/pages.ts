import { asTenant } from '../db/connect.ts'
import type { FeatureDeps } from '../features.ts'
import { actorOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { pageContext, sendPage } from '../http/pages.ts'
import { pickText } from '../i18n/index.ts'
import { getModule } from './module.ts'
import { listModules } from './read.ts'
import { ModuleRef } from './schema.ts'
import { moduleListView, moduleView } from './views.ts'

/** `/moduulit` and `/moduulit/{id}` (PRODUCT 3). */
export function modulePages(app: App, deps: FeatureDeps): void {
  app.get('/moduulit', { config: { permit: 'module:read' } }, async (request, reply) => {
    const { tenant } = actorOf(request)
    const page = { limit: 100, after: undefined }
    const modules = await asTenant(deps.db, tenant, async (trx) => await listModules(trx, tenant, page))
    const context = pageContext(request, reply)
    const { t, lang } = context
    return await sendPage(reply, {
      context,
      title: t.modules.title,
      nav: 'modules',
      main: moduleListView({ t, lang, modules }),
    })
  })

  const schema = { params: ModuleRef }
  app.get('/moduulit/:id', { schema, config: { permit: 'module:read' } }, async (request, reply) => {
    const seen = await getModule(deps, actorOf(request), request.params.id)
    const context = pageContext(request, reply)
    const { t, lang } = context
    const title = pickText(seen.module.name, lang).text
    return await sendPage(reply, { context, title, nav: 'modules', main: moduleView({ t, lang, ...seen }) })
  })
}
