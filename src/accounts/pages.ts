import { z } from 'zod'
import { asTenant } from '../db/connect.ts'
import type { FeatureDeps } from '../features.ts'
import type { App } from '../http/app-type.ts'
import { ownPath, pageContext, seeOther, sendPage } from '../http/pages.ts'
import { Refusal } from '../refusal.ts'
import type { FieldError } from '../web/components/error-summary.ts'
import { notice } from '../web/components/notice.ts'
import { paths } from '../web/paths.ts'
import { signInWithCard } from './card.ts'
import { signInWithCode } from './client-sign-in.ts'
import { createEntrance, refusedSignIn } from './entrance.ts'
import { handOutPages } from './hand-out-pages.ts'
import { createProvider } from './oidc.ts'
import { otherPages } from './other-pages.ts'
import { ownPages } from './own-pages.ts'
import { providerBack, providerPages } from './provider-pages.ts'
import { secondFactorPages } from './second-factor-pages.ts'
import { sessionTimes } from './session.ts'
import { setupPages } from './setup-pages.ts'
import { signInStaff } from './sign-in.ts'
import { codePage, frontPage, pinPage, staffPage } from './sign-in-views.ts'
import { staffLinkPages } from './staff-link-pages.ts'
import { staffPages } from './staff-pages.ts'
import { endSession, giveMoreTime } from './store.ts'

const Next = z.object({
  next: z.string().max(500).optional(),
  lang: z.string().optional(),
  /** The provider's sign-in was not finished. */
  virhe: z.string().optional().catch(undefined),
  /** The session of who asked had ended. */
  paattyi: z.string().optional().catch(undefined),
})
const StaffForm = z.object({
  email: z.string().max(200).default(''),
  password: z.string().max(200).default(''),
  next: z.string().default('/'),
})
/** The front page right after log out. */
const Left = z.object({ ulos: z.string().optional().catch(undefined) })
const CodeForm = z.object({ code: z.string().max(40).default(''), shared: z.string().optional() })
const CardRef = z.object({ card: z.string().max(60) })
const CardForm = z.object({
  card: z.string().max(60).default(''),
  pin: z.string().max(20).default(''),
  shared: z.string().optional(),
})
const MoreTime = z.object({ next: z.string().default('/') })

/** The front page, every way of signing in, log out, and the member's own page (PRODUCT A8, A9). */
export function accountPages(app: App, deps: FeatureDeps): void {
  const entrance = createEntrance(app, deps)
  const provider = createProvider(deps, providerBack(deps.config))
  const hasProvider = provider !== undefined

  app.get('/', { schema: { querystring: Left }, config: { permit: 'anyone' } }, async (request, reply) => {
    const context = pageContext(request, reply)
    const { t, viewer } = context
    const hasLeft = request.query.ulos !== undefined && viewer === undefined
    const said = hasLeft ? notice({ text: t.signIn.signedOut }) : undefined
    return await sendPage(reply, { context, notice: said, ...frontPage(t, viewer), indexed: true })
  })

  app.get('/kirjaudu', { schema: { querystring: Next }, config: { permit: 'anyone' } }, async (request, reply) => {
    const context = pageContext(request, reply)
    const { virhe, paattyi } = request.query
    const { account, signIn } = context.t
    const text = virhe !== undefined ? account.providerFailed : paattyi !== undefined ? signIn.ended : undefined
    const said = text === undefined ? undefined : notice({ text, kind: 'warning' })
    const view = staffPage(context, { next: ownPath(request.query.next ?? '/'), hasProvider })
    return await sendPage(reply, { context, notice: said, ...view })
  })

  app.post('/kirjaudu', { schema: { body: StaffForm }, config: { permit: 'public' } }, async (request, reply) => {
    const { email, password, next } = request.body
    try {
      const session = await signInStaff(deps, email, password, entrance.originOf(request, reply))
      return await entrance.enter(reply, session, next)
    } catch (error) {
      const { status, message } = refusedSignIn(error, request)
      const context = pageContext(request, reply)
      const errors: FieldError[] = [{ field: 'email', message }]
      const view = staffPage(context, { next, email, errors, hasProvider })
      return await sendPage(reply, { context, status, errors, ...view })
    }
  })

  app.get('/kirjaudu/koodi', { config: { permit: 'anyone' } }, async (request, reply) => {
    const context = pageContext(request, reply)
    return await sendPage(reply, { context, ...codePage(context, {}) })
  })

  app.post('/kirjaudu/koodi', { schema: { body: CodeForm }, config: { permit: 'public' } }, async (request, reply) => {
    const { code } = request.body
    const shared = request.body.shared !== undefined
    try {
      const session = await signInWithCode(deps, code, shared, entrance.originOf(request, reply))
      return await entrance.enter(reply, session, paths.passport())
    } catch (error) {
      const { status, message } = refusedSignIn(error, request)
      const context = pageContext(request, reply)
      const errors: FieldError[] = [{ field: 'code', message }]
      return await sendPage(reply, { context, status, errors, ...codePage(context, { code, shared, errors }) })
    }
  })

  // The same page for every card, also for one that is none: only card and PIN together say something (S-17).
  app.get(
    '/kirjaudu/kortti/:card',
    { schema: { params: CardRef }, config: { permit: 'public' } },
    async (request, reply) => {
      const context = pageContext(request, reply)
      // The card's address stands in no link of the page.
      return await sendPage(reply, { context: { ...context, path: '/' }, ...pinPage(context, request.params) })
    },
  )

  app.post('/kirjaudu/kortti', { schema: { body: CardForm }, config: { permit: 'public' } }, async (request, reply) => {
    const { card, pin } = request.body
    const shared = request.body.shared !== undefined
    try {
      const session = await signInWithCard(deps, { card, pin, shared }, entrance.originOf(request, reply))
      return await entrance.enter(reply, session, paths.passport())
    } catch (error) {
      const { status, message } = refusedSignIn(error, request)
      const context = pageContext(request, reply)
      const errors: FieldError[] = [{ field: 'pin', message }]
      return await sendPage(reply, { context, status, errors, ...pinPage(context, { card, shared, errors }) })
    }
  })

  app.post(
    '/kirjaudu/lisaa-aikaa',
    { schema: { body: MoreTime }, config: { permit: 'signed-in' } },
    async (request, reply) => {
      const { actor } = request
      if (!actor) throw new Refusal('not-signed-in', 'Sign in first')
      const until = new Date(deps.now().getTime() + sessionTimes.moreTime)
      await asTenant(
        deps.db,
        actor.tenant,
        async (trx) => await giveMoreTime(trx, actor.tenant, actor.sessionId, until),
      )
      return await seeOther(reply, request.body.next)
    },
  )

  app.post(
    '/kirjaudu/ulos',
    { config: { permit: 'anyone', opensTo: ['second-factor', 'enrolment', 'password'] } },
    async (request, reply) => {
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
    },
  )

  secondFactorPages(app, deps, entrance, hasProvider)
  if (provider) providerPages(app, deps, entrance, provider)
  ownPages(app, deps, entrance)
  handOutPages(app, deps)
  otherPages(app, deps, entrance)
  setupPages(app, deps, entrance)
  staffPages(app, deps)
  staffLinkPages(app, deps, entrance)
}
