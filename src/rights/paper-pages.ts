import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { FeatureDeps } from '../features.ts'
import { staffOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { pageContext, seeOther, sendPage } from '../http/pages.ts'
import { dayInHelsinki, messages, type Messages } from '../i18n/index.ts'
import { readDay } from '../progress/record-form.ts'
import { Refusal } from '../refusal.ts'
import type { FieldError } from '../web/components/error-summary.ts'
import { paths } from '../web/paths.ts'
import {
  enterPaperRequest,
  handOverCopy,
  listAskers,
  paperKinds,
  type PaperRequest,
  readPaperCopy,
  waysToBeSure,
} from './paper.ts'
import { type PaperForm, paperRequestPage } from './paper-views.ts'
import { ownCopyPdf } from './pdf.ts'
import { wordsFault } from './words-fault.ts'

const RequestRef = z.strictObject({ id: z.uuid() })
const text = (most: number): z.ZodDefault<z.ZodString> => z.string().max(most).default('')
const Chosen = z.object({ kuka: z.uuid().toLowerCase().default('').catch('') })
const Form = z.object({ client: text(100), kind: text(20), words: text(4000), day: text(100), sure: text(20) })

/** A coordinator enters what a client asks on paper, and hands the copy over (S-51, S-52). */
export function paperPages(app: App, deps: FeatureDeps): void {
  const config = { permit: 'rights:carry-out', fields: ['identity', 'notes'] } as const
  const copy = { permit: 'rights:hand-over', fields: ['identity', 'level', 'notes'] } as const
  const one = { params: RequestRef }

  app.get('/hallinta/pyynnot/uusi', { schema: { querystring: Chosen }, config }, async (request, reply) => {
    const today = dayInHelsinki(deps.now())
    return await show(request, reply, { client: request.query.kuka, kind: '', words: '', day: today, sure: '' })
  })

  app.post('/hallinta/pyynnot/uusi', { schema: { body: Form }, config }, async (request, reply) => {
    const t = messages(request.language)
    const read = readForm(request.body, t)
    if ('errors' in read) return await show(request, reply, request.body, read.errors)
    try {
      const id = await enterPaperRequest(deps, staffOf(request), read.wanted)
      return await seeOther(reply, `${paths.rightsRequest(id)}?tehty=kirjattu`)
    } catch (error) {
      return await show(request, reply, request.body, [refusedField(error, t)])
    }
  })

  app.get('/hallinta/pyynnot/:id/kopio.json', { schema: one, config: copy }, async (request, reply) => {
    const made = await readPaperCopy(deps, staffOf(request), request.params.id, 'json')
    void reply.header('content-type', 'application/json; charset=utf-8')
    return await sendCopy(reply, 'jaljennos.json', JSON.stringify(made, null, 2))
  })

  app.get('/hallinta/pyynnot/:id/kopio.pdf', { schema: one, config: copy }, async (request, reply) => {
    const made = await readPaperCopy(deps, staffOf(request), request.params.id, 'pdf')
    void reply.header('content-type', 'application/pdf')
    return await sendCopy(reply, 'jaljennos.pdf', await ownCopyPdf(made, request.language))
  })

  app.post('/hallinta/pyynnot/:id/annettu', { schema: one, config: copy }, async (request, reply) => {
    await handOverCopy(deps, staffOf(request), request.params.id)
    return await seeOther(reply, `${paths.rightsRequests()}?tehty=jaljennos`)
  })

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    given: PaperForm,
    errors: readonly FieldError[] = [],
  ): Promise<FastifyReply> {
    const context = pageContext(request, reply)
    const people = await listAskers(deps, staffOf(request))
    return await sendPage(reply, { context, errors, ...paperRequestPage(context, people, given, errors) })
  }
}

async function sendCopy(reply: FastifyReply, name: string, body: string | Buffer): Promise<FastifyReply> {
  return await reply
    .header('content-disposition', `attachment; filename="${name}"`)
    .header('cache-control', 'no-store')
    .send(body)
}

/** What is asked, or one message for each field in the order of the form. */
function readForm(
  form: PaperForm,
  t: Messages,
): { readonly wanted: PaperRequest } | { readonly errors: readonly FieldError[] } {
  const words = t.paperRequests
  const client = z.uuid().toLowerCase().safeParse(form.client).data
  const kind = paperKinds.find((known) => known === form.kind)
  const receivedOn = readDay(form.day)
  const sure = waysToBeSure.find((known) => known === form.sure)
  const typed = form.words.trim()
  const fault = kind === 'correction' ? wordsFault(typed, t, t.ownData.correctMissing) : undefined
  const errors = [
    ...(client === undefined ? [{ field: 'client', message: words.choosePerson }] : []),
    ...(kind === undefined ? [{ field: 'kind', message: words.chooseKind }] : []),
    ...(fault === undefined ? [] : [{ field: 'words', message: fault }]),
    ...(receivedOn === undefined ? [{ field: 'day', message: words.dayWrong }] : []),
    ...(sure === undefined ? [{ field: 'sure', message: words.chooseSure }] : []),
  ]
  if (errors.length > 0 || client === undefined || !kind || receivedOn === undefined || !sure) return { errors }
  return { wanted: { clientId: client, kind, words: kind === 'correction' ? typed : null, receivedOn, sure } }
}

function refusedField(error: unknown, { paperRequests: words }: Messages): FieldError {
  if (!(error instanceof Refusal)) throw error
  if (error.kind === 'not-found') return { field: 'client', message: words.choosePerson }
  const known: Readonly<Record<string, FieldError>> = {
    'day-future': { field: 'day', message: words.dayFuture },
    'day-old': { field: 'day', message: words.dayOld },
    'already-open': { field: 'kind', message: words.alreadyOpen },
  }
  const found = known[error.code]
  if (!found) throw error
  return found
}
