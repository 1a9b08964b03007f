import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { answerAward, setAwardVisibility } from '../awards/answer.ts'
import { type AwardView, getAward } from '../awards/list.ts'
import { getRecipientKind, type RecipientKind } from '../awards/recipient.ts'
import { clientKey, openFor } from '../clients/client-key.ts'
import { publicAddresses } from '../credentials/addresses.ts'
import type { JsonObject } from '../credentials/json.ts'
import { asTenant } from '../db/connect.ts'
import { signedDocument } from '../endorsements/document.ts'
import type { FeatureDeps } from '../features.ts'
import { type ClientActor, clientOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { pageContext, seeOther, sendPage } from '../http/pages.ts'
import type { Messages } from '../i18n/index.ts'
import { notice } from '../web/components/notice.ts'
import type { Html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import { badgeView, declineCheckView, publicCheckView } from './badge-views.ts'
import { listAwardEndorsements } from './clr-store.ts'
import { getBadgeFile, sendBadgeFile } from './files.ts'
import type { RecipientForm } from './recipient-views.ts'
import { BadgeFileRef, OwnBadgeRef } from './schema.ts'
import { findHolder, findRevocationNote } from './store.ts'

const done = z.enum(['otettu', 'hylatty', 'julkinen', 'piilossa', 'tunniste', 'tunniste-pois'])
const Done = z.object({ tehty: done.optional().catch(undefined) })
const Answer = z.object({ answer: z.enum(['accept', 'decline']) })
const Visibility = z.object({ public: z.enum(['yes', 'no']) })

/** One badge of the client's own: look, take or decline, download, make public and private again. */
export function badgePages(app: App, deps: FeatureDeps): void {
  app.get(
    '/merkit/:id',
    { schema: { params: OwnBadgeRef, querystring: Done }, config: { permit: 'passport:read' } },
    async (request, reply) =>
      await sendBadge(deps, request, reply, { id: request.params.id, done: request.query.tehty }),
  )

  app.get(
    '/merkit/:id/vastaus',
    { schema: { params: OwnBadgeRef }, config: { permit: 'passport:read' } },
    async (request, reply) => {
      const context = pageContext(request, reply)
      const award = await getAward(deps.db, clientOf(request), request.params.id)
      if (award.state !== 'offered' || award.revokedAt) return await seeOther(reply, paths.badge(award.id))
      return await sendPage(reply, { context, nav: 'badges', ...declineCheckView(context, award) })
    },
  )
  app.post(
    '/merkit/:id/vastaus',
    { schema: { params: OwnBadgeRef, body: Answer }, config: { permit: 'award:answer' } },
    async (request, reply) => {
      const { id } = request.params
      const { state } = await answerAward(deps, clientOf(request), { id, accept: request.body.answer === 'accept' })
      return await seeOther(reply, `${paths.badge(id)}?tehty=${state === 'accepted' ? 'otettu' : 'hylatty'}`)
    },
  )

  app.get(
    '/merkit/:id/julkisuus',
    { schema: { params: OwnBadgeRef }, config: { permit: 'passport:read' } },
    async (request, reply) => {
      const context = pageContext(request, reply)
      const award = await getAward(deps.db, clientOf(request), request.params.id)
      if (award.state !== 'accepted' || award.revokedAt || award.isPublic)
        return await seeOther(reply, paths.badge(award.id))
      const recipient = await getRecipientKind(deps.db, clientOf(request), award.id)
      return await sendPage(reply, { context, nav: 'badges', ...publicCheckView(context, award, recipient) })
    },
  )
  app.post(
    '/merkit/:id/julkisuus',
    { schema: { params: OwnBadgeRef, body: Visibility }, config: { permit: 'award:answer' } },
    async (request, reply) => {
      const { id } = request.params
      const wanted = { id, public: request.body.public === 'yes' }
      const shown = await setAwardVisibility(deps, clientOf(request), wanted)
      return await seeOther(reply, `${paths.badge(id)}?tehty=${shown.public ? 'julkinen' : 'piilossa'}`)
    },
  )

  app.get(
    '/merkit/:id/lataa/:file',
    { schema: { params: BadgeFileRef }, config: { permit: 'passport:read' } },
    async (request, reply) => {
      const { id, file } = request.params
      return await sendBadgeFile(reply, await getBadgeFile(deps.db, clientOf(request), id, file))
    },
  )
}

/** The page of one badge, after something was done or with the form for the e-mail address as it was sent. */
export async function sendBadge(
  deps: FeatureDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  wanted: { readonly id: string; readonly done?: z.infer<typeof done> | undefined; readonly form?: RecipientForm },
): Promise<FastifyReply> {
  const actor = clientOf(request)
  const context = pageContext(request, reply)
  const award = await getAward(deps.db, actor, wanted.id)
  const recipient = await getRecipientKind(deps.db, actor, award.id)
  // A form that came too late has no place on the page any more.
  const form = award.state === 'offered' && award.revokedAt === null ? wanted.form : undefined
  const view = badgeView(context, award, {
    now: deps.now(),
    publicAddress: publicAddresses.award(deps.config.publicOrigin, award.publicId),
    note: award.revokedAt ? await revocationNote(deps, actor, award.id) : undefined,
    endorsements: await endorsementsOf(deps, actor, award.id),
    recipient,
    form,
  })
  const news = doneNotice(context.t, award, recipient, wanted.done)
  return await sendPage(reply, { context, nav: 'badges', notice: news, errors: form?.errors ?? [], ...view })
}

/** What just happened; said only while it is so, so that an old address tells nothing untrue. */
function doneNotice(
  t: Messages,
  award: AwardView,
  recipient: RecipientKind,
  what: z.infer<typeof done> | undefined,
): Html | undefined {
  switch (what) {
    case 'tunniste':
      return recipient === 'email' ? notice({ text: t.badges.emailAdded }) : undefined
    case 'tunniste-pois':
      return recipient === 'urn' ? notice({ text: t.badges.emailRemoved }) : undefined
    case 'otettu':
      return award.state === 'accepted' && !award.revokedAt ? notice({ text: t.badges.accepted }) : undefined
    case 'hylatty':
      return award.state === 'declined' ? notice({ text: t.badges.declined }) : undefined
    case 'julkinen':
      return award.isPublic ? notice({ text: t.badges.nowPublic }) : undefined
    case 'piilossa':
      return award.isPublic ? undefined : notice({ text: t.badges.nowPrivate })
    case undefined:
      return undefined
  }
}

async function endorsementsOf(deps: FeatureDeps, { tenant }: ClientActor, awardId: string): Promise<JsonObject[]> {
  const found = await asTenant(deps.db, tenant, async (trx) => await listAwardEndorsements(trx, tenant, [awardId]))
  return found.map(signedDocument)
}

async function revocationNote(deps: FeatureDeps, actor: ClientActor, awardId: string): Promise<string | undefined> {
  const { tenant, clientId } = actor
  return await asTenant(deps.db, tenant, async (trx) => {
    const sealed = await findRevocationNote(trx, tenant, awardId)
    if (!sealed) return undefined
    return openFor(deps.vault, clientKey(await findHolder(trx, tenant, clientId)), 'revocation.note', sealed)
  })
}
