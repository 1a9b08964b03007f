import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { FeatureDeps } from '../features.ts'
import { staffOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { pageContext, seeOther, sendPage } from '../http/pages.ts'
import { messages } from '../i18n/index.ts'
import { Refusal } from '../refusal.ts'
import type { FieldError } from '../web/components/error-summary.ts'
import { notice } from '../web/components/notice.ts'
import { paths } from '../web/paths.ts'
import { eraseClient } from './erase.ts'
import { paperPages } from './paper-pages.ts'
import { answerCorrection, getRequest, listOpenRequests, type RightsRequest } from './request.ts'
import { eraseClientPage, requestPage, requestsPage } from './staff-views.ts'
import { wordsFault } from './words-fault.ts'

const Done = z.object({ tehty: z.enum(['vastaus', 'poisto', 'jaljennos', 'kirjattu']).optional().catch(undefined) })
const RequestRef = z.strictObject({ id: z.uuid() })
const AnswerForm = z.object({ answer: z.string().max(4000).default('') })

/** `/hallinta/pyynnot`: a coordinator answers what clients ask about their data, and carries an erasure out in two steps. */
export function staffPages(app: App, deps: FeatureDeps): void {
  paperPages(app, deps)
  const one = { params: RequestRef }
  const config = { permit: 'rights:carry-out', fields: ['identity', 'notes'] } as const

  app.get('/hallinta/pyynnot', { schema: { querystring: Done }, config }, async (request, reply) => {
    const context = pageContext(request, reply)
    const words = context.t.ownData
    const paper = context.t.paperRequests
    const said = {
      vastaus: words.staffAnswered,
      poisto: words.staffErased,
      jaljennos: paper.copyGivenDone,
      kirjattu: paper.done,
    }
    const { tehty } = request.query
    const requests = await listOpenRequests(deps, staffOf(request))
    const done = tehty && notice({ text: said[tehty] })
    return await sendPage(reply, { context, notice: done, ...requestsPage(context, requests) })
  })

  app.get('/hallinta/pyynnot/:id', { schema: { ...one, querystring: Done }, config }, async (request, reply) => {
    const found = await getRequest(deps, staffOf(request), request.params.id)
    return await show(request, reply, found, '', [])
  })

  app.post('/hallinta/pyynnot/:id', { schema: { ...one, body: AnswerForm }, config }, async (request, reply) => {
    const actor = staffOf(request)
    const { id } = request.params
    const answer = request.body.answer.trim()
    const found = await getRequest(deps, actor, id)
    const t = messages(request.language)
    const message = wordsFault(answer, t, t.ownData.staffAnswerMissing)
    if (message !== undefined) return await show(request, reply, found, answer, [{ field: 'answer', message }])
    await answerCorrection(deps, actor, { id, answer })
    return await seeOther(reply, `${paths.rightsRequests()}?tehty=vastaus`)
  })

  app.get('/hallinta/pyynnot/:id/poisto', { schema: one, config }, async (request, reply) => {
    const context = pageContext(request, reply)
    const found = openErasure(await getRequest(deps, staffOf(request), request.params.id))
    return await sendPage(reply, { context, ...eraseClientPage(context, found) })
  })

  app.post('/hallinta/pyynnot/:id/poisto', { schema: one, config }, async (request, reply) => {
    const actor = staffOf(request)
    await eraseClient(deps, actor, openErasure(await getRequest(deps, actor, request.params.id)))
    return await seeOther(reply, `${paths.rightsRequests()}?tehty=poisto`)
  })
}

async function show(
  request: FastifyRequest,
  reply: FastifyReply,
  found: RightsRequest,
  answer: string,
  errors: readonly FieldError[],
): Promise<FastifyReply> {
  const context = pageContext(request, reply)
  const isEntered = Done.safeParse(request.query).data?.tehty === 'kirjattu'
  const done = isEntered ? notice({ text: context.t.paperRequests.done }) : undefined
  return await sendPage(reply, { context, notice: done, errors, ...requestPage(context, found, { answer, errors }) })
}

function openErasure(found: RightsRequest): RightsRequest {
  if (found.kind !== 'erasure') throw new Refusal('not-found', 'There is no such request')
  if (found.state === 'open') return found
  throw new Refusal('conflict', 'The request was withdrawn or carried out meanwhile', { code: 'not-open' })
}
