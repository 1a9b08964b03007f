import { z } from 'zod'
import { listLooks } from '../audit/read.ts'
import type { FeatureDeps } from '../features.ts'
import { clientOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { pageContext, seeOther, sendPage } from '../http/pages.ts'
import { Refusal } from '../refusal.ts'
import { notice } from '../web/components/notice.ts'
import { paths } from '../web/paths.ts'
import { endCard } from './card.ts'
import { handOutsPage } from './hand-out-views.ts'
import { listCrossings } from './crossings.ts'
import { listHandOuts } from './hand-outs.ts'

const Done = z.object({ tehty: z.enum(['kortti']).optional().catch(undefined) })

/** `/katselut`: the client sees who looked and each code and card that was given out and used, and ends the own card (S-15, S-17, S-53). */
export function handOutPages(app: App, deps: FeatureDeps): void {
  app.get(
    '/katselut',
    { schema: { querystring: Done }, config: { permit: 'hand-out:read' } },
    async (request, reply) => {
      const actor = clientOf(request)
      const now = deps.now()
      const context = pageContext(request, reply)
      const handOuts = await listHandOuts(deps, actor.tenant, actor.clientId, now)
      const said = request.query.tehty && notice({ text: context.t.account.ownCardEnded })
      const looks = await listLooks(deps, actor)
      const crossings = await listCrossings(deps, actor)
      return await sendPage(reply, {
        context,
        notice: said,
        ...handOutsPage(context, { handOuts, looks, crossings }, now),
      })
    },
  )

  app.post('/katselut/kortti', { config: { permit: 'hand-out:read' } }, async (request, reply) => {
    const actor = clientOf(request)
    try {
      await endCard(deps, actor.tenant, actor.clientId)
    } catch (error) {
      // It was ended meanwhile: that is what was wanted.
      if (!(error instanceof Refusal) || error.code !== 'no-card') throw error
    }
    return await seeOther(reply, `${paths.handOuts()}?tehty=kortti`)
  })
}
