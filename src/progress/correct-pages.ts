import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { mayLookAtLevels } from '../audit/look.ts'
import { requireClient } from '../clients/client.ts'
import { asTenant } from '../db/connect.ts'
import type { FeatureDeps } from '../features.ts'
import { staffOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { pageContext, seeOther, sendPage } from '../http/pages.ts'
import { dayInHelsinki, messages } from '../i18n/index.ts'
import { Refusal } from '../refusal.ts'
import type { FieldError } from '../web/components/error-summary.ts'
import { paths } from '../web/paths.ts'
import { correctPage } from './correct-views.ts'
import { recordObservations } from './observation.ts'
import { getObservation, type ObservationView } from './observation-list.ts'
import { listTaskChoices } from './record-data.ts'
import { CorrectForm, errorsOf, formErrors, observationOf } from './record-form.ts'
import { ObservationRef } from './schema.ts'

/** `/kirjaa/{id}/korjaa`: a correction is a new record with a reason; the old one is kept (DESIGN, Dates of work). */
export function correctPages(app: App, deps: FeatureDeps): void {
  app.get(
    '/kirjaa/:id/korjaa',
    {
      schema: { params: ObservationRef },
      config: { permit: 'observation:correct', fields: ['identity', 'level', 'notes'] },
    },
    async (request, reply) => {
      const old = await currentRecord(deps, request, request.params.id)
      await mayLookAtLevels(deps, staffOf(request), { clientId: old.clientId, what: '/kirjaa/:id/korjaa' }, deps.now())
      const form = {
        task: old.taskId,
        support: old.supportLevel,
        date: old.observedOn,
        note: old.note ?? '',
        lateReason: '',
        replaceReason: '',
        idempotencyKey: deps.newId(),
      }
      return await show(deps, request, reply, old, form, [])
    },
  )

  app.post(
    '/kirjaa/:id/korjaa',
    {
      schema: { params: ObservationRef, body: CorrectForm },
      config: { permit: 'observation:correct', fields: ['identity', 'level', 'notes'] },
    },
    async (request, reply) => {
      const form = request.body
      const t = messages(request.language)
      const old = await getObservation(deps, staffOf(request), request.params.id, deps.now(), 'observation:correct')
      const errors = formErrors(form, t)
      if (errors.length > 0) return await show(deps, request, reply, old, form, errors)
      const correction = {
        ...observationOf(form, old.clientId),
        replaces: old.id,
        replaceReason: form.replaceReason.trim(),
      }
      const wanted = { observations: [correction], idempotencyKey: z.uuid().safeParse(form.idempotencyKey).data }
      try {
        await recordObservations(deps, staffOf(request), wanted, deps.now())
      } catch (error) {
        return await show(deps, request, reply, old, form, errorsOf(error, t))
      }
      return await seeOther(reply, `${paths.client(old.clientId)}?korjattu=1`)
    },
  )
}

/** Refuses what was undone or corrected before: the newer record is the one to correct. */
async function currentRecord(deps: FeatureDeps, request: FastifyRequest, id: string): Promise<ObservationView> {
  const found = await getObservation(deps, staffOf(request), id, deps.now(), 'observation:correct')
  if (found.state === 'current') return found
  throw new Refusal('conflict', 'This record was undone or corrected before', { code: 'not-current' })
}

async function show(
  deps: FeatureDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  old: ObservationView,
  form: CorrectForm,
  errors: readonly FieldError[],
): Promise<FastifyReply> {
  const actor = staffOf(request)
  const now = deps.now()
  const client = await requireClient(deps, actor, old.clientId, dayInHelsinki(now))
  const tasks = await asTenant(deps.db, actor.tenant, async (trx) => await listTaskChoices(trx, actor, now))
  const context = pageContext(request, reply)
  const view = correctPage(context, { old, client, tasks, form, errors, today: dayInHelsinki(now) })
  return await sendPage(reply, { context, nav: 'group', errors, ...view })
}
