import { endCard, handOutCard } from '../accounts/card.ts'
import type { FeatureDeps } from '../features.ts'
import { staffOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { pageContext, seeOther, sendPage } from '../http/pages.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import { Refusal } from '../refusal.ts'
import { paths } from '../web/paths.ts'
import { cardPage } from './card-views.ts'
import { requireClient } from './client.ts'
import { ClientRef } from './schema.ts'

/** A printed card for a client, and the lost card's end (S-17). */
export function cardPages(app: App, deps: FeatureDeps): void {
  const options = { schema: { params: ClientRef }, config: { permit: 'card:hand-out', fields: ['identity'] } } as const

  app.post('/ryhma/:id/kortti', options, async (request, reply) => {
    const actor = staffOf(request)
    const client = await requireClient(deps, actor, request.params.id, dayInHelsinki(deps.now()))
    const made = await handOutCard(deps, actor, client.id)
    const context = pageContext(request, reply)
    const address = `${deps.config.pagesOrigin}${paths.card(made.card)}`
    // Shown on the answer itself: nothing keeps card and PIN, so they could not be shown after a redirect.
    return await sendPage(reply, { context, nav: 'group', ...cardPage(context, client, made, address) })
  })

  app.post('/ryhma/:id/kortti/poista', options, async (request, reply) => {
    const actor = staffOf(request)
    const client = await requireClient(deps, actor, request.params.id, dayInHelsinki(deps.now()))
    try {
      await endCard(deps, actor.tenant, client.id)
    } catch (error) {
      // It was ended meanwhile: that is what was wanted.
      if (!(error instanceof Refusal) || error.code !== 'no-card') throw error
    }
    return await seeOther(reply, `${paths.client(client.id)}?tehty=kortti`)
  })
}
