import { z } from 'zod'
import { answerProposal, applyForBadge, withdrawApplication } from '../awards/application.ts'
import { listApplications } from '../awards/list.ts'
import { ApplicationRef } from '../awards/schema.ts'
import { clientKey, openFor } from '../clients/client-key.ts'
import { asTenant } from '../db/connect.ts'
import type { FeatureDeps } from '../features.ts'
import { type ClientActor, clientOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { pageContext, type PageContext, seeOther, sendPage } from '../http/pages.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import { Refusal } from '../refusal.ts'
import { notice } from '../web/components/notice.ts'
import type { Html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import { applyCheckView, applyView } from './apply-views.ts'
import { readPassport } from './passport.ts'
import { OwnBadgeRef } from './schema.ts'
import type { Standing } from './standing.ts'
import { findHolder } from './store.ts'
import { answerDay } from './words.ts'

const Done = z.object({ tehty: z.enum(['lahetetty', 'peruttu', 'ei-sovi']).optional().catch(undefined) })
const language = z.enum(['fi', 'sv', 'en']).optional().catch(undefined)
const Application = z.object({ language })
const Answer = z.object({ answer: z.enum(['agree', 'decline']), language })

/** Applying for a badge: what it asks and how far I am, check, sent; and the answer to a coach's proposal (PRODUCT A3, C3). */
export function applyPages(app: App, deps: FeatureDeps): void {
  app.get(
    '/merkit/:id/hae',
    { schema: { params: OwnBadgeRef, querystring: Done }, config: { permit: 'passport:read' } },
    async (request, reply) => {
      const actor = clientOf(request)
      const context = pageContext(request, reply)
      const props = await readStanding(deps, actor, request.params.id)
      const { award } = props.standing
      if (award) return await seeOther(reply, paths.badge(award.id))
      return await sendPage(reply, {
        context,
        nav: 'badges',
        notice: doneNotice(context, props.standing, request.query.tehty),
        ...applyView(context, props),
      })
    },
  )

  app.get(
    '/merkit/:id/hae/tarkista',
    { schema: { params: OwnBadgeRef }, config: { permit: 'passport:read' } },
    async (request, reply) => {
      const context = pageContext(request, reply)
      const props = await readStanding(deps, clientOf(request), request.params.id)
      if (!canApply(props.standing)) return await seeOther(reply, paths.applyForBadge(request.params.id))
      return await sendPage(reply, { context, nav: 'badges', ...applyCheckView(context, props) })
    },
  )
  app.post(
    '/merkit/:id/hae',
    { schema: { params: OwnBadgeRef, body: Application }, config: { permit: 'application:create' } },
    async (request, reply) => {
      const actor = clientOf(request)
      const { id } = request.params
      const { standing } = await readStanding(deps, actor, id)
      // Sent twice, or no longer possible: the badge's page says how it stands.
      if (!canApply(standing)) return await seeOther(reply, `${paths.applyForBadge(id)}?tehty=lahetetty`)
      await applyForBadge(deps, actor, { badgeClassId: id, language: request.body.language })
      return await seeOther(reply, `${paths.applyForBadge(id)}?tehty=lahetetty`)
    },
  )

  app.post(
    '/hakemukset/:id/vastaus',
    { schema: { params: ApplicationRef, body: Answer }, config: { permit: 'application:answer' } },
    async (request, reply) => {
      const actor = clientOf(request)
      const { id } = request.params
      const agree = request.body.answer === 'agree'
      const badgeClassId = await badgeOf(deps, actor, id)
      await unlessMoved(answerProposal(deps, actor, { id, agree, language: request.body.language }))
      return await seeOther(reply, `${paths.applyForBadge(badgeClassId)}?tehty=${agree ? 'lahetetty' : 'ei-sovi'}`)
    },
  )
  app.post(
    '/hakemukset/:id/peruutus',
    { schema: { params: ApplicationRef }, config: { permit: 'application:answer' } },
    async (request, reply) => {
      const actor = clientOf(request)
      const { id } = request.params
      const badgeClassId = await badgeOf(deps, actor, id)
      await unlessMoved(withdrawApplication(deps, actor, id))
      return await seeOther(reply, `${paths.applyForBadge(badgeClassId)}?tehty=peruttu`)
    },
  )
}

type ApplyProps = Parameters<typeof applyView>[1]

/** Everything that the pages of one badge tell. Refuses `not-found` for a badge that the foundation does not award. */
async function readStanding(deps: FeatureDeps, actor: ClientActor, badgeClassId: string): Promise<ApplyProps> {
  const { tenant, clientId } = actor
  const passport = await readPassport(deps, actor)
  const standing = passport.standings.find(({ badge }) => badge.classId === badgeClassId)
  if (!standing) throw new Refusal('not-found', 'There is no such badge to apply for')
  const holder = await asTenant(deps.db, tenant, async (trx) => await findHolder(trx, tenant, clientId))
  const sealed = standing.application?.reasonSealed
  return {
    tenant,
    issuerName: holder.issuerName,
    passport,
    standing,
    reason: sealed ? openFor(deps.vault, clientKey(holder), 'application.reason', sealed) : undefined,
    language: actor.language,
    now: deps.now(),
  }
}

/** The application may be sent: nothing is held or under way, and at most one step is missing (PRODUCT A3). */
function canApply({ award, application, mayApply }: Standing): boolean {
  const isOpen = application?.state === 'proposed' || application?.state === 'submitted'
  return mayApply && !award && !isOpen
}

/** The badge that an own application is for. Refuses `not-found` for anybody else's. */
async function badgeOf(deps: FeatureDeps, actor: ClientActor, id: string): Promise<string> {
  const [found] = await listApplications(deps, actor, dayInHelsinki(deps.now()), { id })
  if (!found) throw new Refusal('not-found', 'There is no such application')
  return found.badgeClassId
}

/** A form sent twice, or after somebody decided: the page that follows says how it stands now. */
async function unlessMoved(work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch (error) {
    if (!(error instanceof Refusal) || error.kind !== 'conflict') throw error
  }
}

/** What just happened; said only while it is so. */
function doneNotice(
  { t, lang }: PageContext,
  { application }: Standing,
  done: z.infer<typeof Done>['tehty'],
): Html | undefined {
  switch (done) {
    case 'lahetetty': {
      if (application?.state !== 'submitted') return undefined
      const date = answerDay(application.submittedAt ?? application.createdAt, lang)
      return notice({ text: t.badges.applied({ date }) })
    }
    case 'peruttu':
      return application?.state === 'withdrawn' ? notice({ text: t.badges.withdrawn }) : undefined
    case 'ei-sovi':
      return application?.state === 'declined' ? notice({ text: t.badges.proposalDeclined }) : undefined
    case undefined:
      return undefined
  }
}
