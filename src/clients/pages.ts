import { z } from 'zod'
import { readCard } from '../accounts/card.ts'
import { lookAtRecords } from '../audit/look.ts'
import { handOutCode } from '../accounts/client-sign-in.ts'
import type { FeatureDeps } from '../features.ts'
import { staffOf, type StaffActor } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { type PageContext, pageContext, sendPage } from '../http/pages.ts'
import { isPermitted } from '../http/permissions.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import { widestReach } from '../matrix/rows.ts'
import { hasNotes } from '../progress/observation-list.ts'
import { notice } from '../web/components/notice.ts'
import { html } from '../web/html.ts'
import { broughtCard } from './brought-card.ts'
import { cardPages } from './card-pages.ts'
import { cardSection } from './card-views.ts'
import { listCoachedClients, requireClient } from './client.ts'
import { type PersonData, readGroup, readPerson } from './group-data.ts'
import { groupPage, type May } from './group-views.ts'
import { codePage, personPage } from './person-views.ts'
import { readHandovers } from './handover.ts'
import { movePages } from './move-pages.ts'
import { relationPages } from './relation-pages.ts'
import { ClientRef } from './schema.ts'

const PersonQuery = z.object({
  /** A correction was saved just now. */
  korjattu: z.string().optional().catch(undefined),
  /** A proposal was sent, or the card was ended, just now. */
  tehty: z.enum(['ehdotus', 'kortti']).optional().catch(undefined),
  /** Records before this one: the next page of them. */
  ennen: z.uuid().optional().catch(undefined),
})

/** `/ryhma` and a person's page, with the code that opens the person's own passport (PRODUCT C3, A9). */
export function clientPages(app: App, deps: FeatureDeps): void {
  app.get('/ryhma', { config: { permit: 'client:read', fields: ['identity'] } }, async (request, reply) => {
    const actor = staffOf(request)
    const context = pageContext(request, reply)
    const data = await readGroup(deps, actor, deps.now())
    return await sendPage(reply, { context, nav: 'group', ...groupPage(context, data, mayOf(actor)) })
  })

  app.get(
    '/ryhma/:id',
    {
      schema: { params: ClientRef, querystring: PersonQuery },
      config: { permit: 'client:read', fields: ['identity', 'level', 'notes'] },
    },
    async (request, reply) => {
      const actor = staffOf(request)
      const { id } = request.params
      const data = await readPerson(deps, actor, id, deps.now(), request.query.ennen)
      const handovers = await readHandovers(deps, actor.tenant, id)
      const look = { clientId: id, what: '/ryhma/:id', hasNotes: hasNotes(data.records) || handovers.length > 0 }
      const seesLevels = await lookAtRecords(deps, actor, look, deps.now())
      const coached = await listCoachedClients(deps, actor, dayInHelsinki(deps.now()))
      const isOwn = coached.some((client) => client.id === id)
      const may = mayOf(actor)
      const context = pageContext(request, reply)
      const said = doneWords(context, data, request.query)
      const card = cardSection(context, data.client, await readCard(deps, actor.tenant, id))
      const possible = { ...may, record: may.record && isOwn, propose: may.propose && isOwn }
      const brought = broughtCard(context, handovers)
      const view = personPage(context, { ...data, seesLevels }, possible, html`${card}${brought}`)
      return await sendPage(reply, {
        context,
        nav: 'group',
        notice: said === undefined ? undefined : notice({ text: said }),
        ...view,
      })
    },
  )

  app.post(
    '/ryhma/:id/koodi',
    { schema: { params: ClientRef }, config: { permit: 'code:hand-out', fields: ['identity'] } },
    async (request, reply) => {
      const actor = staffOf(request)
      const client = await requireClient(deps, actor, request.params.id, dayInHelsinki(deps.now()))
      const { code, expiresAt } = await handOutCode(deps, actor, client.id)
      const context = pageContext(request, reply)
      // Shown on the answer itself: nothing keeps the code, so it could not be shown after a redirect.
      return await sendPage(reply, { context, nav: 'group', ...codePage(context, { client, code, expiresAt }) })
    },
  )

  cardPages(app, deps)
  relationPages(app, deps)
  movePages(app, deps)
}

function doneWords({ t }: PageContext, { client }: PersonData, done: z.infer<typeof PersonQuery>): string | undefined {
  if (done.korjattu !== undefined) return t.record.correctedNow
  if (done.tehty === 'kortti') return t.account.cardEnded
  return done.tehty === undefined ? undefined : t.group.proposed({ name: client.name.given })
}

function mayOf(actor: StaffActor): May {
  return {
    propose: isPermitted(actor.roles, 'application:propose'),
    record: isPermitted(actor.roles, 'observation:create'),
    seeAll: widestReach(actor.roles, 'client:read') === 'foundation',
  }
}
