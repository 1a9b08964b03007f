import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { FeatureDeps } from '../features.ts'
import { type StaffActor, staffOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { ownPath, pageContext, seeOther, sendPage } from '../http/pages.ts'
import type { FieldError } from '../web/components/error-summary.ts'
import { paths } from '../web/paths.ts'
import { type Entrance, refusedSignIn } from './entrance.ts'
import { passSecondFactor, readSecurity, setUpSecondFactor, signInAgain } from './own-account.ts'
import { readNewFactor } from './second-factor.ts'
import { againPage, enrolPage, factorPage, recoveryPage } from './second-factor-views.ts'

const Next = z.object({ next: z.string().max(500).default('/'), lang: z.string().optional() })
const CodeForm = z.object({ code: z.string().max(40).default(''), next: z.string().default('/') })
const AgainForm = CodeForm.extend({ password: z.string().max(200).default('') })

/** What is asked between the password and the inside: the second factor (S-17), or on a coach's own device the password again (S-14). */
export function secondFactorPages(app: App, deps: FeatureDeps, entrance: Entrance, hasProvider: boolean): void {
  app.get(
    '/kirjaudu/vahvistus',
    { schema: { querystring: Next }, config: { permit: 'account:own', opensTo: ['second-factor'] } },
    async (request, reply) => {
      const next = ownPath(request.query.next)
      if (staffOf(request).wants !== 'second-factor') return await seeOther(reply, next)
      const context = pageContext(request, reply)
      return await sendPage(reply, { context, ...factorPage(context, { next }) })
    },
  )

  app.post(
    '/kirjaudu/vahvistus',
    { schema: { body: CodeForm }, config: { permit: 'account:own', opensTo: ['second-factor'] } },
    async (request, reply) => {
      const { code, next } = request.body
      const actor = staffOf(request)
      if (actor.wants !== 'second-factor') return await seeOther(reply, next)
      try {
        const session = await passSecondFactor(deps, actor, code, entrance.originOf(request, reply))
        return await entrance.enter(reply, session, next)
      } catch (error) {
        const { status, errors } = wrongCode(error, request)
        const context = pageContext(request, reply)
        return await sendPage(reply, { context, status, errors, ...factorPage(context, { next, errors }) })
      }
    },
  )

  app.get(
    '/kirjaudu/vahvistus/uusi',
    { schema: { querystring: Next }, config: { permit: 'account:own', opensTo: ['enrolment'] } },
    async (request, reply) => await showKey(request, reply, { next: ownPath(request.query.next) }),
  )

  app.post(
    '/kirjaudu/vahvistus/uusi',
    { schema: { body: CodeForm }, config: { permit: 'account:own', opensTo: ['enrolment'] } },
    async (request, reply) => {
      const { code, next } = request.body
      const actor = staffOf(request)
      try {
        const origin = entrance.originOf(request, reply)
        const { session, recoveryCodes } = await setUpSecondFactor(deps, actor, code, origin)
        entrance.setCookie(reply, session)
        const context = pageContext(request, reply)
        return await sendPage(reply, { context, ...recoveryPage(context, recoveryCodes, ownPath(next)) })
      } catch (error) {
        return await showKey(request, reply, { next, ...wrongCode(error, request) })
      }
    },
  )

  async function showKey(
    request: FastifyRequest,
    reply: FastifyReply,
    given: { readonly next: string; readonly status?: number; readonly errors?: readonly FieldError[] },
  ): Promise<FastifyReply> {
    const actor = staffOf(request)
    const factor = await readNewFactor(deps, actor, actor.name)
    if (!factor) return await seeOther(reply, actor.wants === undefined ? paths.account() : paths.signIn())
    const { next, status = 200, errors = [] } = given
    const context = pageContext(request, reply)
    const view = enrolPage(context, factor, { next, errors, isWanted: actor.wants === 'enrolment' })
    return await sendPage(reply, { context, status, errors, ...view })
  }

  app.get(
    '/kirjaudu/uudelleen',
    { schema: { querystring: Next }, config: { permit: 'account:own', opensTo: ['password'] } },
    async (request, reply) => await showAgain(request, reply, staffOf(request), ownPath(request.query.next)),
  )

  app.post(
    '/kirjaudu/uudelleen',
    { schema: { body: AgainForm }, config: { permit: 'account:own', opensTo: ['password'] } },
    async (request, reply) => {
      const { next, ...given } = request.body
      const actor = staffOf(request)
      try {
        const session = await signInAgain(deps, actor, given, entrance.originOf(request, reply))
        return await entrance.enter(reply, session, next)
      } catch (error) {
        const { status, message, field } = refusedSignIn(error, request)
        const errors = [{ field: field ?? 'code', message }]
        return await showAgain(request, reply, actor, next, { status, errors })
      }
    },
  )

  async function showAgain(
    request: FastifyRequest,
    reply: FastifyReply,
    actor: StaffActor,
    next: string,
    refused: { readonly status?: number; readonly errors?: readonly FieldError[] } = {},
  ): Promise<FastifyReply> {
    const { isSet } = await readSecurity(deps, actor)
    const context = pageContext(request, reply)
    const { status = 200, errors = [] } = refused
    const view = againPage(context, { next, errors, asksCode: isSet, hasProvider })
    return await sendPage(reply, { context, status, errors, ...view })
  }
}

function wrongCode(
  error: unknown,
  request: FastifyRequest,
): { readonly status: number; readonly errors: readonly FieldError[] } {
  const { status, message } = refusedSignIn(error, request)
  return { status, errors: [{ field: 'code', message }] }
}
