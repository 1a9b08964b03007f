import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { FeatureDeps } from '../features.ts'
import type { App } from '../http/app-type.ts'
import { pageContext, sendPage } from '../http/pages.ts'
import { messages, refusalSentence } from '../i18n/index.ts'
import { Refusal } from '../refusal.ts'
import type { FieldError } from '../web/components/error-summary.ts'
import { paths } from '../web/paths.ts'
import type { Entrance } from './entrance.ts'
import { readSetupLink, useSetupLink } from './setup.ts'
import { readSetupForm, SetupForm } from './setup-form.ts'
import { setupPage } from './setup-views.ts'

const LinkRef = z.object({ link: z.string().max(60) })

/** `/kayttoonotto/{link}`: the first administrator, from the link that the command `setup` printed. */
export function setupPages(app: App, deps: FeatureDeps, entrance: Entrance): void {
  app.get(
    '/kayttoonotto/:link',
    { schema: { params: LinkRef }, config: { permit: 'public' } },
    async (request, reply) => await show(request, reply, request.params.link, { form: {} }),
  )

  app.post(
    '/kayttoonotto/:link',
    { schema: { params: LinkRef, body: SetupForm }, config: { permit: 'public' } },
    async (request, reply) => {
      const { link } = request.params
      const form = request.body
      const { organisation } = await readSetupLink(deps, link)
      const read = readSetupForm(form, organisation === null, messages(request.language))
      if ('errors' in read) return await show(request, reply, link, { form, errors: read.errors })
      try {
        const wanted = { ...read.wanted, language: request.language }
        const session = await useSetupLink(deps, link, wanted, entrance.originOf(request, reply))
        return await entrance.enter(reply, session, paths.account())
      } catch (error) {
        const errors = [mended(error, request)]
        return await show(request, reply, link, { form, errors })
      }
    },
  )

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    link: string,
    given: { readonly form: Partial<SetupForm>; readonly errors?: readonly FieldError[] },
  ): Promise<FastifyReply> {
    const { organisation } = await readSetupLink(deps, link)
    const context = pageContext(request, reply)
    const view = setupPage(context, { link, founds: organisation === null, ...given })
    // The link stands in no other place of the page than its own form.
    return await sendPage(reply, { context: { ...context, path: '/' }, errors: given.errors, ...view })
  }
}

/** Which field the rule's no is about. Throws what is none of the form's. */
function mended(error: unknown, request: FastifyRequest): FieldError {
  if (!(error instanceof Refusal) || !['content', 'unfit-to-sign'].includes(error.kind)) throw error
  const t = messages(request.language)
  if (error.kind === 'unfit-to-sign') return { field: 'organisation', message: t.account.fieldWrong }
  const message = refusalSentence(t, error.kind, error.code)
  return { field: error.details.fields?.[0]?.pointer.slice(1) ?? 'password', message }
}
