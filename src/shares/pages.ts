import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type AwardView, listAwards } from '../awards/list.ts'
import { asTenant } from '../db/connect.ts'
import type { FeatureDeps } from '../features.ts'
import { type ClientActor, clientOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { pageContext, seeOther, sendPage } from '../http/pages.ts'
import { askedFirst } from '../publication/accept.ts'
import type { FieldError } from '../web/components/error-summary.ts'
import { notice } from '../web/components/notice.ts'
import { paths } from '../web/paths.ts'
import { openedShareBody } from './bodies.ts'
import { OpenedShareBody, ShareRef, ShareToken, lifetimeNames } from './schema.ts'
import { closeShare, listShares, makeShare, openShare } from './share.ts'
import { type Given, madeView, newShareView, openedView, sharesView } from './views.ts'

const Done = z.object({ suljettu: z.string().optional().catch(undefined) })

/** As the person sent it: what is wrong with it is told on the page, with everything kept. */
const Form = z.object({
  awards: z.union([z.string().transform((one) => [one]), z.array(z.string()).max(100)]).default([]),
  lifetime: z.string().default(''),
})

const html = 'text/html'

/** `/nayta`: the client shows chosen badges to somebody for a while; `/j/{token}`: what that somebody sees (PRODUCT A4; S-16). */
export function sharePages(app: App, deps: FeatureDeps): void {
  app.get('/nayta', { schema: { querystring: Done }, config: { permit: 'share:create' } }, async (request, reply) => {
    const actor = clientOf(request)
    const context = pageContext(request, reply)
    const shares = await listShares(deps, actor)
    const said = request.query.suljettu === undefined ? undefined : notice({ text: context.t.share.closedNow })
    const view = sharesView(context, { shares, awards: await ownAwards(deps, actor), now: deps.now() })
    return await sendPage(reply, { context, nav: 'show', notice: said, ...view })
  })

  app.get('/nayta/uusi', { config: { permit: 'share:create' } }, async (request, reply) => {
    return await showForm(request, reply, { awards: [], lifetime: 'P1D' })
  })

  app.post('/nayta/uusi', { schema: { body: Form }, config: { permit: 'share:create' } }, async (request, reply) => {
    const { awards: awardIds, lifetime: given } = request.body
    const lifetime = lifetimeNames.find((one) => one === given)
    const context = pageContext(request, reply)
    const errors = [
      ...(awardIds.length === 0 ? [{ field: 'awards', message: context.t.share.chooseBadge }] : []),
      ...(lifetime === undefined ? [{ field: 'lifetime', message: context.t.error.chooseOne }] : []),
    ]
    if (errors.length > 0 || lifetime === undefined)
      return await showForm(request, reply, { awards: awardIds, lifetime: given }, errors)
    const { share, token } = await makeShare(deps, clientOf(request), { awardIds, lifetime })
    const address = `${deps.config.pagesOrigin}${paths.openShare(token)}`
    // Shown on the answer itself: nothing keeps the link, so it could not be shown after a redirect.
    return await sendPage(reply, {
      context,
      nav: 'show',
      ...madeView(context, { share, address, now: deps.now() }),
    })
  })

  app.post(
    '/nayta/:id/sulje',
    { schema: { params: ShareRef }, config: { permit: 'share:close' } },
    async (request, reply) => {
      await closeShare(deps, clientOf(request), request.params.id)
      return await seeOther(reply, `${paths.shares()}?suljettu=1`)
    },
  )

  const openingOptions = {
    schema: { params: ShareToken, response: { 200: OpenedShareBody } },
    config: { permit: 'anyone', shows: 'share:open', fields: ['identity'] },
  } as const
  app.get('/j/:token', openingOptions, async (request, reply) => {
    // Of a refusal too: the address itself is what opens it (S-16).
    void reply.headers({
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex',
      'cache-control': 'no-store',
      vary: 'accept',
    })
    const opened = await openShare(deps, request.params.token, request.actor, deps.now())
    if (askedFirst(request.headers.accept, [html, 'application/json']) !== html)
      return await reply.type('application/json').send(openedShareBody(opened))
    const context = pageContext(request, reply)
    return await sendPage(reply, { context, ...openedView(context, opened, deps.now()) })
  })

  async function showForm(
    request: FastifyRequest,
    reply: FastifyReply,
    given: Given,
    errors: readonly FieldError[] = [],
  ): Promise<FastifyReply> {
    const actor = clientOf(request)
    const context = pageContext(request, reply)
    const awards = (await ownAwards(deps, actor)).filter((award) => award.state === 'accepted' && !award.revokedAt)
    return await sendPage(reply, { context, nav: 'show', errors, ...newShareView(context, awards, given, errors) })
  }
}

async function ownAwards(deps: FeatureDeps, { tenant, clientId }: ClientActor): Promise<readonly AwardView[]> {
  return await asTenant(deps.db, tenant, async (trx) => await listAwards(trx, tenant, clientId))
}
