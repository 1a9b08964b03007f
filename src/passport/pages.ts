import { z } from 'zod'
import type { FeatureDeps } from '../features.ts'
import { clientOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { pageContext, sendPage } from '../http/pages.ts'
import { listOthers } from '../clients/others.ts'
import { othersCard } from '../clients/others-card.ts'
import { notice } from '../web/components/notice.ts'
import { html } from '../web/html.ts'
import { applyPages } from './apply-pages.ts'
import { badgePages } from './badge-pages.ts'
import { badgesView } from './badge-list-views.ts'
import { signPassport } from './clr.ts'
import { sendBadgeFile } from './files.ts'
import { readPassport } from './passport.ts'
import { recipientPages } from './recipient-pages.ts'
import { passportView } from './passport-views.ts'

const Wanted = z.object({
  taidot: z.literal('kaikki').optional().catch(undefined),
  /** The client has just assessed a task. */
  arvioitu: z.string().optional().catch(undefined),
})

/** The client's own pages: `/passi`, `/merkit`, one badge and its application. Nobody else opens them (S-12). */
export function passportPages(app: App, deps: FeatureDeps): void {
  app.get(
    '/passi',
    { schema: { querystring: Wanted }, config: { permit: 'passport:read' } },
    async (request, reply) => {
      const actor = clientOf(request)
      const context = pageContext(request, reply)
      const passport = await readPassport(deps, actor)
      const view = passportView(context, passport, {
        name: actor.name,
        tenant: actor.tenant,
        now: deps.now(),
        allSkills: request.query.taidot === 'kaikki',
      })
      const thanks =
        request.query.arvioitu === undefined ? undefined : notice({ text: context.t.selfAssessment.thanks })
      const main = html`${view.main}${othersCard(context, await listOthers(deps, actor))}`
      return await sendPage(reply, { context, nav: 'passport', notice: thanks, ...view, main })
    },
  )

  app.get('/merkit', { config: { permit: 'passport:read' } }, async (request, reply) => {
    const context = pageContext(request, reply)
    const actor = clientOf(request)
    const passport = await readPassport(deps, actor)
    const view = badgesView(context, passport, { tenant: actor.tenant, now: deps.now() })
    return await sendPage(reply, { context, nav: 'badges', ...view })
  })

  app.post('/passi/tiedosto', { config: { permit: 'passport:read' } }, async (request, reply) => {
    return await sendBadgeFile(reply, await signPassport(deps, clientOf(request), request.language))
  })

  badgePages(app, deps)
  recipientPages(app, deps)
  applyPages(app, deps)
}
