import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { FeatureDeps } from '../features.ts'
import { clientOf, staffOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { pageContext, seeOther, sendPage } from '../http/pages.ts'
import { messages } from '../i18n/index.ts'
import { Refusal } from '../refusal.ts'
import type { FieldError } from '../web/components/error-summary.ts'
import { notice } from '../web/components/notice.ts'
import { paths } from '../web/paths.ts'
import { listCoaches } from './coaches.ts'
import { handoverParts } from './handover.ts'
import { findInvitation, makeInvitation, type OpenInvitation } from './invitation.ts'
import { agreeToMove } from './move.ts'
import { invitedPage, invitePage, moveCheckPage, type MoveForm, movePage } from './move-views.ts'
import { listOthers } from './others.ts'
import { ownOrganisation } from './own-organisation.ts'

const Done = z.object({ tehty: z.string().max(4).optional().catch(undefined) })
const InviteForm = z.object({ coachId: z.string().max(100).default('') })
const CodeForm = z.object({ code: z.string().max(40).default('') })
const AgreeForm = z.object({
  code: z.string().max(40).default(''),
  which: z.string().max(10).default(''),
  take: z.union([z.string().transform((one) => [one]), z.array(z.string()).max(10)]).default([]),
})

/** A client goes to another foundation, or is in two, by the client's own consent; and the code that a foundation gives for it. */
export function movePages(app: App, deps: FeatureDeps): void {
  invitePages(app, deps)
  const config = { permit: 'rights:ask' } as const

  app.get('/tiedot/siirto', { schema: { querystring: Done }, config }, async (request, reply) => {
    const others = await listOthers(deps, clientOf(request))
    const words = messages(request.language).relations
    const arrived = others.find(({ tenant }) => tenant === request.query.tehty)
    return await showCode(request, reply, { said: arrived && words.moved({ name: arrived.name }) })
  })

  app.post('/tiedot/siirto', { schema: { body: CodeForm }, config }, async (request, reply) => {
    const { code } = request.body
    const found = await invitationOf(request, code)
    if (!found) return await wrongCode(request, reply, code)
    return await showCheck(request, reply, found, { code, which: '', take: [] }, [])
  })

  app.post('/tiedot/siirto/suostumus', { schema: { body: AgreeForm }, config }, async (request, reply) => {
    const given = request.body
    const words = messages(request.language).relations
    const invitation = await invitationOf(request, given.code)
    if (!invitation) return await wrongCode(request, reply, given.code)
    const purpose = z.enum(['move', 'join']).safeParse(given.which).data
    if (purpose === undefined) {
      const errors = [{ field: 'which', message: words.moveWhichMissing }]
      return await showCheck(request, reply, invitation, given, errors)
    }
    const chosen = handoverParts.filter((part) => given.take.includes(part))
    try {
      await agreeToMove(deps, clientOf(request), { invitation, purpose, chosen })
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'wrong-invitation') throw error
      return await wrongCode(request, reply, given.code)
    }
    return await seeOther(reply, `${paths.move()}?tehty=${invitation.tenant}`)
  })

  /** Undefined for a wrong code; too many of them refuse. */
  async function invitationOf(request: FastifyRequest, code: string): Promise<OpenInvitation | undefined> {
    try {
      return await findInvitation(deps, clientOf(request), code, request.ip)
    } catch (error) {
      if (error instanceof Refusal && error.code === 'wrong-invitation') return undefined
      throw error
    }
  }

  async function wrongCode(request: FastifyRequest, reply: FastifyReply, code: string): Promise<FastifyReply> {
    const message = messages(request.language).relations.moveCodeWrong
    return await showCode(request, reply, { code, errors: [{ field: 'code', message }] })
  }

  async function showCode(
    request: FastifyRequest,
    reply: FastifyReply,
    shown: { readonly said?: string | undefined; readonly code?: string; readonly errors?: readonly FieldError[] },
  ): Promise<FastifyReply> {
    const context = pageContext(request, reply)
    const { said, code = '', errors = [] } = shown
    const others = await listOthers(deps, clientOf(request))
    const done = said === undefined ? undefined : notice({ text: said })
    return await sendPage(reply, { context, errors, notice: done, ...movePage(context, { others, code, errors }) })
  }

  async function showCheck(
    request: FastifyRequest,
    reply: FastifyReply,
    { organisation: to }: OpenInvitation,
    form: MoveForm,
    errors: readonly FieldError[],
  ): Promise<FastifyReply> {
    const context = pageContext(request, reply)
    const from = await ownOrganisation(deps, clientOf(request).tenant)
    return await sendPage(reply, { context, errors, ...moveCheckPage(context, { from, to, form, errors }) })
  }
}

function invitePages(app: App, deps: FeatureDeps): void {
  const config = { permit: 'client:create' } as const

  app.get('/hallinta/kutsut', { config }, async (request, reply) => await show(request, reply, '', []))

  app.post('/hallinta/kutsut', { schema: { body: InviteForm }, config }, async (request, reply) => {
    const { coachId } = request.body
    const context = pageContext(request, reply)
    const message = context.t.error.codes['unknown-coach']
    const errors = [{ field: 'coachId', message }]
    if (!z.uuid().safeParse(coachId).success) return await show(request, reply, coachId, errors)
    try {
      // Shown on the answer itself: nothing keeps the code, so it could not be shown after a redirect.
      const made = await makeInvitation(deps, staffOf(request), { coachId })
      return await sendPage(reply, { context, ...invitedPage(context, made) })
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'unknown-coach') throw error
      return await show(request, reply, coachId, errors)
    }
  })

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    chosen: string,
    errors: readonly FieldError[],
  ): Promise<FastifyReply> {
    const context = pageContext(request, reply)
    const coaches = await listCoaches(deps, staffOf(request).tenant)
    return await sendPage(reply, { context, errors, ...invitePage(context, { coaches, chosen, errors }) })
  }
}
