import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { FeatureDeps } from '../features.ts'
import { type StaffActor, staffOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { pageContext, seeOther, sendPage } from '../http/pages.ts'
import { isPermitted } from '../http/permissions.ts'
import { messages } from '../i18n/index.ts'
import { Name } from '../i18n/names.ts'
import type { FieldError } from '../web/components/error-summary.ts'
import { notice } from '../web/components/notice.ts'
import { paths } from '../web/paths.ts'
import type { DeviceRow } from './device-store.ts'
import { listDevices, registerDevice, removeDevice } from './device.ts'
import { type Entrance, refusedSignIn } from './entrance.ts'
import { beginSecondFactor, changePassword, readSecurity } from './own-account.ts'
import { accountPage, passwordPage } from './own-views.ts'

const Done = z.object({
  tehty: z.enum(['salasana', 'laite', 'poisto']).optional().catch(undefined),
})
const PasswordForm = z.object({
  password: z.string().max(200).default(''),
  next: z.string().max(400).default(''),
})
const FactorForm = z.object({ password: z.string().max(200).default('') })
const DeviceForm = z.object({ name: z.string().max(500).default('') })
const DeviceRef = z.strictObject({ id: z.uuid() })

/** `/tili`: what a member of staff settles alone: password, second factor, own devices (S-14, S-17). */
export function ownPages(app: App, deps: FeatureDeps, entrance: Entrance): void {
  app.get(
    '/tili',
    { schema: { querystring: Done }, config: { permit: 'account:own' } },
    async (request, reply) => await showAccount(request, reply, { done: request.query.tehty }),
  )

  app.get('/tili/salasana', { config: { permit: 'account:own' } }, async (request, reply) => {
    const context = pageContext(request, reply)
    return await sendPage(reply, { context, ...passwordPage(context) })
  })

  app.post(
    '/tili/salasana',
    { schema: { body: PasswordForm }, config: { permit: 'account:own' } },
    async (request, reply) => {
      const { password: current, next } = request.body
      try {
        const origin = entrance.originOf(request, reply)
        const session = await changePassword(deps, staffOf(request), { current, next }, origin)
        return await entrance.enter(reply, session, `${paths.account()}?tehty=salasana`)
      } catch (error) {
        const { status, message, field = 'next' } = refusedSignIn(error, request)
        const context = pageContext(request, reply)
        const errors = [{ field, message }]
        return await sendPage(reply, { context, status, errors, ...passwordPage(context, errors) })
      }
    },
  )

  app.post(
    '/tili/vahvistus',
    { schema: { body: FactorForm }, config: { permit: 'account:own' } },
    async (request, reply) => {
      try {
        await beginSecondFactor(deps, staffOf(request), request.body.password, request.ip)
      } catch (error) {
        const { status, message } = refusedSignIn(error, request)
        return await showAccount(request, reply, { status, errors: [{ field: 'password', message }] })
      }
      return await seeOther(reply, `${paths.enrolSecondFactor()}?next=${encodeURIComponent(paths.account())}`)
    },
  )

  app.post(
    '/tili/laitteet',
    { schema: { body: DeviceForm }, config: { permit: 'device:own' } },
    async (request, reply) => {
      const { name } = request.body
      const read = Name.max(60).safeParse(name)
      if (!read.success) {
        const message = messages(request.language).account.deviceNameMissing
        return await showAccount(request, reply, {
          deviceName: name,
          status: 422,
          errors: [{ field: 'name', message }],
        })
      }
      entrance.rememberDevice(reply, await registerDevice(deps, staffOf(request), read.data))
      return await seeOther(reply, `${paths.account()}?tehty=laite`)
    },
  )

  app.post(
    '/tili/laitteet/:id/poista',
    { schema: { params: DeviceRef }, config: { permit: 'device:own' } },
    async (request, reply) => {
      await removeDevice(deps, staffOf(request), request.params.id)
      return await seeOther(reply, `${paths.account()}?tehty=poisto`)
    },
  )

  type Shown = {
    readonly done?: z.infer<typeof Done>['tehty']
    readonly status?: number
    readonly errors?: readonly FieldError[]
    readonly deviceName?: string
  }

  async function showAccount(request: FastifyRequest, reply: FastifyReply, shown: Shown): Promise<FastifyReply> {
    const actor = staffOf(request)
    const { done, status = 200, errors = [], deviceName } = shown
    const context = pageContext(request, reply)
    const account = {
      security: await readSecurity(deps, actor),
      devices: await devicesOf(deps, actor),
      deviceId: actor.deviceId,
    }
    const view = accountPage(context, account, { errors, ...(deviceName !== undefined && { deviceName }) })
    const words = {
      salasana: context.t.account.passwordChanged,
      laite: context.t.account.deviceAdded,
      poisto: context.t.account.deviceRemoved,
    }
    const said = done && notice({ text: words[done] })
    return await sendPage(reply, { context, status, errors, notice: said, ...view })
  }
}

/** Only those who record have devices. */
async function devicesOf(deps: FeatureDeps, actor: StaffActor): Promise<readonly DeviceRow[] | undefined> {
  return isPermitted(actor.roles, 'device:own') ? await listDevices(deps, actor) : undefined
}
