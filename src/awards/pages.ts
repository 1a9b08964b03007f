import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { FeatureDeps } from '../features.ts'
import { staffOf, type StaffActor } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { IdempotencyKey } from '../http/idempotency-key.ts'
import { pageContext, type PageContext, seeOther, sendPage } from '../http/pages.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import type { FieldError } from '../web/components/error-summary.ts'
import { notice } from '../web/components/notice.ts'
import type { Html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import { answerBy } from './answer-by.ts'
import { applicationView } from './application-views.ts'
import { decideApplication } from './award.ts'
import { decisionCheckView, type DecisionDraft } from './decision-form.ts'
import { type DecisionView, readDecisionView } from './decision-view.ts'
import { refusalWords, wordsFault } from './form-words.ts'
import { listApplications } from './list.ts'
import { levelPages } from './level-pages.ts'
import { proposalPages } from './proposal-pages.ts'
import { revocationPages } from './revocation-pages.ts'
import { ApplicationRef } from './schema.ts'
import { applicationsView } from './views.ts'

const Done = z.object({
  tehty: z.enum(['award', 'return', 'reject', 'revoked']).optional().catch(undefined),
  kuka: z.uuid().optional().catch(undefined),
})
/** As the person sent it: what is wrong with it is told on the page, with everything kept. */
const DecisionForm = z.object({
  step: z.enum(['check', 'change', 'send']).default('check').catch('check'),
  outcome: z.enum(['award', 'return', 'reject']).optional().catch(undefined),
  reason: z.string().trim().default(''),
  idempotencyKey: IdempotencyKey,
})

const latestShown = 10

/** The coordinator's `/hakemukset`, the coach's proposal and the revocation: every act first shows a check page (PRODUCT §5). */
export function awardPages(app: App, deps: FeatureDeps): void {
  proposalPages(app, deps)
  levelPages(app, deps)
  revocationPages(app, deps)

  app.get(
    '/hakemukset',
    { schema: { querystring: Done }, config: { permit: 'application:read', fields: ['identity'] } },
    async (request, reply) => {
      const actor = staffOf(request)
      const context = pageContext(request, reply)
      const today = dayInHelsinki(deps.now())
      const view = applicationsView(context, {
        waiting: await listApplications(deps, actor, today, { states: ['submitted'] }),
        proposed: await listApplications(deps, actor, today, { states: ['proposed'] }),
        decided: await listApplications(deps, actor, today, {
          states: ['awarded', 'returned', 'rejected'],
          latest: latestShown,
        }),
        today,
        answerBy: (sent) => answerBy(dayInHelsinki(sent)),
      })
      const done = await doneNotice(deps, context, actor, request.query)
      return await sendPage(reply, { context, nav: 'applications', notice: done, ...view })
    },
  )

  app.get(
    '/hakemukset/:id',
    {
      schema: { params: ApplicationRef },
      config: { permit: 'application:read', fields: ['identity', 'level'] },
    },
    async (request, reply) => {
      const view = await readDecisionView(deps, staffOf(request), request.params.id)
      return await showApplication(request, reply, view, { idempotencyKey: deps.newId() })
    },
  )

  app.post(
    '/hakemukset/:id/paatos',
    {
      schema: { params: ApplicationRef, body: DecisionForm },
      config: { permit: 'application:decide', fields: ['identity', 'level'] },
    },
    async (request, reply) => {
      const actor = staffOf(request)
      const { id } = request.params
      const { step, ...draft } = request.body
      const context = pageContext(request, reply)
      const shown = async (errors: readonly FieldError[]): Promise<FastifyReply> =>
        await showApplication(request, reply, await readDecisionView(deps, actor, id), draft, errors)
      if (step === 'change') return await shown([])
      const errors = decisionErrors(context, draft)
      const { outcome, reason } = draft
      if (errors.length > 0 || outcome === undefined) return await shown(errors)
      if (step === 'check') {
        const view = await readDecisionView(deps, actor, id)
        const faults = standingErrors(context, view, outcome)
        if (faults.length > 0) return await showApplication(request, reply, view, draft, faults)
        const check = decisionCheckView(context, view.application, { ...draft, outcome })
        return await sendPage(reply, { context, nav: 'applications', ...check })
      }
      const wanted = { id, outcome, idempotencyKey: draft.idempotencyKey, ...(outcome === 'award' ? {} : { reason }) }
      try {
        await decideApplication(deps, actor, wanted, deps.now())
      } catch (error) {
        const message = refusalWords(context, error)
        const view = await readDecisionView(deps, actor, id)
        return await showApplication(request, reply, view, draft, [{ field: placeOf(view), message }])
      }
      return await seeOther(reply, `${paths.applications()}?tehty=${outcome}&kuka=${id}`)
    },
  )
}

async function showApplication(
  request: FastifyRequest,
  reply: FastifyReply,
  view: DecisionView,
  draft: DecisionDraft,
  errors: readonly FieldError[] = [],
): Promise<FastifyReply> {
  const context = pageContext(request, reply)
  const shown = applicationView(context, view, { draft, errors })
  return await sendPage(reply, { context, nav: 'applications', errors, ...shown })
}

/** What was done just now, said once. */
async function doneNotice(
  deps: FeatureDeps,
  { t }: PageContext,
  actor: StaffActor,
  { tehty, kuka }: z.infer<typeof Done>,
): Promise<Html | undefined> {
  if (tehty === undefined || kuka === undefined) return undefined
  const [found] = await listApplications(deps, actor, dayInHelsinki(deps.now()), { id: kuka })
  if (!found) return undefined
  const name = found.clientName.given
  return notice({ text: tehty === 'revoked' ? t.awards.revoked({ name }) : t.applications.done[tehty]({ name }) })
}

/** What the person has to mend in the form. A reason is for the client, so an award needs none. */
function decisionErrors(context: PageContext, { outcome, reason = '' }: DecisionDraft): readonly FieldError[] {
  if (outcome === undefined) return [{ field: 'outcome', message: context.t.error.chooseOne }]
  const fault = outcome === 'award' ? undefined : wordsFault(context, reason)
  return fault === undefined ? [] : [{ field: 'reason', message: fault }]
}

/** What stands in the way whatever was written: told before the check page, by the words that the rule itself would use. */
function standingErrors(
  { t }: PageContext,
  view: DecisionView,
  outcome: 'award' | 'return' | 'reject',
): readonly FieldError[] {
  const { codes, kinds } = t.error
  const field = placeOf(view)
  if (!view.mayDecide) return [{ field, message: codes['not-submitted'] }]
  if (view.notYou === 'proposer') return [{ field, message: codes['decider-is-proposer'] }]
  if (view.notYou === 'only-observer') return [{ field, message: codes['decider-is-only-observer'] }]
  return outcome === 'award' && !view.isMet ? [{ field, message: kinds['criteria-unmet'] }] : []
}

/** Where the error summary leads: to the question, or to the state of the application where there is no question any more. */
function placeOf({ mayDecide, notYou }: DecisionView): string {
  return mayDecide && notYou === null ? 'outcome' : 'about'
}
