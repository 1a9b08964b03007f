import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { FeatureDeps } from '../features.ts'
import { listWorkUnits } from '../foundations/work-unit.ts'
import { staffOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { pageContext, seeOther, sendPage } from '../http/pages.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import { PersonNamePart } from '../i18n/names.ts'
import type { FieldError } from '../web/components/error-summary.ts'
import { notice } from '../web/components/notice.ts'
import { paths } from '../web/paths.ts'
import { requireClient } from './client.ts'
import { moveToUnit, readClientUnit } from './client-unit.ts'
import { listCoaches } from './coaches.ts'
import { dayFault, faultsOf, ignoreOver, uuidFault } from './form-faults.ts'
import { listMerges } from './merge.ts'
import { mergePages } from './merge-pages.ts'
import { mergeCard } from './merge-views.ts'
import { changeName } from './name.ts'
import { readProtection, setProtection } from './protection.ts'
import { beginRelation, endRelation, listRelations } from './relation.ts'
import { listPeople } from './relation-list.ts'
import { personRelationsPage, type RelationForm, relationsPage } from './relation-views.ts'
import { ClientRef, RelationRef, StandInRef } from './schema.ts'
import { beginStandIn, endStandIn, listStandIns } from './stand-in.ts'
import { type StandInForm, standInsPage } from './stand-in-views.ts'
import { unitPages } from './unit-pages.ts'
import { clientUnitCard } from './unit-views.ts'

const Done = z.object({
  tehty: z
    .enum(['alku', 'loppu', 'yksikko', 'nimi', 'kielto', 'eikielto', 'yhdistys', 'purku'])
    .optional()
    .catch(undefined),
})
const text = z.string().max(200).default('')
const BeginForm = z.object({ coachId: text, fromDay: text, untilDay: text })
const UnitForm = z.object({ unitId: text })
const NameForm = z.object({ given: text, family: text })
const ProtectionForm = z.object({ protected: z.enum(['yes', 'no']) })
const StandInFields = z.object({ coachId: text, standInId: text, fromDay: text, untilDay: text })

const config = { permit: 'relation:write', fields: ['identity'] } as const
const writes = { permit: 'client:write', fields: ['identity'] } as const

/** `/hallinta/suhteet`: a coordinator gives clients coaches, ends that, changes names, and marks a protected identity (PRODUCT K7). */
export function relationPages(app: App, deps: FeatureDeps): void {
  const one = { params: ClientRef }
  standInPages(app, deps)
  mergePages(app, deps)
  unitPages(app, deps)

  app.get('/hallinta/suhteet', { config }, async (request, reply) => {
    const context = pageContext(request, reply)
    return await sendPage(reply, { context, ...relationsPage(context, await listPeople(deps, staffOf(request))) })
  })

  app.get('/hallinta/suhteet/:id', { schema: { ...one, querystring: Done }, config }, async (request, reply) => {
    const words = pageContext(request, reply).t.relations
    const said = {
      alku: words.added,
      loppu: words.ended,
      yksikko: words.unitMoved,
      nimi: words.named,
      kielto: words.protectedNow,
      eikielto: words.unprotectedNow,
      yhdistys: words.merged,
      purku: words.splitDone,
    }
    const { tehty } = request.query
    return await show(request, reply, request.params.id, { said: tehty && said[tehty] })
  })

  app.post(
    '/hallinta/suhteet/:id/valmentajat',
    { schema: { ...one, body: BeginForm }, config },
    async (request, reply) => {
      const { id } = request.params
      const { coachId, fromDay, untilDay } = request.body
      const context = pageContext(request, reply)
      const errors = [
        ...uuidFault(context, 'coachId', coachId),
        ...dayFault(context, 'fromDay', fromDay),
        ...(untilDay === '' ? [] : dayFault(context, 'untilDay', untilDay)),
      ]
      const wanted = { clientId: id, coachId, fromDay, untilDay: untilDay === '' ? null : untilDay }
      const found = errors.length > 0 ? errors : await faultsOf(context, beginRelation(deps, staffOf(request), wanted))
      if (found.length > 0) return await show(request, reply, id, { form: request.body, errors: found })
      return await seeOther(reply, `${paths.relationsOf(id)}?tehty=alku`)
    },
  )

  app.post(
    '/hallinta/suhteet/:id/valmentajat/:relation/lopeta',
    { schema: { params: RelationRef }, config },
    async (request, reply) => {
      const { id: clientId, relation: id } = request.params
      await ignoreOver(endRelation(deps, staffOf(request), { clientId, id }))
      return await seeOther(reply, `${paths.relationsOf(clientId)}?tehty=loppu`)
    },
  )

  app.post('/hallinta/suhteet/:id/yksikko', { schema: { ...one, body: UnitForm }, config }, async (request, reply) => {
    const { id: clientId } = request.params
    const context = pageContext(request, reply)
    const unitId = request.body.unitId === '' ? null : request.body.unitId
    const errors =
      unitId !== null && !z.uuid().safeParse(unitId).success
        ? [{ field: 'unitId', message: context.t.error.codes['unknown-unit'] }]
        : await faultsOf(context, moveToUnit(deps, staffOf(request), { clientId, unitId }))
    if (errors.length > 0) return await show(request, reply, clientId, { errors })
    return await seeOther(reply, `${paths.relationsOf(clientId)}?tehty=yksikko`)
  })

  app.post(
    '/hallinta/suhteet/:id/nimi',
    { schema: { ...one, body: NameForm }, config: writes },
    async (request, reply) => {
      const { id } = request.params
      const context = pageContext(request, reply)
      const [given, family] = [
        PersonNamePart.safeParse(request.body.given),
        PersonNamePart.safeParse(request.body.family),
      ]
      const message = context.t.relations.nameWrong
      if (!given.success || !family.success) {
        const errors = [
          ...(given.success ? [] : [{ field: 'given', message }]),
          ...(family.success ? [] : [{ field: 'family', message }]),
        ]
        return await show(request, reply, id, { form: request.body, errors })
      }
      const name = { given: given.data, family: family.data }
      await changeName(deps, staffOf(request), { clientId: id, name })
      return await seeOther(reply, `${paths.relationsOf(id)}?tehty=nimi`)
    },
  )

  app.post(
    '/hallinta/suhteet/:id/turvakielto',
    { schema: { ...one, body: ProtectionForm }, config: writes },
    async (request, reply) => {
      const { id } = request.params
      const isProtected = request.body.protected === 'yes'
      await setProtection(deps, staffOf(request), { clientId: id, isProtected })
      return await seeOther(reply, `${paths.relationsOf(id)}?tehty=${isProtected ? 'kielto' : 'eikielto'}`)
    },
  )

  type Shown = {
    readonly said?: string | undefined
    readonly form?: Partial<RelationForm>
    readonly errors?: readonly FieldError[]
  }

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    id: string,
    { said, form = {}, errors = [] }: Shown = {},
  ): Promise<FastifyReply> {
    const actor = staffOf(request)
    const context = pageContext(request, reply)
    const today = dayInHelsinki(deps.now())
    const client = await requireClient(deps, actor, id, today)
    const { given, family } = client.name
    const view = personRelationsPage(context, {
      client,
      protectedSince: await readProtection(deps, actor.tenant, id),
      relations: await listRelations(deps, actor, id),
      coaches: await listCoaches(deps, actor.tenant),
      form: { coachId: '', fromDay: today, untilDay: '', given, family, ...form },
      errors,
      unit: clientUnitCard(context, {
        clientId: id,
        unit: await readClientUnit(deps, actor, id),
        units: (await listWorkUnits(deps, actor)).filter((unit) => unit.closed_at === null),
        errors,
      }),
      merging: mergeCard(context, client, await listPeople(deps, actor), await listMerges(deps, actor.tenant, id)),
    })
    return await sendPage(reply, {
      context,
      errors,
      notice: said === undefined ? undefined : notice({ text: said }),
      ...view,
    })
  }
}

const StandInDone = z.object({ tehty: z.enum(['alku', 'loppu']).optional().catch(undefined) })

function standInPages(app: App, deps: FeatureDeps): void {
  app.get('/hallinta/sijaiset', { schema: { querystring: StandInDone }, config }, async (request, reply) => {
    const { t } = pageContext(request, reply)
    const said = { alku: t.relations.standInAdded, loppu: t.relations.standInEnded }
    const { tehty } = request.query
    const today = dayInHelsinki(deps.now())
    const form = { coachId: '', standInId: '', fromDay: today, untilDay: '' }
    return await show(request, reply, form, [], tehty && said[tehty])
  })

  app.post('/hallinta/sijaiset', { schema: { body: StandInFields }, config }, async (request, reply) => {
    const given = request.body
    const context = pageContext(request, reply)
    const errors = [
      ...uuidFault(context, 'coachId', given.coachId),
      ...uuidFault(context, 'standInId', given.standInId),
      ...dayFault(context, 'fromDay', given.fromDay),
      ...dayFault(context, 'untilDay', given.untilDay),
    ]
    const found = errors.length > 0 ? errors : await faultsOf(context, beginStandIn(deps, staffOf(request), given))
    if (found.length > 0) return await show(request, reply, given, found)
    return await seeOther(reply, `${paths.standIns()}?tehty=alku`)
  })

  app.post('/hallinta/sijaiset/:id/lopeta', { schema: { params: StandInRef }, config }, async (request, reply) => {
    await ignoreOver(endStandIn(deps, staffOf(request), request.params.id))
    return await seeOther(reply, `${paths.standIns()}?tehty=loppu`)
  })

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    form: StandInForm,
    errors: readonly FieldError[],
    said?: string,
  ): Promise<FastifyReply> {
    const actor = staffOf(request)
    const context = pageContext(request, reply)
    const standIns = await listStandIns(deps, actor)
    const coaches = await listCoaches(deps, actor.tenant)
    const view = standInsPage(context, { standIns, coaches, form, errors })
    return await sendPage(reply, {
      context,
      errors,
      notice: said === undefined ? undefined : notice({ text: said }),
      ...view,
    })
  }
}
