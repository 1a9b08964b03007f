import { z } from 'zod'
import type { FeatureDeps } from '../features.ts'
import { type StaffActor, staffOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { pageContext, seeOther, sendPage } from '../http/pages.ts'
import { Refusal } from '../refusal.ts'
import { notice } from '../web/components/notice.ts'
import { paths } from '../web/paths.ts'
import { byOf } from './add-key.ts'
import { compromiseKey } from './compromise.ts'
import { setIssuing, startReasons, stopReasons } from './issuing-switch.ts'
import { LeakForm, readLeak } from './leak-form.ts'
import { type KeyView, listKeys } from './list.ts'
import { rotateKey } from './rotate.ts'
import { readSwitch } from './switch-log.ts'
import { issuingPage, keysPage, leakCheckPage, leakPage, rotatePage } from './views.ts'

const Done = z.object({
  tehty: z.enum(['vaihdettu', 'vuotanut', 'pysaytetty', 'aloitettu']).optional().catch(undefined),
})
const AlgorithmRef = z.strictObject({ algorithm: z.string().max(20) })
const KeyRef = z.strictObject({ kid: z.string().max(80) })
const RotateForm = z.object({ kid: z.string().max(80).default('') })
const SwitchForm = z.object({ turn: z.string().max(20).default(''), reason: z.string().max(40).default('') })

const nothing: LeakForm = { day: '', time: '', step: 'check', confirm: '' }
const nav = 'administration'

/** `/hallinta/allekirjoitus`: an admin sees the signing keys, replaces one, says that one leaked, stops and starts issuing (S-22, S-25). */
export function keyPages(app: App, deps: FeatureDeps): void {
  const rotate = { permit: 'signing-key:rotate' } as const
  const retire = { permit: 'signing-key:retire' } as const
  const turn = { permit: 'issuing:switch' } as const

  app.get('/hallinta/allekirjoitus', { schema: { querystring: Done }, config: rotate }, async (request, reply) => {
    const { tenant } = staffOf(request)
    const context = pageContext(request, reply)
    const { tehty } = request.query
    const said = tehty && notice({ text: context.t.signingKeys.done[tehty] })
    const view = keysPage(context, await listKeys(deps.db, tenant), await readSwitch(deps, tenant), deps.now())
    return await sendPage(reply, { context, nav, notice: said, ...view })
  })

  const byAlgorithm = { params: AlgorithmRef }
  app.get(
    '/hallinta/allekirjoitus/vaihda/:algorithm',
    { schema: byAlgorithm, config: rotate },
    async (request, reply) => {
      const context = pageContext(request, reply)
      const key = await activeKey(deps, staffOf(request), request.params.algorithm)
      return await sendPage(reply, { context, nav, ...rotatePage(context, key) })
    },
  )

  app.post(
    '/hallinta/allekirjoitus/vaihda/:algorithm',
    { schema: { ...byAlgorithm, body: RotateForm }, config: rotate },
    async (request, reply) => {
      const actor = staffOf(request)
      const { algorithm } = await activeKey(deps, actor, request.params.algorithm)
      await rotateKey(deps, actor.tenant, { algorithm, by: byOf(actor), instead: request.body.kid })
      return await seeOther(reply, `${paths.signingKeys()}?tehty=vaihdettu`)
    },
  )

  const one = { params: KeyRef }
  app.get('/hallinta/allekirjoitus/:kid/vuotanut', { schema: one, config: retire }, async (request, reply) => {
    const context = pageContext(request, reply)
    const key = await getKey(deps, staffOf(request), request.params.kid)
    return await sendPage(reply, { context, nav, ...leakPage(context, key, nothing, []) })
  })

  app.post(
    '/hallinta/allekirjoitus/:kid/vuotanut',
    { schema: { ...one, body: LeakForm }, config: retire },
    async (request, reply) => {
      const actor = staffOf(request)
      const context = pageContext(request, reply)
      const form = request.body
      const key = await getKey(deps, actor, request.params.kid)
      const read = readLeak(form, key, deps.now(), context.t)
      if ('errors' in read)
        return await sendPage(reply, {
          context,
          nav,
          errors: read.errors,
          ...leakPage(context, key, form, read.errors),
        })
      const { since } = read
      const isConfirmed = form.step === 'send' && form.confirm.trim() === key.kid
      if (!isConfirmed) {
        const message = context.t.signingKeys.leakAskWrong
        const errors = form.step === 'send' ? [{ field: 'confirm', message }] : []
        return await sendPage(reply, {
          context,
          nav,
          errors,
          ...leakCheckPage(context, key, { ...form, since }, errors),
        })
      }
      await compromiseKey(deps, actor.tenant, { kid: key.kid, since, by: byOf(actor) })
      return await seeOther(reply, `${paths.signingKeys()}?tehty=vuotanut`)
    },
  )

  app.get('/hallinta/allekirjoitus/myontaminen', { config: turn }, async (request, reply) => {
    const context = pageContext(request, reply)
    const { stoppedAt } = await readSwitch(deps, staffOf(request).tenant)
    return await sendPage(reply, { context, nav, ...issuingPage(context, stoppedAt !== null, '', []) })
  })

  app.post(
    '/hallinta/allekirjoitus/myontaminen',
    { schema: { body: SwitchForm }, config: turn },
    async (request, reply) => {
      const actor = staffOf(request)
      const context = pageContext(request, reply)
      const { stoppedAt } = await readSwitch(deps, actor.tenant)
      // Which way is what the person saw, not what it is now: two who stop at once do not start it again.
      const stops = request.body.turn === 'stop'
      const isKnown = stops || request.body.turn === 'start'
      const reason = (stops ? stopReasons : startReasons).find((known) => known === request.body.reason)
      if (!isKnown || reason === undefined) {
        const errors = [{ field: 'reason', message: context.t.signingKeys.chooseReason }]
        const wasStopped = isKnown ? !stops : stoppedAt !== null
        return await sendPage(reply, {
          context,
          nav,
          errors,
          ...issuingPage(context, wasStopped, request.body.reason, errors),
        })
      }
      await setIssuing(deps, actor.tenant, { stopped: stops, reason, by: byOf(actor) })
      return await seeOther(reply, `${paths.signingKeys()}?tehty=${stops ? 'pysaytetty' : 'aloitettu'}`)
    },
  )
}

async function getKey(deps: FeatureDeps, { tenant }: StaffActor, kid: string): Promise<KeyView> {
  const key = (await listKeys(deps.db, tenant)).find((one) => one.kid === kid)
  if (key) return key
  throw new Refusal('not-found', 'There is no such key')
}

async function activeKey(deps: FeatureDeps, { tenant }: StaffActor, algorithm: string): Promise<KeyView> {
  const keys = await listKeys(deps.db, tenant)
  const key = keys.find((one) => one.state === 'active' && one.algorithm === algorithm)
  if (key) return key
  throw new Refusal('not-found', 'There is no such key')
}
