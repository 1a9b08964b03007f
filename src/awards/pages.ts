import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { requireClient } from '../clients/client.ts'
import { asTenant } from '../db/connect.ts'
import type { FeatureDeps } from '../features.ts'
import { staffOf, type StaffActor } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { IdempotencyKey } from '../http/idempotency-key.ts'
import { pageContext, type PageContext, seeOther, sendPage } from '../http/pages.ts'
import { isPermitted } from '../http/permissions.ts'
import { dayInHelsinki, formatDay, pickText, refusalSentence } from '../i18n/index.ts'
import { Refusal } from '../refusal.ts'
import type { FieldError } from '../web/components/error-summary.ts'
import { notice } from '../web/components/notice.ts'
import type { Html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import { answerBy } from './answer-by.ts'
import { proposeBadge } from './application.ts'
import { decideApplication } from './award.ts'
import { readDecisionView } from './decision-view.ts'
import { getAward, listApplications } from './list.ts'
import { revokeAward } from './revoke.ts'
import { ApplicationRef, AwardRef, Revocation, revocationReasons } from './schema.ts'
import {
  applicationsView,
  applicationView,
  decisionCheckView,
  fullName,
  proposalCheckView,
  revocationView,
} from './views.ts'

const Done = z.object({
  tehty: z.enum(['award', 'return', 'reject', 'revoked']).optional().catch(undefined),
  kuka: z.uuid().optional().catch(undefined),
})
const DecisionForm = z.object({
  step: z.enum(['check', 'send']).default('check'),
  outcome: z.enum(['award', 'return', 'reject']).optional().catch(undefined),
  reason: z.string().trim().max(2000).default(''),
  idempotencyKey: IdempotencyKey,
})
const RevocationForm = z.object({
  reason: z.enum(revocationReasons).optional().catch(undefined),
  note: z.string().trim().max(2000).default(''),
  idempotencyKey: IdempotencyKey,
})
const ProposalRef = z.object({ client: z.uuid(), badge: z.uuid() })

/** The coordinator's `/hakemukset`, the coach's proposal and the revocation: every act first shows a check page (PRODUCT §5). */
export function awardPages(app: App, deps: FeatureDeps): void {
  const today = (): string => dayInHelsinki(deps.now())

  app.get(
    '/hakemukset',
    { schema: { querystring: Done }, config: { permit: 'application:read' } },
    async (request, reply) => {
      const actor = staffOf(request)
      const context = pageContext(request, reply)
      const waiting = await listApplications(deps, actor, today(), { states: ['proposed', 'submitted'] })
      const decided = await listApplications(deps, actor, today(), { states: ['awarded', 'returned', 'rejected'] })
      const latest = decided
        .toSorted((a, b) => (b.decidedAt?.getTime() ?? 0) - (a.decidedAt?.getTime() ?? 0))
        .slice(0, 10)
      const by = (sent: Date): string => formatDay(answerBy(dayInHelsinki(sent)), context.lang)
      const done = await doneNotice(context, actor, request.query)
      return await sendPage(reply, {
        context,
        nav: 'applications',
        notice: done,
        ...applicationsView(context, waiting, latest, by),
      })
    },
  )

  async function doneNotice(
    context: PageContext,
    actor: StaffActor,
    query: z.infer<typeof Done>,
  ): Promise<Html | undefined> {
    const { tehty, kuka } = query
    if (tehty === undefined || kuka === undefined) return undefined
    const [found] = await listApplications(deps, actor, today(), { id: kuka })
    if (!found) return undefined
    const name = found.clientName.given
    const { t } = context
    return notice({ text: tehty === 'revoked' ? t.awards.revoked({ name }) : t.applications.done[tehty]({ name }) })
  }

  app.get(
    '/hakemukset/:id',
    { schema: { params: ApplicationRef }, config: { permit: 'application:read' } },
    async (request, reply) =>
      await showApplication(request, reply, request.params.id, { draft: { idempotencyKey: deps.newId() } }),
  )

  async function showApplication(
    request: FastifyRequest,
    reply: FastifyReply,
    id: string,
    options: Omit<Parameters<typeof applicationView>[2], 'mayDecide'>,
  ): Promise<FastifyReply> {
    const actor = staffOf(request)
    const context = pageContext(request, reply)
    const view = await readDecisionView(deps, actor, id)
    const mayDecide = isPermitted(actor.roles, 'application:decide')
    const errors = options.errors ?? []
    return await sendPage(reply, {
      context,
      nav: 'applications',
      errors,
      ...applicationView(context, view, { ...options, mayDecide }),
    })
  }

  app.post(
    '/hakemukset/:id/paatos',
    { schema: { params: ApplicationRef, body: DecisionForm }, config: { permit: 'application:decide' } },
    async (request, reply) => {
      const actor = staffOf(request)
      const { id } = request.params
      const { step, outcome, reason, idempotencyKey } = request.body
      const context = pageContext(request, reply)
      const errors = decisionErrors(context, outcome, reason)
      const draft = { outcome, reason, idempotencyKey }
      if (errors.length > 0 || outcome === undefined)
        return await showApplication(request, reply, id, { draft, errors })
      if (step === 'check') {
        const { application } = await readDecisionView(deps, actor, id)
        const shown = { outcome, reason: reason === '' ? undefined : reason, idempotencyKey }
        return await sendPage(reply, {
          context,
          nav: 'applications',
          ...decisionCheckView(context, application, shown),
        })
      }
      try {
        await decideApplication(
          deps,
          actor,
          { id, outcome, idempotencyKey, ...(reason === '' ? {} : { reason }) },
          deps.now(),
        )
      } catch (error) {
        const said = [{ field: 'outcome', message: sentenceOf(context, error) }]
        return await showApplication(request, reply, id, { draft, errors: said })
      }
      return await seeOther(reply, `${paths.applications()}?tehty=${outcome}&kuka=${id}`)
    },
  )

  app.get(
    '/ryhma/:client/ehdota/:badge',
    { schema: { params: ProposalRef }, config: { permit: 'application:propose' } },
    async (request, reply) => {
      const context = pageContext(request, reply)
      const actor = staffOf(request)
      const client = await requireClient(deps, actor, request.params.client, today())
      const badge = await findBadge(actor.tenant, request.params.badge)
      const view = proposalCheckView(context, {
        clientName: fullName(client.name),
        badgeName: pickText(badge.name, context.lang).text,
        picture: paths.badgePicture(actor.tenant, badge.slug, badge.version, client.language),
        action: paths.proposeBadge(client.id, request.params.badge),
        back: paths.client(client.id),
      })
      return await sendPage(reply, { context, nav: 'group', ...view })
    },
  )

  app.post(
    '/ryhma/:client/ehdota/:badge',
    { schema: { params: ProposalRef }, config: { permit: 'application:propose' } },
    async (request, reply) => {
      const actor = staffOf(request)
      const client = await requireClient(deps, actor, request.params.client, today())
      await proposeBadge(deps, actor, { clientId: client.id, badgeClassId: request.params.badge })
      return await seeOther(reply, `${paths.client(client.id)}?tehty=ehdotus`)
    },
  )

  async function findBadge(
    tenant: string,
    id: string,
  ): Promise<{ readonly slug: string; readonly version: number; readonly name: Record<string, string> }> {
    const row = await asTenant(
      deps.db,
      tenant,
      async (trx) =>
        await trx
          .selectFrom('badge_class_version as bv')
          .innerJoin('badge_class as bc', (join) =>
            join.onRef('bc.tenant_id', '=', 'bv.tenant_id').onRef('bc.id', '=', 'bv.badge_class_id'),
          )
          .select(['bc.slug', 'bv.version', 'bv.name'])
          .where('bv.tenant_id', '=', tenant)
          .where('bv.badge_class_id', '=', id)
          .where('bv.state', '=', 'published')
          .executeTakeFirst(),
    )
    if (!row) throw new Refusal('not-found', 'There is no such badge')
    return row
  }

  app.get(
    '/merkit/:id/peru',
    { schema: { params: AwardRef }, config: { permit: 'award:revoke' } },
    async (request, reply) => await showRevocation(request, reply, request.params.id, deps.newId()),
  )

  async function showRevocation(
    request: FastifyRequest,
    reply: FastifyReply,
    awardId: string,
    idempotencyKey: string,
    given: Parameters<typeof revocationView>[2] = {},
  ): Promise<FastifyReply> {
    const actor = staffOf(request)
    const context = pageContext(request, reply)
    const award = await getAward(deps.db, actor, awardId)
    const client = await requireClient(deps, actor, award.clientId, today())
    const badge = pickText(award.name, context.lang).text
    const wanted = { awardId, name: fullName(client.name), badge, idempotencyKey, reasons: revocationReasons }
    return await sendPage(reply, {
      context,
      nav: 'applications',
      errors: given.errors ?? [],
      ...revocationView(context, wanted, given),
    })
  }

  app.post(
    '/merkit/:id/peru',
    { schema: { params: AwardRef, body: RevocationForm }, config: { permit: 'award:revoke' } },
    async (request, reply) => {
      const { reason, note, idempotencyKey } = request.body
      const { id } = request.params
      const actor = staffOf(request)
      const { t } = pageContext(request, reply)
      const read = Revocation.safeParse({ reason, ...(note === '' ? {} : { note }) })
      if (!read.success) {
        const errors = [
          {
            field: reason === undefined ? 'reason' : 'note',
            message: reason === undefined ? t.error.chooseOne : t.error.writeReason,
          },
        ]
        return await showRevocation(request, reply, id, idempotencyKey, {
          ...(reason === undefined ? {} : { reason }),
          note,
          errors,
        })
      }
      const award = await getAward(deps.db, actor, id)
      await revokeAward(deps, actor, { ...read.data, id, idempotencyKey }, deps.now())
      const [application] = (await listApplications(deps, actor, today(), { states: ['awarded'] })).filter(
        (one) => one.awardId === award.id,
      )
      return await seeOther(reply, `${paths.applications()}?tehty=revoked&kuka=${application?.id ?? ''}`)
    },
  )
}

function decisionErrors({ t }: PageContext, outcome: string | undefined, reason: string): readonly FieldError[] {
  if (outcome === undefined) return [{ field: 'outcome', message: t.error.chooseOne }]
  if (outcome !== 'award' && reason.length < 3) return [{ field: 'reason', message: t.error.writeReason }]
  return []
}

function sentenceOf({ t }: PageContext, error: unknown): string {
  if (!(error instanceof Refusal)) throw error
  return refusalSentence(t, error.kind, error.code)
}
