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
import { readStaffLink, useStaffLink } from './staff-link.ts'
import { staffSetupPage } from './staff-views.ts'

const LinkRef = z.object({ link: z.string().max(60) })
const Form = z.object({ password: z.string().max(400).default('') })

/** `/kayttoonotto/tili/{link}`: a member of staff sets the own password, by the link that an administrator handed over. */
export function staffLinkPages(app: App, deps: FeatureDeps, entrance: Entrance): void {
  const config = { permit: 'public' } as const

  app.get(
    '/kayttoonotto/tili/:link',
    { schema: { params: LinkRef }, config },
    async (request, reply) => await show(request, reply, request.params.link),
  )

  app.post('/kayttoonotto/tili/:link', { schema: { params: LinkRef, body: Form }, config }, async (request, reply) => {
    const { link } = request.params
    const { password } = request.body
    try {
      const wanted = { password, language: request.language }
      const session = await useStaffLink(deps, link, wanted, entrance.originOf(request, reply))
      return await entrance.enter(reply, session, paths.home())
    } catch (error) {
      if (!(error instanceof Refusal) || error.kind !== 'content') throw error
      const message = refusalSentence(messages(request.language), error.kind, error.code)
      return await show(request, reply, link, [{ field: 'password', message }])
    }
  })

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    link: string,
    errors: readonly FieldError[] = [],
  ): Promise<FastifyReply> {
    const { name } = await readStaffLink(deps, link)
    const context = pageContext(request, reply)
    // The link stands in no other place of the page than its own form.
    return await sendPage(reply, {
      context: { ...context, path: '/' },
      errors,
      ...staffSetupPage(context, { link, name, errors }),
    })
  }
}
