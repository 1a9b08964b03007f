import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { FeatureDeps } from '../features.ts'
import { getWorkUnit } from '../foundations/work-unit.ts'
import { staffOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { pageContext, seeOther, sendPage } from '../http/pages.ts'
import { isPermitted } from '../http/permissions.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import type { FieldError } from '../web/components/error-summary.ts'
import { notice } from '../web/components/notice.ts'
import { paths } from '../web/paths.ts'
import { listCoaches } from './coaches.ts'
import { dayFault, faultsOf, ignoreOver, uuidFault } from './form-faults.ts'
import { UnitCoachRef, UnitRef } from './schema.ts'
import { beginUnitCoach, endUnitCoach, listUnitCoaches } from './unit-coach.ts'
import { type UnitCoachForm, unitCoachesPage } from './unit-views.ts'

const Done = z.object({ tehty: z.enum(['alku', 'loppu']).optional().catch(undefined) })
const text = z.string().max(200).default('')
const BeginForm = z.object({ coachId: text, fromDay: text, untilDay: text })
const write = { permit: 'relation:write' } as const

/** `/hallinta/yksikot/{unit}/valmentajat`: a coordinator gives a unit its coaches and ends that; lead and admin see them. */
export function unitPages(app: App, deps: FeatureDeps): void {
  const one = { params: UnitRef }
  const page = '/hallinta/yksikot/:id/valmentajat'

  app.get(
    page,
    { schema: { ...one, querystring: Done }, config: { permit: 'relation:read' } },
    async (request, reply) => {
      const words = pageContext(request, reply).t.relations
      const said = { alku: words.added, loppu: words.unitCoachEnded }
      const { tehty } = request.query
      const form = { coachId: '', fromDay: dayInHelsinki(deps.now()), untilDay: '' }
      return await show(request, reply, request.params.id, { form, errors: [], said: tehty && said[tehty] })
    },
  )

  app.post(page, { schema: { ...one, body: BeginForm }, config: write }, async (request, reply) => {
    const { id: unitId } = request.params
    const form = request.body
    const context = pageContext(request, reply)
    const errors = [
      ...uuidFault(context, 'coachId', form.coachId),
      ...dayFault(context, 'fromDay', form.fromDay),
      ...(form.untilDay === '' ? [] : dayFault(context, 'untilDay', form.untilDay)),
    ]
    const wanted = { ...form, unitId, untilDay: form.untilDay === '' ? null : form.untilDay }
    const found = errors.length > 0 ? errors : await faultsOf(context, beginUnitCoach(deps, staffOf(request), wanted))
    if (found.length > 0) return await show(request, reply, unitId, { form, errors: found })
    return await seeOther(reply, `${paths.unitCoaches(unitId)}?tehty=alku`)
  })

  app.post(`${page}/:member/lopeta`, { schema: { params: UnitCoachRef }, config: write }, async (request, reply) => {
    const { id: unitId, member: id } = request.params
    await ignoreOver(endUnitCoach(deps, staffOf(request), { unitId, id }))
    return await seeOther(reply, `${paths.unitCoaches(unitId)}?tehty=loppu`)
  })

  type Shown = {
    readonly form: UnitCoachForm
    readonly errors: readonly FieldError[]
    readonly said?: string | undefined
  }

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    id: string,
    { form, errors, said }: Shown,
  ): Promise<FastifyReply> {
    const actor = staffOf(request)
    const context = pageContext(request, reply)
    const view = unitCoachesPage(context, {
      unit: await getWorkUnit(deps, actor, id),
      members: await listUnitCoaches(deps, actor, id),
      coaches: await listCoaches(deps, actor.tenant),
      form,
      errors,
      mayWrite: isPermitted(actor.roles, 'relation:write'),
    })
    const told = said === undefined ? undefined : notice({ text: said })
    return await sendPage(reply, { context, nav: 'administration', errors, notice: told, ...view })
  }
}
