import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { asTenant } from '../db/connect.ts'
import type { FeatureDeps } from '../features.ts'
import { actorOf, clientOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { pageContext, seeOther, sendPage } from '../http/pages.ts'
import { type Messages, messages, refusalSentence } from '../i18n/index.ts'
import { getObservation } from '../progress/observation-list.ts'
import { ObservationRef } from '../progress/schema.ts'
import { Refusal } from '../refusal.ts'
import type { FieldError } from '../web/components/error-summary.ts'
import { notice } from '../web/components/notice.ts'
import { paths } from '../web/paths.ts'
import { addFile, listFiles, mayAdd, mayRemove, openFile, removeFile } from './file.ts'
import { EvidenceFileRef } from './schema.ts'
import { readUpload, sendFile, uploadConfig } from './send.ts'
import { listOwnRecords } from './store.ts'
import { filesPage, ownRecordsPage } from './views.ts'

const Before = z.object({ ennen: z.uuid().optional().catch(undefined) })
const Done = z.object({ tehty: z.enum(['lisays', 'poisto']).optional().catch(undefined) })

const shownRecords = 25

/** `/liitteet`: pictures and files of work, for the client, the own coaches and the coordinator (S-44). */
export function evidencePages(app: App, deps: FeatureDeps): void {
  app.get(
    '/liitteet',
    { schema: { querystring: Before }, config: { permit: 'passport:read' } },
    async (request, reply) => {
      const { tenant, clientId } = clientOf(request)
      const wanted = { before: request.query.ennen, limit: shownRecords + 1 }
      const rows = await asTenant(deps.db, tenant, async (trx) => await listOwnRecords(trx, tenant, clientId, wanted))
      const context = pageContext(request, reply)
      const view = ownRecordsPage(context, rows.slice(0, shownRecords), rows.length > shownRecords)
      return await sendPage(reply, { context, nav: 'passport', ...view })
    },
  )

  app.get(
    '/liitteet/:id',
    { schema: { params: ObservationRef, querystring: Done }, config: { permit: 'evidence:read' } },
    async (request, reply) => {
      const { tehty } = request.query
      const { added, removed } = messages(request.language).evidence
      const said = tehty && { lisays: added, poisto: removed }[tehty]
      return await show(deps, request, reply, request.params.id, { said })
    },
  )

  app.post(
    '/liitteet/:id',
    {
      schema: { params: ObservationRef },
      config: { permit: 'evidence:add', multipartOptions: uploadConfig.multipartOptions },
    },
    async (request, reply) => {
      const { id } = request.params
      const t = messages(request.language)
      try {
        const wanted = { observationId: id, ...(await readUpload(request)) }
        await addFile(deps, actorOf(request), wanted, deps.now())
      } catch (error) {
        return await show(deps, request, reply, id, { errors: errorsOf(error, t) })
      }
      return await seeOther(reply, `${paths.evidence(id)}?tehty=lisays`)
    },
  )

  app.get(
    '/liitteet/tiedosto/:id',
    { schema: { params: EvidenceFileRef }, config: { permit: 'evidence:read' } },
    async (request, reply) =>
      await sendFile(reply, await openFile(deps, actorOf(request), request.params.id, deps.now())),
  )

  app.post(
    '/liitteet/tiedosto/:id/poista',
    { schema: { params: EvidenceFileRef }, config: { permit: 'evidence:add' } },
    async (request, reply) => {
      const { observationId } = await removeFile(deps, actorOf(request), request.params.id, deps.now())
      return await seeOther(reply, `${paths.evidence(observationId)}?tehty=poisto`)
    },
  )
}

/** What the person can mend, beside its field. Everything else is thrown on. */
function errorsOf(error: unknown, t: Messages): readonly FieldError[] {
  if (!(error instanceof Refusal)) throw error
  const { kind, code } = error
  if (code === 'file-missing') return [{ field: 'file', message: t.evidence.fileMissing }]
  if (code === 'consent-missing') return [{ field: 'consent', message: t.evidence.consentMissing }]
  const isOfFile =
    kind === 'too-large' || kind === 'unsupported-type' || kind === 'content' || code === 'too-many-files'
  if (!isOfFile) throw error
  return [{ field: 'file', message: refusalSentence(t, kind, code) }]
}

type Shown = { readonly said?: string | undefined; readonly errors?: readonly FieldError[] }

async function show(
  deps: FeatureDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  id: string,
  { said, errors = [] }: Shown,
): Promise<FastifyReply> {
  const actor = actorOf(request)
  const now = deps.now()
  const record = await getObservation(deps, actor, id, now)
  const files = await listFiles(deps, actor, id, now)
  const context = pageContext(request, reply)
  const view = filesPage(context, {
    record,
    files,
    reader: actor.kind,
    mayAdd: await mayAdd(deps, actor, record.clientId, now),
    mayRemove: (file) => mayRemove(actor, file),
    errors,
  })
  return await sendPage(reply, {
    context,
    nav: actor.kind === 'client' ? 'passport' : 'group',
    errors,
    notice: said === undefined ? undefined : notice({ text: said }),
    ...view,
  })
}
