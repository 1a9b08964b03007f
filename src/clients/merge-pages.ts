import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { FeatureDeps } from '../features.ts'
import { staffOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { pageContext, seeOther, sendPage } from '../http/pages.ts'
import { dayInHelsinki, refusalSentence } from '../i18n/index.ts'
import { Refusal } from '../refusal.ts'
import type { FieldError } from '../web/components/error-summary.ts'
import { paths } from '../web/paths.ts'
import { type ClientOnList, requireClient } from './client.ts'
import { mergeClients, splitClients } from './merge.ts'
import { mergeCheckPage } from './merge-views.ts'
import { listPeople } from './relation-list.ts'
import { ClientRef, MergeRef } from './schema.ts'

const Other = z.object({ toinen: z.uuid().toLowerCase() })
/** Nobody is chosen before. */
const Chosen = z.object({ toinen: z.uuid().toLowerCase().optional().catch(undefined) })
const config = { permit: 'client:write', fields: ['identity'] } as const

/** Joining two rows of one person, with its check page, and undoing it (PRODUCT K7). */
export function mergePages(app: App, deps: FeatureDeps): void {
  const one = { params: ClientRef }

  app.get(
    '/hallinta/suhteet/:id/yhdista',
    { schema: { ...one, querystring: Chosen }, config },
    async (request, reply) => {
      const { toinen } = request.query
      if (toinen === undefined) return await seeOther(reply, paths.relationsOf(request.params.id))
      return await show(request, reply, request.params.id, toinen, [])
    },
  )

  app.post('/hallinta/suhteet/:id/yhdista', { schema: { ...one, body: Other }, config }, async (request, reply) => {
    const { id: clientId } = request.params
    const { toinen: fromId } = request.body
    try {
      await mergeClients(deps, staffOf(request), { clientId, fromId })
    } catch (error) {
      if (!(error instanceof Refusal) || error.kind === 'not-found') throw error
      const { t } = pageContext(request, reply)
      const message = refusalSentence(t, error.kind, error.code)
      return await show(request, reply, clientId, fromId, [{ field: 'toinen', message }])
    }
    return await seeOther(reply, `${paths.relationsOf(clientId)}?tehty=yhdistys`)
  })

  app.post(
    '/hallinta/suhteet/:id/yhdista/:merge/pura',
    { schema: { params: MergeRef }, config },
    async (request, reply) => {
      const { id: clientId, merge: id } = request.params
      await splitClients(deps, staffOf(request), { clientId, id })
      return await seeOther(reply, `${paths.relationsOf(clientId)}?tehty=purku`)
    },
  )

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    intoId: string,
    fromId: string,
    errors: readonly FieldError[],
  ): Promise<FastifyReply> {
    const actor = staffOf(request)
    const context = pageContext(request, reply)
    const today = dayInHelsinki(deps.now())
    const into = await requireClient(deps, actor, intoId, today)
    const from = await requireClient(deps, actor, fromId, today)
    const people = await listPeople(deps, actor)
    const words = context.t.relations
    const coaches = ({ id }: ClientOnList): string => {
      const names = people.find((person) => person.id === id)?.coaches ?? []
      return names.length > 0 ? words.coachedBy({ names: names.join(', ') }) : words.noCoach
    }
    return await sendPage(reply, { context, errors, ...mergeCheckPage(context, { into, from, coaches, errors }) })
  }
}
