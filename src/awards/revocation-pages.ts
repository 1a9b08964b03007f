import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { FeatureDeps } from '../features.ts'
import { staffOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { IdempotencyKey } from '../http/idempotency-key.ts'
import { pageContext, type PageContext, seeOther, sendPage } from '../http/pages.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import { Refusal } from '../refusal.ts'
import type { FieldError } from '../web/components/error-summary.ts'
import { paths } from '../web/paths.ts'
import { refusalWords, wordsFault } from './form-words.ts'
import { type ApplicationView, type AwardView, getAward, listApplications } from './list.ts'
import { revokeAward } from './revoke.ts'
import { revocationView } from './revocation-views.ts'
import { AwardRef, revocationReasons } from './schema.ts'

/** As the person sent it: what is wrong with it is told on the page, with everything kept. */
const RevocationForm = z.object({
  reason: z.enum(revocationReasons).optional().catch(undefined),
  note: z.string().trim().default(''),
  idempotencyKey: IdempotencyKey,
})
type RevocationForm = z.infer<typeof RevocationForm>

/** `/merkit/{id}/peru`: what a revocation does, why, and the revocation. */
export function revocationPages(app: App, deps: FeatureDeps): void {
  app.get(
    '/merkit/:id/peru',
    { schema: { params: AwardRef }, config: { permit: 'award:revoke', fields: ['identity'] } },
    async (request, reply) => {
      const found = await read(request, request.params.id)
      return await show(request, reply, found, { note: '', idempotencyKey: deps.newId() })
    },
  )

  app.post(
    '/merkit/:id/peru',
    { schema: { params: AwardRef, body: RevocationForm }, config: { permit: 'award:revoke', fields: ['identity'] } },
    async (request, reply) => {
      const found = await read(request, request.params.id)
      const context = pageContext(request, reply)
      const { reason, note, idempotencyKey } = request.body
      const errors = formErrors(context, request.body)
      if (errors.length > 0 || reason === undefined) return await show(request, reply, found, request.body, errors)
      const wanted = { id: found.award.id, reason, idempotencyKey, ...(note === '' ? {} : { note }) }
      try {
        await revokeAward(deps, staffOf(request), wanted, deps.now())
      } catch (error) {
        const message = refusalWords(context, error)
        return await show(request, reply, await read(request, request.params.id), request.body, [
          { field: 'reason', message },
        ])
      }
      return await seeOther(reply, `${paths.applications()}?tehty=revoked&kuka=${found.application.id}`)
    },
  )

  /** The award with the application that it came from: the one way to an award. */
  async function read(
    request: FastifyRequest,
    id: string,
  ): Promise<{ readonly award: AwardView; readonly application: ApplicationView }> {
    const actor = staffOf(request)
    const award = await getAward(deps.db, actor, id)
    const [application] = await listApplications(deps, actor, dayInHelsinki(deps.now()), { awardId: award.id })
    if (!application) throw new Refusal('not-found', 'There is no such award')
    return { award, application }
  }

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    found: Awaited<ReturnType<typeof read>>,
    given: RevocationForm,
    errors: readonly FieldError[] = [],
  ): Promise<FastifyReply> {
    const context = pageContext(request, reply)
    const view = revocationView(context, found, given, errors)
    return await sendPage(reply, { context, nav: 'applications', errors, ...view })
  }
}

function formErrors(context: PageContext, { reason, note }: RevocationForm): readonly FieldError[] {
  const fault = note === '' ? undefined : wordsFault(context, note)
  return [
    ...(reason === undefined ? [{ field: 'reason', message: context.t.error.chooseOne }] : []),
    ...(fault === undefined ? [] : [{ field: 'note', message: fault }]),
  ]
}
