import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { FeatureDeps } from '../features.ts'
import { clientOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { pageContext, seeOther, sendPage } from '../http/pages.ts'
import { messages } from '../i18n/index.ts'
import type { FieldError } from '../web/components/error-summary.ts'
import { notice } from '../web/components/notice.ts'
import { paths } from '../web/paths.ts'
import { readOwnCopy } from './export.ts'
import { ownCopyPdf } from './pdf.ts'
import { askCorrection, askErasure, listOwnRequests, withdrawErasure } from './request.ts'
import { staffPages } from './staff-pages.ts'
import { readOrganisationName } from './store.ts'
import { eraseCheckPage, ownDataPage } from './views.ts'
import { wordsFault } from './words-fault.ts'

const Done = z.object({ tehty: z.enum(['korjaus', 'poisto', 'peru']).optional().catch(undefined) })
const CorrectionForm = z.object({ words: z.string().max(4000).default('') })

/** `/tiedot`: a client's rights to the own data (S-51, S-52). */
export function rightsPages(app: App, deps: FeatureDeps): void {
  staffPages(app, deps)

  app.get('/tiedot', { schema: { querystring: Done }, config: { permit: 'rights:ask' } }, async (request, reply) => {
    const words = messages(request.language).ownData
    const said = { korjaus: words.correctSent, poisto: words.eraseAsked, peru: words.eraseWithdrawn }
    const { tehty } = request.query
    return await show(request, reply, tehty && { said: said[tehty] })
  })

  app.get(
    '/tiedot/kopio.json',
    { config: { permit: 'rights:ask', fields: ['identity', 'level', 'notes'] } },
    async (request, reply) => {
      const copy = await readOwnCopy(deps, clientOf(request), 'json')
      void reply.header('content-type', 'application/json; charset=utf-8')
      return await sendCopy(reply, 'omat-tiedot.json', JSON.stringify(copy, null, 2))
    },
  )

  app.get(
    '/tiedot/kopio.pdf',
    { config: { permit: 'rights:ask', fields: ['identity', 'level', 'notes'] } },
    async (request, reply) => {
      const copy = await readOwnCopy(deps, clientOf(request), 'pdf')
      void reply.header('content-type', 'application/pdf')
      return await sendCopy(reply, 'omat-tiedot.pdf', await ownCopyPdf(copy, request.language))
    },
  )

  app.post(
    '/tiedot/korjaus',
    { schema: { body: CorrectionForm }, config: { permit: 'rights:ask' } },
    async (request, reply) => {
      const t = messages(request.language)
      const words = request.body.words.trim()
      const fault = wordsFault(words, t, t.ownData.correctMissing)
      if (fault !== undefined)
        return await show(request, reply, { words, errors: [{ field: 'words', message: fault }] })
      await askCorrection(deps, clientOf(request), words)
      return await seeOther(reply, `${paths.ownData()}?tehty=korjaus`)
    },
  )

  app.get('/tiedot/poisto', { config: { permit: 'rights:ask' } }, async (request, reply) => {
    const context = pageContext(request, reply)
    return await sendPage(reply, { context, ...eraseCheckPage(context) })
  })

  app.post('/tiedot/poisto', { config: { permit: 'rights:ask' } }, async (request, reply) => {
    await askErasure(deps, clientOf(request))
    return await seeOther(reply, `${paths.ownData()}?tehty=poisto`)
  })

  app.post('/tiedot/poisto/peru', { config: { permit: 'rights:ask' } }, async (request, reply) => {
    await withdrawErasure(deps, clientOf(request))
    return await seeOther(reply, `${paths.ownData()}?tehty=peru`)
  })

  type Shown = { readonly said?: string; readonly words?: string; readonly errors?: readonly FieldError[] }

  async function show(request: FastifyRequest, reply: FastifyReply, shown: Shown = {}): Promise<FastifyReply> {
    const actor = clientOf(request)
    const context = pageContext(request, reply)
    const { said, words = '', errors = [] } = shown
    const requests = await listOwnRequests(deps, actor)
    const organisation = await readOrganisationName(deps, actor.tenant)
    return await sendPage(reply, {
      context,
      errors,
      notice: said === undefined ? undefined : notice({ text: said }),
      ...ownDataPage(context, { organisation, requests, words, errors }),
    })
  }
}

async function sendCopy(reply: FastifyReply, name: string, body: string | Buffer): Promise<FastifyReply> {
  return await reply
    .header('content-disposition', `attachment; filename="${name}"`)
    .header('cache-control', 'no-store')
    .send(body)
}
