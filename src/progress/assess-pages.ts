import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { asTenant } from '../db/connect.ts'
import type { FeatureDeps } from '../features.ts'
import { clientOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { pageContext, seeOther, sendPage } from '../http/pages.ts'
import { messages } from '../i18n/index.ts'
import type { FieldError } from '../web/components/error-summary.ts'
import { paths } from '../web/paths.ts'
import { assessPage } from './assess-views.ts'
import { errorsOf } from './record-form.ts'
import { maxWords } from './schema.ts'
import { assessSelf, getTaskToAssess, latestSelfAssessments } from './self-assessment.ts'

const TaskRef = z.strictObject({ task: z.uuid() })
const AssessForm = z.object({
  choice: z.string().max(10).default(''),
  words: z.string().max(10_000).default(''),
  idempotencyKey: z.string().max(255).default(''),
})
type AssessForm = z.infer<typeof AssessForm>

/** `/passi/arvioi/{task}`: one question on a page of its own, four choices in words and "En osaa sanoa" (PRODUCT A2). */
export function assessPages(app: App, deps: FeatureDeps): void {
  app.get(
    '/passi/arvioi/:task',
    { schema: { params: TaskRef }, config: { permit: 'self-assessment:create' } },
    async (request, reply) => {
      const form = { choice: '', words: '', idempotencyKey: deps.newId() }
      return await show(deps, request, reply, request.params.task, form, [])
    },
  )

  app.post(
    '/passi/arvioi/:task',
    { schema: { params: TaskRef, body: AssessForm }, config: { permit: 'self-assessment:create' } },
    async (request, reply) => {
      const { task } = request.params
      const form = request.body
      const t = messages(request.language)
      const errors: FieldError[] = []
      if (!/^[1-4]$|^none$/.test(form.choice)) errors.push({ field: 'choice', message: t.error.chooseOne })
      const words = form.words.trim()
      if (words.length > maxWords) errors.push({ field: 'words', message: t.error.tooLong({ count: maxWords }) })
      if (errors.length > 0) return await show(deps, request, reply, task, form, errors)
      const id = z.uuid().safeParse(form.idempotencyKey).data
      const wanted = {
        taskId: task,
        choice: form.choice === 'none' ? null : Number(form.choice),
        ...(words === '' ? {} : { words }),
        ...(id === undefined ? {} : { id }),
      }
      try {
        await assessSelf(deps, clientOf(request), wanted, deps.now())
      } catch (error) {
        return await show(deps, request, reply, task, form, errorsOf(error, t))
      }
      return await seeOther(reply, paths.passportAfterAssessing())
    },
  )
}

async function show(
  deps: FeatureDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  taskId: string,
  form: AssessForm,
  errors: readonly FieldError[],
): Promise<FastifyReply> {
  const { tenant, clientId } = clientOf(request)
  const { task, before } = await asTenant(deps.db, tenant, async (trx) => ({
    task: await getTaskToAssess(trx, tenant, taskId),
    before: (await latestSelfAssessments(trx, tenant, clientId)).get(taskId),
  }))
  const context = pageContext(request, reply)
  const view = assessPage(context, { task, before, form, errors })
  return await sendPage(reply, { context, nav: 'passport', errors, ...view })
}
