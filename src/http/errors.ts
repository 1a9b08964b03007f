import type { FastifyReply, FastifyRequest } from 'fastify'
import { messages, refusalSentence } from '../i18n/index.ts'
import { Refusal } from '../refusal.ts'
import { errorPage } from '../web/error-page.ts'
import { paths } from '../web/paths.ts'
import type { App } from './app-type.ts'
import { pageContext, pageOf, seeOther, sendPage } from './pages.ts'
import { isDatabaseBusy, problemOf, refusalOf, sendProblem } from './problem.ts'
import { isApi } from './session-tokens.ts'

type Options = {
  readonly log: { error(facts: Record<string, unknown>, message: string): void }
  readonly problemOrigin: string
}

/** Answers what went wrong: problem+json for machines (RFC 9457), a page for people. A bug is logged whole and told briefly (S-54). */
export function errorAnswers(app: App, options: Options): void {
  app.setErrorHandler(async (error, request, reply) => {
    const refusal = refusalOf(error)
    const message = isDatabaseBusy(error) ? 'the database did not answer' : refusal ? undefined : 'a bug'
    const facts = { request: request.id, route: request.routeOptions.url ?? 'none' }
    if (message !== undefined) options.log.error({ ...facts, error }, message)
    await answer(request, reply, refusal, options.problemOrigin)
  })
  app.setNotFoundHandler(async (request, reply) => {
    await answer(request, reply, new Refusal('not-found', 'There is nothing at this address'), options.problemOrigin)
  })
}

async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  refusal: Refusal | undefined,
  origin: string,
): Promise<void> {
  const problem = problemOf(refusal, request, origin)
  const wantsPage = !isApi(request) && (request.headers.accept ?? '').includes('text/html')
  // RFC 9110 §15.5.2: an answer that asks for credentials says which.
  if (problem.status === 401 && isApi(request)) void reply.header('www-authenticate', 'Bearer realm="osaamispassi"')
  if (!wantsPage) return await sendProblem(reply, problem, refusal?.details.retryAfter)
  if (refusal?.kind === 'not-signed-in') {
    await seeOther(reply, wayIn(request, refusal.code))
    return
  }
  const context = pageContext(request, reply)
  const t = messages(context.lang)
  const retryAfter = refusal?.details.retryAfter
  if (retryAfter !== undefined) void reply.header('retry-after', String(retryAfter))
  const words = refusal ? refusalSentence(t, refusal.kind, refusal.code) : undefined
  const { title, main } = errorPage({ t, status: problem.status, code: problem.code, words, requestId: request.id })
  await sendPage(reply, { context, status: problem.status, title, main })
}

/** The page that asks for what is missing, with the way back and, when somebody was in before, the word that this ended. */
function wayIn(request: FastifyRequest, code: string): string {
  const page = pageThatAsks(code)
  // A form is sent from a page that somebody signed in was looking at.
  const hasEnded = page === paths.signIn() && (request.method === 'POST' || request.session !== undefined)
  const behind = pageOf(request)
  const isWayBack = request.method === 'GET' || !(behind === '/' || behind.startsWith(paths.signIn()))
  const query = new URLSearchParams({
    ...(hasEnded && { paattyi: '1' }),
    ...(isWayBack && { next: behind }),
  }).toString()
  return query === '' ? page : `${page}?${query}`
}

function pageThatAsks(code: string): string {
  if (code === 'second-factor') return paths.secondFactor()
  if (code === 'enrolment') return paths.enrolSecondFactor()
  return code === 'password-again' ? paths.signInAgain() : paths.signIn()
}
