import { z } from 'zod'
import { statedReasons } from '../audit/record.ts'
import type { FeatureDeps } from '../features.ts'
import { staffOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { pageContext, sendPage } from '../http/pages.ts'
import { Refusal } from '../refusal.ts'
import type { FieldError } from '../web/components/error-summary.ts'
import { applicationView } from './application-views.ts'
import { readDecisionView } from './decision-view.ts'
import { ApplicationRef, LevelLook, SeenLevels } from './schema.ts'

const Form = z.object({ why: z.enum(statedReasons).optional().catch(undefined) })

/**
 * A lead looks at the support levels behind an application after saying why (the matrix' second note): for this answer only, with a line that
 * the client sees on `/katselut`. By page and by API.
 */
export function levelPages(app: App, deps: FeatureDeps): void {
  app.post(
    '/hakemukset/:id/tuki',
    {
      schema: { params: ApplicationRef, body: Form },
      config: { permit: 'support-level:read', fields: ['identity', 'level'] },
    },
    async (request, reply) => {
      const { why } = request.body
      const view = await readDecisionView(deps, staffOf(request), request.params.id, why)
      const context = pageContext(request, reply)
      const isAsked = view.mayAskLevels && why === undefined
      const errors: readonly FieldError[] = isAsked ? [{ field: 'why', message: context.t.error.chooseOne }] : []
      const shown = applicationView(context, view, { draft: { idempotencyKey: deps.newId() }, errors })
      return await sendPage(reply, { context, nav: 'applications', errors, ...shown })
    },
  )

  app.post(
    '/api/v1/applications/:id/support-levels',
    {
      schema: { params: ApplicationRef, body: LevelLook, response: { 200: SeenLevels } },
      config: { permit: 'support-level:read', fields: ['level'] },
    },
    async (request) => {
      const view = await readDecisionView(deps, staffOf(request), request.params.id, request.body.reason)
      const data = view.observations.flatMap(({ taskId, observedOn, supportLevel }) =>
        supportLevel === null ? [] : [{ taskId, observedOn, supportLevel }],
      )
      if (data.length === 0 && view.observations.length > 0)
        throw new Refusal('forbidden', 'There is no ground to see this now')
      return { data }
    },
  )
}
