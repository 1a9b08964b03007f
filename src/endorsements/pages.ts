import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { hasIdentityCode } from '../clients/identity-code.ts'
import { publicAddresses } from '../credentials/addresses.ts'
import { asTenant } from '../db/connect.ts'
import type { FeatureDeps } from '../features.ts'
import { staffOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { pageContext, type PageContext, seeOther, sendPage } from '../http/pages.ts'
import { refusalSentence } from '../i18n/index.ts'
import { Refusal } from '../refusal.ts'
import type { FieldError } from '../web/components/error-summary.ts'
import { notice } from '../web/components/notice.ts'
import type { Html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import { endorse, withdrawEndorsement } from './endorse.ts'
import { type Draft, endorseCheckView, endorseForm, withdrawView } from './form-views.ts'
import { Comment, EndorsementRef } from './schema.ts'
import {
  type EndorsementRow,
  findEndorsement,
  listEndorsements,
  listFoundations,
  listPublishedBadges,
} from './store.ts'
import { findSubject, type Subject } from './subject.ts'
import { badgesView, endorsementsView } from './views.ts'

const Done = z.object({ tehty: z.enum(['annettu', 'peruttu']).optional().catch(undefined) })
const Wanted = z.object({ saatio: z.string().max(20).default('') })
const Chosen = z.object({ merkki: z.string().max(2048).optional().catch(undefined) })

/** As the person sent it: what is wrong with it is told on the page, with everything kept. */
const EndorseForm = z.object({
  badge: z.string().trim().max(100_000).default(''),
  comment: z.string().trim().max(10_000).default(''),
  step: z.enum(['check', 'change', 'send']).catch('check'),
})

/** How many endorsements the page shows; the API has them all. */
const shown = 100

/** The school's pages `/oppilaitos/suositukset`: what it has endorsed, choosing, giving, taking back (PRODUCT S3). */
export function endorsementPages(app: App, deps: FeatureDeps): void {
  app.get(
    '/oppilaitos/suositukset',
    { schema: { querystring: Done }, config: { permit: 'endorsement:read' } },
    async (request, reply) => {
      const { tenant } = staffOf(request)
      const context = pageContext(request, reply)
      const read = await asTenant(deps.db, tenant, async (trx) => await listEndorsements(trx, tenant, { limit: shown }))
      const foundations = await listFoundations(deps.db)
      const view = endorsementsView(context, { endorsements: read.slice(0, shown), foundations })
      return await sendPage(reply, {
        context,
        nav: 'endorsements',
        notice: doneNotice(context, request.query.tehty),
        ...view,
      })
    },
  )

  app.get(
    '/oppilaitos/suositukset/merkit',
    { schema: { querystring: Wanted }, config: { permit: 'endorsement:create' } },
    async (request, reply) => {
      const context = pageContext(request, reply)
      const foundation = (await listFoundations(deps.db)).find(({ code }) => code === request.query.saatio)
      if (!foundation) return await seeOther(reply, paths.endorsements())
      const { code } = foundation
      const badges = await asTenant(deps.db, code, async (trx) => await listPublishedBadges(trx, code))
      const origin = deps.config.publicOrigin
      const view = badgesView(context, {
        foundation,
        badges,
        addressOf: ({ slug, version }, language) => publicAddresses.achievement(origin, code, slug, version, language),
      })
      return await sendPage(reply, { context, nav: 'endorsements', ...view })
    },
  )

  app.get(
    '/oppilaitos/suositukset/uusi',
    { schema: { querystring: Chosen }, config: { permit: 'endorsement:create' } },
    async (request, reply) => {
      const context = pageContext(request, reply)
      const draft = { badge: request.query.merkki ?? '', comment: '' }
      const found = draft.badge === '' ? { subject: undefined, errors: [] } : await subjectOf(context, draft)
      return await sendForm(reply, context, { draft, ...found })
    },
  )
  app.post(
    '/oppilaitos/suositukset/uusi',
    { schema: { body: EndorseForm }, config: { permit: 'endorsement:create' } },
    async (request, reply) => {
      const { step, ...draft } = request.body
      const context = pageContext(request, reply)
      const { subject, errors: ofBadge } = await subjectOf(context, draft)
      const errors = [...ofBadge, ...commentErrors(context, draft.comment)]
      if (step === 'change' || errors.length > 0 || !subject) {
        return await sendForm(reply, context, { draft, subject, errors: step === 'change' ? [] : errors })
      }
      if (step === 'check') {
        return await sendPage(reply, { context, nav: 'endorsements', ...endorseCheckView(context, { draft, subject }) })
      }
      try {
        await endorse(deps, staffOf(request), draft)
      } catch (error) {
        const errors = [{ field: 'comment', message: refusalWords(context, error) }]
        return await sendForm(reply, context, { draft, subject, errors })
      }
      return await seeOther(reply, `${paths.endorsements()}?tehty=annettu`)
    },
  )

  app.get(
    '/oppilaitos/suositukset/:id/peru',
    { schema: { params: EndorsementRef }, config: { permit: 'endorsement:create' } },
    async (request, reply) => {
      const context = pageContext(request, reply)
      const row = await ownEndorsement(request, request.params.id)
      return await sendPage(reply, { context, nav: 'endorsements', ...withdrawView(context, row) })
    },
  )
  app.post(
    '/oppilaitos/suositukset/:id/peru',
    { schema: { params: EndorsementRef }, config: { permit: 'endorsement:create' } },
    async (request, reply) => {
      await withdrawEndorsement(deps, staffOf(request), request.params.id)
      return await seeOther(reply, `${paths.endorsements()}?tehty=peruttu`)
    },
  )

  async function ownEndorsement(request: FastifyRequest, id: string): Promise<EndorsementRow> {
    const { tenant } = staffOf(request)
    const row = await asTenant(deps.db, tenant, async (trx) => await findEndorsement(trx, tenant, id))
    if (!row) throw new Refusal('not-found', 'There is no such endorsement')
    return row
  }

  async function subjectOf(context: PageContext, { badge }: Draft): Promise<FoundSubject> {
    const nothing = { field: 'badge', message: context.t.endorsements.giveBadge }
    if (badge === '') return { subject: undefined, errors: [nothing] }
    try {
      return { subject: await findSubject(deps, badge), errors: [] }
    } catch (error) {
      return { subject: undefined, errors: [{ field: 'badge', message: refusalWords(context, error) }] }
    }
  }
}

type FoundSubject = { readonly subject: Subject | undefined; readonly errors: readonly FieldError[] }

async function sendForm(
  reply: FastifyReply,
  context: PageContext,
  shownForm: Parameters<typeof endorseForm>[1],
): Promise<FastifyReply> {
  const { errors } = shownForm
  return await sendPage(reply, { context, nav: 'endorsements', errors, ...endorseForm(context, shownForm) })
}

function doneNotice({ t }: PageContext, done: z.infer<typeof Done>['tehty']): Html | undefined {
  if (done === undefined) return undefined
  return notice({ text: done === 'annettu' ? t.endorsements.done : t.endorsements.withdrawnDone })
}

function commentErrors({ t }: PageContext, comment: string): readonly FieldError[] {
  if (Comment.safeParse(comment).success) return []
  if (hasIdentityCode(comment)) return [{ field: 'comment', message: t.error.identityCode }]
  const message = comment.length < 10 ? t.endorsements.tooShort : t.error.tooLong({ count: 1000 })
  return [{ field: 'comment', message }]
}

/** A rule's no as a sentence for the page. Anything else is a bug and goes on. */
function refusalWords({ t }: PageContext, error: unknown): string {
  if (!(error instanceof Refusal)) throw error
  return error.kind === 'unfit-to-sign' ? t.endorsements.unfit : refusalSentence(t, error.kind, error.code)
}
