import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { asTenant } from '../db/connect.ts'
import type { FeatureDeps } from '../features.ts'
import type { App } from '../http/app-type.ts'
import { ownPath, pageContext, seeOther, sendPage } from '../http/pages.ts'
import { messages, refusalSentence } from '../i18n/index.ts'
import { Refusal } from '../refusal.ts'
import type { FieldError } from '../web/components/error-summary.ts'
import { notice } from '../web/components/notice.ts'
import { paths } from '../web/paths.ts'
import { newBrowserMark, type SignedIn, signInStaff, signInWithCode } from './sign-in.ts'
import { codePage, frontPage, staffPage } from './sign-in-views.ts'
import { endSession } from './store.ts'

const Next = z.object({ next: z.string().max(500).optional(), lang: z.string().optional() })
const StaffForm = z.object({
  email: z.string().max(200).default(''),
  password: z.string().max(200).default(''),
  next: z.string().default('/'),
})
/** The front page right after log out. */
const Left = z.object({ ulos: z.string().optional().catch(undefined) })
const CodeForm = z.object({ code: z.string().max(40).default(''), shared: z.string().optional() })

const browserCookie = 'op_browser'
const browserLifetime = 31_536_000

/** The front page, sign-in and log out (PRODUCT A8, A9). */
export function accountPages(app: App, deps: FeatureDeps): void {
  const secure = deps.config.pagesOrigin.startsWith('https:')

  /** The browser's own mark, made at its first sign-in: tells that a client's act came from a staff member's browser (S-15). */
  function browserOf(request: FastifyRequest, reply: FastifyReply): string {
    const known = request.cookies[browserCookie]
    const mark = known !== undefined && /^[\w-]{22}$/.test(known) ? known : newBrowserMark()
    void reply.setCookie(browserCookie, mark, {
      path: '/',
      httpOnly: true,
      sameSite: 'lax',
      secure,
      maxAge: browserLifetime,
    })
    return mark
  }

  async function enter(reply: FastifyReply, session: SignedIn, next: string, keep: boolean): Promise<FastifyReply> {
    app.sessions.setCookie(reply, session, session.endsAt, keep)
    return await seeOther(reply, next)
  }

  app.get('/', { schema: { querystring: Left }, config: { permit: 'anyone' } }, async (request, reply) => {
    const context = pageContext(request, reply)
    const { t, viewer } = context
    const hasLeft = request.query.ulos !== undefined && viewer === undefined
    const said = hasLeft ? notice({ text: t.signIn.signedOut }) : undefined
    return await sendPage(reply, { context, notice: said, ...frontPage(t, viewer), indexed: true })
  })

  app.get('/kirjaudu', { schema: { querystring: Next }, config: { permit: 'anyone' } }, async (request, reply) => {
    const context = pageContext(request, reply)
    return await sendPage(reply, { context, ...staffPage(context, { next: ownPath(request.query.next ?? '/') }) })
  })

  app.post('/kirjaudu', { schema: { body: StaffForm }, config: { permit: 'public' } }, async (request, reply) => {
    const { email, password, next } = request.body
    try {
      const session = await signInStaff(deps, email, password, {
        address: request.ip,
        browser: browserOf(request, reply),
      })
      return await enter(reply, session, ownPath(next), false)
    } catch (error) {
      const { status, message } = refused(error, request)
      const context = pageContext(request, reply)
      const errors: FieldError[] = [{ field: 'email', message }]
      return await sendPage(reply, { context, status, errors, ...staffPage(context, { next, email, errors }) })
    }
  })

  app.get('/kirjaudu/koodi', { config: { permit: 'anyone' } }, async (request, reply) => {
    const context = pageContext(request, reply)
    return await sendPage(reply, { context, ...codePage(context, {}) })
  })

  app.post('/kirjaudu/koodi', { schema: { body: CodeForm }, config: { permit: 'public' } }, async (request, reply) => {
    const { code, shared } = request.body
    try {
      const origin = { address: request.ip, browser: browserOf(request, reply) }
      const session = await signInWithCode(deps, code, shared !== undefined, origin)
      return await enter(reply, session, paths.passport(), false)
    } catch (error) {
      const { status, message } = refused(error, request)
      const context = pageContext(request, reply)
      const errors: FieldError[] = [{ field: 'code', message }]
      const view = codePage(context, { code, shared: shared !== undefined, errors })
      return await sendPage(reply, { context, status, errors, ...view })
    }
  })

  app.post('/kirjaudu/ulos', { config: { permit: 'anyone' } }, async (request, reply) => {
    const { actor } = request
    if (actor)
      await asTenant(
        deps.db,
        actor.tenant,
        async (trx) => await endSession(trx, actor.tenant, actor.sessionId, deps.now()),
      )
    app.sessions.clearCookie(reply)
    // S-14: nothing of a shared computer's visit stays in the browser; the marks of language and browser are not the person's.
    void reply.header('clear-site-data', '"cache", "storage"')
    return await seeOther(reply, paths.signedOut())
  })
}

function refused(error: unknown, request: FastifyRequest): { readonly status: number; readonly message: string } {
  if (!(error instanceof Refusal)) throw error
  const t = messages(request.language)
  if (error.kind === 'too-many')
    return { status: 429, message: t.signIn.wait({ seconds: error.details.retryAfter ?? 60 }) }
  if (error.code === 'wrong-code') return { status: 422, message: t.signIn.codeWrong }
  if (error.code === 'wrong-name-or-password') return { status: 422, message: t.signIn.wrong }
  return { status: 422, message: refusalSentence(t, error.kind, error.code) }
}
