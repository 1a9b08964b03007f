import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { FeatureDeps } from '../features.ts'
import { staffOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { pageContext, seeOther, sendPage } from '../http/pages.ts'
import { dayInHelsinki, messages, refusalSentence } from '../i18n/index.ts'
import { Refusal } from '../refusal.ts'
import { notice } from '../web/components/notice.ts'
import type { FieldError } from '../web/components/error-summary.ts'
import type { Html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import { assessPages } from './assess-pages.ts'
import { checkPage } from './check-views.ts'
import { correctPages } from './correct-pages.ts'
import { checkObservations, recordObservations } from './observation.ts'
import { listSaved } from './observation-list.ts'
import { readRecordData } from './record-data.ts'
import {
  CheckForm,
  emptyForm,
  errorsOf,
  formErrors,
  isLevel,
  observationOf,
  RecordForm,
  savesNothing,
  withPeople,
} from './record-form.ts'
import { savedNotice } from './record-notices.ts'
import { recordPage } from './record-views.ts'
import { undoSave } from './undo.ts'

const Wanted = z.object({
  /** One person is chosen: the coach came from that person's page. */
  kuka: z.uuid().optional().catch(undefined),
  /** The key of the save that this page tells about. */
  kirjaus: z.string().max(255).optional().catch(undefined),
})
const SaveRef = z.strictObject({ id: z.uuid() })

/** S-14: on a coach's own device that lay idle, recording and its undo go on; all else asks for the password first. */
const onOwnDevice = { opensTo: ['password'] } as const

/** The coach's `/kirjaa` with its check page and undo, corrections, and the client's own assessment (PRODUCT C1, C2, A2). */
export function progressPages(app: App, deps: FeatureDeps): void {
  app.get(
    '/kirjaa',
    {
      schema: { querystring: Wanted },
      config: { permit: 'observation:create', fields: ['identity', 'level', 'notes'], ...onOwnDevice },
    },
    async (request, reply) => {
      const { kuka, kirjaus } = request.query
      const now = deps.now()
      const actor = staffOf(request)
      const data = await readRecordData(deps, actor, now)
      const chosen = data.people.filter(({ id }) => id === kuka).map(({ id }) => id)
      const form = emptyForm(dayInHelsinki(now), deps.newId(), chosen)
      const context = pageContext(request, reply)
      const saved = kirjaus === undefined ? [] : await listSaved(deps, actor, kirjaus, deps.now())
      const said = savedNotice(context, { key: kirjaus ?? '', rows: saved, people: data.people, now })
      return await sendPage(reply, { context, nav: 'record', notice: said, ...recordPage(context, data, { form }) })
    },
  )

  app.post(
    '/kirjaa',
    {
      schema: { body: RecordForm },
      config: { permit: 'observation:create', fields: ['identity', 'level', 'notes'], ...onOwnDevice },
    },
    async (request, reply) => {
      const form = request.body
      if (savesNothing(form)) return await showForm(deps, request, reply, form, [])
      const errors = formErrors(form, messages(request.language))
      if (errors.length > 0) return await showForm(deps, request, reply, form, errors)
      if (form.people.length === 1) return await save(deps, request, reply, form, [])
      return await showCheck(deps, request, reply, form)
    },
  )

  app.post(
    '/kirjaa/tarkista',
    {
      schema: { body: CheckForm },
      config: { permit: 'observation:create', fields: ['identity', 'level', 'notes'], ...onOwnDevice },
    },
    async (request, reply) => {
      const { level, ...form } = request.body
      if (form.action === 'change') return await showForm(deps, request, reply, form, [])
      const errors = formErrors(form, messages(request.language))
      if (errors.length > 0) return await showForm(deps, request, reply, form, errors)
      if (level.length !== form.people.length || !level.every(isLevel)) {
        throw new Refusal('unreadable', 'One support level for each person')
      }
      return await save(deps, request, reply, form, level)
    },
  )

  app.post(
    '/kirjaa/:id/kumoa',
    {
      schema: { params: SaveRef },
      config: { permit: 'observation:undo', fields: ['identity', 'level'], ...onOwnDevice },
    },
    async (request, reply) => {
      const { id } = request.params
      const actor = staffOf(request)
      try {
        await undoSave(deps, actor, id, deps.now())
        return await seeOther(reply, `${paths.record()}?kirjaus=${encodeURIComponent(id)}`)
      } catch (error) {
        if (!(error instanceof Refusal) || error.kind !== 'conflict') throw error
        const form = emptyForm(dayInHelsinki(deps.now()), deps.newId())
        const text = refusalSentence(messages(request.language), error.kind, error.code)
        return await showForm(deps, request, reply, form, [], { status: 409, said: notice({ text, kind: 'warning' }) })
      }
    },
  )

  correctPages(app, deps)
  assessPages(app, deps)
}

/** The form as it was sent, with what is to be mended (status 422) or what else there is to say. */
async function showForm(
  deps: FeatureDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  form: RecordForm,
  errors: readonly FieldError[],
  more: { readonly status?: number; readonly said?: Html } = {},
): Promise<FastifyReply> {
  const data = await readRecordData(deps, staffOf(request), deps.now())
  const context = pageContext(request, reply)
  const everybody = data.people.map(({ id }) => id)
  const view = recordPage(context, data, { form: withPeople(form, everybody), errors })
  const status = more.status === undefined ? {} : { status: more.status }
  return await sendPage(reply, { context, nav: 'record', notice: more.said, errors, ...status, ...view })
}

/** Several people: nothing is written before the coach has seen a row for each of them. */
async function showCheck(
  deps: FeatureDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  form: RecordForm,
): Promise<FastifyReply> {
  const now = deps.now()
  const data = await readRecordData(deps, staffOf(request), now)
  const rows = data.people.filter(({ id }) => form.people.includes(id))
  const task = data.tasks.find(({ id }) => id === form.task)
  const t = messages(request.language)
  try {
    if (rows.length < form.people.length) throw unknown('clientId', 'unknown-client')
    if (!task) throw unknown('taskId', 'unknown-task')
    checkObservations(
      form.people.map((id) => observationOf(form, id)),
      now,
    )
  } catch (error) {
    return await showForm(deps, request, reply, form, errorsOf(error, t))
  }
  const context = pageContext(request, reply)
  const checked = rows.map((client) => ({ client, level: form.support }))
  return await sendPage(reply, { context, nav: 'record', ...checkPage(context, { form, task, rows: checked }) })
}

function unknown(field: string, code: string): Refusal {
  return new Refusal('not-found', 'There is no such thing', { fields: [{ pointer: `/${field}`, code, detail: '' }] })
}

/** Records and leads back to `/kirjaa`, which tells what was saved. A refusal shows the form with everything kept. */
async function save(
  deps: FeatureDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  form: RecordForm,
  levels: readonly string[],
): Promise<FastifyReply> {
  const key = z.uuid().safeParse(form.idempotencyKey).data ?? deps.newId()
  const observations = form.people.map((id, index) => observationOf(form, id, levels[index]))
  const t = messages(request.language)
  try {
    await recordObservations(deps, staffOf(request), { observations, idempotencyKey: key }, deps.now())
  } catch (error) {
    if (error instanceof Refusal && error.kind === 'idempotency-mismatch') {
      // The person went back and changed the form: a new key makes it a new record when they save again.
      const said = notice({ text: t.error.kinds['idempotency-mismatch'], kind: 'warning' })
      const renewed = { ...form, idempotencyKey: deps.newId() }
      return await showForm(deps, request, reply, renewed, [], { status: 422, said })
    }
    return await showForm(deps, request, reply, form, errorsOf(error, t))
  }
  return await seeOther(reply, `${paths.record()}?kirjaus=${key}`)
}
