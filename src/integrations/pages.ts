import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { FeatureDeps } from '../features.ts'
import { staffOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { idOfCursor, pageOf } from '../http/list.ts'
import { type PageContext, pageContext, seeOther, sendPage } from '../http/pages.ts'
import { isPermitted } from '../http/permissions.ts'
import { scopes } from '../http/scopes.ts'
import { isSeenWhole } from '../i18n/names.ts'
import { Refusal } from '../refusal.ts'
import type { FieldError } from '../web/components/error-summary.ts'
import { notice } from '../web/components/notice.ts'
import { paths } from '../web/paths.ts'
import { apiKeyBody, getApiKey, listApiKeys, makeApiKey, revokeApiKey } from './api-key.ts'
import { ApiKeyRef, NewApiKey } from './schema.ts'
import { endView, type Given, keysView, lifetimes, madeView } from './views.ts'

const Query = z.object({ lopetettu: z.string().optional().catch(undefined), ennen: z.string().max(200).optional() })

/** As the person sent it: what is wrong with it is told on the page, with everything kept. */
const Form = z.object({
  name: z.string().max(500).default(''),
  mode: z.string().default(''),
  scopes: z.union([z.string().transform((one) => [one]), z.array(z.string()).max(20)]).default([]),
  days: z.string().default('90'),
})

const nothing: Given = { name: '', mode: 'test', scopes: ['modules:read'], days: '90' }

/** `/hallinta/avaimet`: an admin makes a key, shown once, and ends it; a foundation's lead sees the list (PRODUCT I1). */
export function integrationPages(app: App, deps: FeatureDeps): void {
  app.get(
    '/hallinta/avaimet',
    { schema: { querystring: Query }, config: { permit: 'api-key:read' } },
    async (request, reply) => await show(request, reply, nothing),
  )

  app.post(
    '/hallinta/avaimet',
    { schema: { body: Form }, config: { permit: 'api-key:write' } },
    async (request, reply) => {
      const context = pageContext(request, reply)
      const { days, ...rest } = request.body
      const wanted = NewApiKey.safeParse({ ...rest, ...lifeOf(days) })
      if (!wanted.success)
        return await show(request, reply, request.body, errorsOf(context, wanted.error, request.body))
      try {
        const { key, row } = await makeApiKey(deps, staffOf(request), wanted.data)
        const made = { key, row: apiKeyBody(row, deps.now()), origin: deps.config.pagesOrigin }
        // Shown on the answer itself: nothing keeps the key, so it could not be shown after a redirect.
        return await sendPage(reply, { context, nav: 'apiKeys', ...madeView(context, made) })
      } catch (error) {
        return await show(request, reply, request.body, [refusedField(context, error)])
      }
    },
  )

  const one = { params: ApiKeyRef }
  app.get(
    '/hallinta/avaimet/:id/lopeta',
    { schema: one, config: { permit: 'api-key:write' } },
    async (request, reply) => {
      const context = pageContext(request, reply)
      const row = await getApiKey(deps, staffOf(request), request.params.id)
      return await sendPage(reply, { context, nav: 'apiKeys', ...endView(context, apiKeyBody(row, deps.now())) })
    },
  )

  app.post(
    '/hallinta/avaimet/:id/lopeta',
    { schema: one, config: { permit: 'api-key:write' } },
    async (request, reply) => {
      await revokeApiKey(deps, staffOf(request), request.params.id)
      return await seeOther(reply, `${paths.apiKeys()}?lopetettu=1`)
    },
  )

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    given: Given,
    errors: readonly FieldError[] = [],
  ): Promise<FastifyReply> {
    const actor = staffOf(request)
    const context = pageContext(request, reply)
    const query = Query.safeParse(request.query).data ?? {}
    const limit = 50
    const rows = await listApiKeys(deps, actor, { before: idOfCursor(query.ennen), limit: limit + 1 })
    const keys = pageOf(rows, limit, (row) => apiKeyBody(row, deps.now()))
    const may = { write: isPermitted(actor.roles, 'api-key:write') }
    const said = query.lopetettu === undefined ? undefined : notice({ text: context.t.apiKeys.ended })
    return await sendPage(reply, {
      context,
      nav: 'apiKeys',
      notice: said,
      errors,
      ...keysView(context, { keys, may, now: deps.now() }, given, errors),
    })
  }
}

function lifeOf(days: string): { readonly expiresInDays: number } {
  return { expiresInDays: lifetimes.find((one) => String(one) === days) ?? 90 }
}

/** One message for each field, in the order of the form. */
function errorsOf({ t }: PageContext, error: z.ZodError, given: Given): readonly FieldError[] {
  const wrong = new Set(error.issues.map(({ path }) => path[0]))
  const nameWords = isSeenWhole(given.name) ? t.apiKeys.writeName : t.apiKeys.nameUnseen
  return [
    ...(wrong.has('name') ? [{ field: 'name', message: nameWords }] : []),
    ...(wrong.has('mode') ? [{ field: 'mode', message: t.error.chooseOne }] : []),
    ...(wrong.has('scopes') || !given.scopes.every((scope) => scopes.some((known) => known === scope))
      ? [{ field: 'scopes', message: t.apiKeys.chooseScope }]
      : []),
  ]
}

function refusedField({ t }: PageContext, error: unknown): FieldError {
  if (error instanceof Refusal && error.code === 'no-sandbox') return { field: 'mode', message: t.apiKeys.noSandbox }
  if (error instanceof Refusal && error.details.fields?.[0]?.code === 'name-taken')
    return { field: 'name', message: t.apiKeys.nameTaken }
  throw error
}
