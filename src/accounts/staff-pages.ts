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
import {
  addStaff,
  closeStaff,
  getStaff,
  listStaff,
  renewStaffLink,
  reopenStaff,
  resetStaffFactor,
  setStaffRoles,
} from './staff.ts'
import type { StaffRole } from './staff-store.ts'
import {
  closeStaffPage,
  dropFactorPage,
  type GivenStaff,
  madeLinkPage,
  newStaffPage,
  staffMemberPage,
  staffPage,
} from './staff-views.ts'

const Done = z.object({ tehty: z.enum(['roolit', 'vahvistus', 'suljettu', 'avattu']).optional().catch(undefined) })
const StaffRef = z.strictObject({ id: z.uuid().toLowerCase() })
const Roles = z.union([z.string().transform((one) => [one]), z.array(z.string()).max(20)]).default([])
/** As the person sent it: what is wrong is told on the page, with everything kept. */
const NewForm = z.object({
  name: z.string().max(500).default(''),
  email: z.string().max(500).default(''),
  roles: Roles,
})
const RolesForm = z.object({ roles: Roles })

const NewStaff = z.object({ name: Name.max(60), email: z.email().max(200) })
const nothing: GivenStaff = { name: '', email: '', roles: [] }

/** `/hallinta/kayttajat`: an admin adds, closes and opens accounts and gives roles; a foundation's lead sees them (S-12, S-14). */
export function staffPages(app: App, deps: FeatureDeps): void {
  const write = { permit: 'user:write' } as const
  const one = { params: StaffRef }

  app.get(
    '/hallinta/kayttajat',
    { schema: { querystring: Done }, config: { permit: 'user:read' } },
    async (request, reply) => {
      const actor = staffOf(request)
      const context = pageContext(request, reply)
      const may = isPermitted(actor.roles, 'user:write')
      const view = staffPage(context, await listStaff(deps, actor), { id: actor.accountId, may })
      return await sendPage(reply, { context, nav: 'administration', notice: said(request.query, context.t), ...view })
    },
  )

  app.get(
    '/hallinta/kayttajat/uusi',
    { config: write },
    async (request, reply) => await showNew(request, reply, nothing),
  )

  app.post('/hallinta/kayttajat/uusi', { schema: { body: NewForm }, config: write }, async (request, reply) => {
    const given = request.body
    const { t } = pageContext(request, reply)
    const actor = staffOf(request)
    const { roles: known } = await listStaff(deps, actor)
    const roles = known.filter((role) => given.roles.includes(role))
    const wanted = NewStaff.safeParse(given)
    const errors = newFaults(t, wanted.error, given, roles)
    if (!wanted.success || errors.length > 0) return await showNew(request, reply, given, errors)
    try {
      const { id, made } = await addStaff(deps, actor, { ...wanted.data, roles })
      return await showLink(request, reply, { ...made, id, name: wanted.data.name })
    } catch (error) {
      return await showNew(request, reply, given, [refusedField(t, error)])
    }
  })

  app.get(
    '/hallinta/kayttajat/:id',
    { schema: { ...one, querystring: Done }, config: write },
    async (request, reply) => await showOne(request, reply, request.params.id),
  )

  app.post(
    '/hallinta/kayttajat/:id/roolit',
    { schema: { ...one, body: RolesForm }, config: { permit: 'role:write' } },
    async (request, reply) => {
      const { id } = request.params
      const actor = staffOf(request)
      const { roles: known } = await getStaff(deps, actor, id)
      const chosen = request.body.roles
      const t = messages(request.language)
      try {
        await setStaffRoles(
          deps,
          actor,
          id,
          known.filter((role) => chosen.includes(role)),
        )
      } catch (error) {
        return await showOne(request, reply, id, { chosen, errors: [rolesFault(t, error)] })
      }
      return await seeOther(reply, `${id === actor.accountId ? paths.staff() : paths.staffMember(id)}?tehty=roolit`)
    },
  )

  app.post('/hallinta/kayttajat/:id/linkki', { schema: one, config: write }, async (request, reply) => {
    const actor = staffOf(request)
    const { id } = request.params
    const made = await renewStaffLink(deps, actor, id)
    const { person } = await getStaff(deps, actor, id)
    return await showLink(request, reply, { ...made, id, name: person.name })
  })

  app.get('/hallinta/kayttajat/:id/vahvistus', { schema: one, config: write }, async (request, reply) => {
    const context = pageContext(request, reply)
    const { person } = await getStaff(deps, staffOf(request), request.params.id)
    return await sendPage(reply, { context, nav: 'administration', ...dropFactorPage(context, person) })
  })

  app.post('/hallinta/kayttajat/:id/vahvistus', { schema: one, config: write }, async (request, reply) => {
    const { id } = request.params
    await resetStaffFactor(deps, staffOf(request), id)
    return await seeOther(reply, `${paths.staffMember(id)}?tehty=vahvistus`)
  })

  app.get('/hallinta/kayttajat/:id/sulje', { schema: one, config: write }, async (request, reply) => {
    const context = pageContext(request, reply)
    const { person } = await getStaff(deps, staffOf(request), request.params.id)
    return await sendPage(reply, { context, nav: 'administration', ...closeStaffPage(context, person) })
  })

  app.post('/hallinta/kayttajat/:id/sulje', { schema: one, config: write }, async (request, reply) => {
    await closeStaff(deps, staffOf(request), request.params.id)
    return await seeOther(reply, `${paths.staff()}?tehty=suljettu`)
  })

  app.post('/hallinta/kayttajat/:id/avaa', { schema: one, config: write }, async (request, reply) => {
    const { id } = request.params
    await reopenStaff(deps, staffOf(request), id)
    return await seeOther(reply, `${paths.staffMember(id)}?tehty=avattu`)
  })

  async function showNew(
    request: FastifyRequest,
    reply: FastifyReply,
    given: GivenStaff,
    errors: readonly FieldError[] = [],
  ): Promise<FastifyReply> {
    const context = pageContext(request, reply)
    const { roles } = await listStaff(deps, staffOf(request))
    return await sendPage(reply, {
      context,
      nav: 'administration',
      errors,
      ...newStaffPage(context, roles, given, errors),
    })
  }

  /** On the answer itself: nothing keeps the link, so it could not be shown after a redirect. */
  async function showLink(
    request: FastifyRequest,
    reply: FastifyReply,
    made: { readonly id: string; readonly name: string; readonly link: string; readonly expiresAt: Date },
  ): Promise<FastifyReply> {
    const context = pageContext(request, reply)
    const view = madeLinkPage(context, { ...made, origin: deps.config.pagesOrigin })
    return await sendPage(reply, { context, nav: 'administration', ...view })
  }

  async function showOne(
    request: FastifyRequest,
    reply: FastifyReply,
    id: string,
    form: { readonly chosen?: readonly string[]; readonly errors: readonly FieldError[] } = { errors: [] },
  ): Promise<FastifyReply> {
    const actor = staffOf(request)
    const context = pageContext(request, reply)
    const found = await getStaff(deps, actor, id)
    const view = staffMemberPage(context, { ...found, ...form, isMe: id === actor.accountId })
    const done = said(Done.safeParse(request.query).data ?? {}, context.t)
    return await sendPage(reply, { context, nav: 'administration', notice: done, errors: form.errors, ...view })
  }
}

function said({ tehty }: z.infer<typeof Done>, { staff }: Messages): ReturnType<typeof notice> | undefined {
  return tehty && notice({ text: staff.done[tehty] })
}

/** One message for each field, in the order of the form. */
function newFaults(
  { staff: words, error: general }: Messages,
  error: z.ZodError | undefined,
  given: GivenStaff,
  roles: readonly StaffRole[],
): readonly FieldError[] {
  const wrong = new Set(error?.issues.map(({ path }) => path[0]))
  return [
    ...(wrong.has('name')
      ? [{ field: 'name', message: isSeenWhole(given.name) ? words.writeName : words.nameUnseen }]
      : []),
    ...(wrong.has('email') ? [{ field: 'email', message: general.email }] : []),
    ...(roles.length === 0 ? [{ field: 'roles', message: words.chooseRole }] : []),
  ]
}

function refusedField({ staff: words, error: general }: Messages, error: unknown): FieldError {
  const code = error instanceof Refusal ? error.code : undefined
  if (code === 'name-taken') return { field: 'email', message: general.codes['name-taken'] }
  if (code === 'colleague-name') return { field: 'name', message: words.nameLooksSame }
  throw error
}

function rolesFault({ staff: words }: Messages, error: unknown): FieldError {
  const code = error instanceof Refusal ? error.code : undefined
  const known: Readonly<Record<string, string>> = {
    roles: words.chooseRole,
    'own-admin': words.ownAdmin,
    'own-role': words.ownRole,
    'last-admin': words.lastAdmin,
  }
  const message = code === undefined ? undefined : known[code]
  if (message === undefined) throw error
  return { field: 'roles', message }
}
