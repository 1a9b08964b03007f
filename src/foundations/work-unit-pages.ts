import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { FeatureDeps } from '../features.ts'
import { staffOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { pageContext, seeOther, sendPage } from '../http/pages.ts'
import { isPermitted } from '../http/permissions.ts'
import { messages, type Messages } from '../i18n/index.ts'
import { isSeenWhole, Name } from '../i18n/names.ts'
import { Refusal } from '../refusal.ts'
import type { FieldError } from '../web/components/error-summary.ts'
import { notice } from '../web/components/notice.ts'
import { paths } from '../web/paths.ts'
import { addWorkUnit, closeWorkUnit, getWorkUnit, listWorkUnits, openWorkUnit, renameWorkUnit } from './work-unit.ts'
import { unitPage, unitsPage } from './work-unit-views.ts'

const Done = z.object({ tehty: z.enum(['lisatty', 'nimi', 'suljettu', 'avattu']).optional().catch(undefined) })
const UnitRef = z.strictObject({ id: z.uuid().toLowerCase() })
const NameForm = z.object({ name: z.string().max(500).default('') })
const nav = 'administration'

/** `/hallinta/yksikot`: an admin adds, renames, closes and opens work units; coordinator and lead see the list. */
export function workUnitPages(app: App, deps: FeatureDeps): void {
  const read = { permit: 'work-unit:read' } as const
  const write = { permit: 'work-unit:write' } as const
  const one = { params: UnitRef }

  app.get(
    '/hallinta/yksikot',
    { schema: { querystring: Done }, config: read },
    async (request, reply) => await showList(request, reply, { name: '', errors: [] }),
  )

  app.post('/hallinta/yksikot', { schema: { body: NameForm }, config: write }, async (request, reply) => {
    const { name } = request.body
    const fault = await faultOf(request, name, async (good) => {
      await addWorkUnit(deps, staffOf(request), good)
    })
    if (fault) return await showList(request, reply, { name, errors: [fault] })
    return await seeOther(reply, `${paths.units()}?tehty=lisatty`)
  })

  app.get('/hallinta/yksikot/:id', { schema: one, config: write }, async (request, reply) => {
    const { name } = await getWorkUnit(deps, staffOf(request), request.params.id)
    return await showOne(request, reply, request.params.id, { name, errors: [] })
  })

  app.post('/hallinta/yksikot/:id', { schema: { ...one, body: NameForm }, config: write }, async (request, reply) => {
    const { id } = request.params
    const { name } = request.body
    const actor = staffOf(request)
    await getWorkUnit(deps, actor, id)
    const fault = await faultOf(request, name, async (good) => await renameWorkUnit(deps, actor, id, good))
    if (fault) return await showOne(request, reply, id, { name, errors: [fault] })
    return await seeOther(reply, `${paths.units()}?tehty=nimi`)
  })

  app.post('/hallinta/yksikot/:id/sulje', { schema: one, config: write }, async (request, reply) => {
    await closeWorkUnit(deps, staffOf(request), request.params.id)
    return await seeOther(reply, `${paths.units()}?tehty=suljettu`)
  })

  app.post('/hallinta/yksikot/:id/avaa', { schema: one, config: write }, async (request, reply) => {
    await openWorkUnit(deps, staffOf(request), request.params.id)
    return await seeOther(reply, `${paths.units()}?tehty=avattu`)
  })

  type Typed = { readonly name: string; readonly errors: readonly FieldError[] }

  async function showList(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
    const actor = staffOf(request)
    const context = pageContext(request, reply)
    const units = await listWorkUnits(deps, actor)
    const { tehty } = Done.safeParse(request.query).data ?? {}
    const said = tehty && notice({ text: context.t.administration.unitDone[tehty] })
    const view = unitsPage(context, units, isPermitted(actor.roles, 'work-unit:write'), typed)
    return await sendPage(reply, { context, nav, notice: said, errors: typed.errors, ...view })
  }

  async function showOne(
    request: FastifyRequest,
    reply: FastifyReply,
    id: string,
    typed: Typed,
  ): Promise<FastifyReply> {
    const context = pageContext(request, reply)
    const unit = await getWorkUnit(deps, staffOf(request), id)
    return await sendPage(reply, { context, nav, errors: typed.errors, ...unitPage(context, unit, typed) })
  }
}

/** What is wrong with the name, or nothing when it was taken into use. */
async function faultOf(
  request: FastifyRequest,
  typed: string,
  use: (name: string) => Promise<void>,
): Promise<FieldError | undefined> {
  const { administration: words }: Messages = messages(request.language)
  const name = Name.safeParse(typed)
  if (!name.success)
    return { field: 'name', message: isSeenWhole(typed) ? words.unitNameMissing : words.unitNameUnseen }
  try {
    await use(name.data)
    return undefined
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'unit-name-taken') throw error
    return { field: 'name', message: words.unitNameTaken }
  }
}
