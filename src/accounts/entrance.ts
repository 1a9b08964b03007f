import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FeatureDeps } from '../features.ts'
import type { App } from '../http/app-type.ts'
import { ownPath, seeOther } from '../http/pages.ts'
import { messages, refusalSentence } from '../i18n/index.ts'
import { Refusal } from '../refusal.ts'
import { paths } from '../web/paths.ts'
import { newBrowserMark, type Origin, type SignedIn } from './sign-in.ts'

const year = 31_536_000

/** What every way in by page shares: the browser's marks, the cookie, and where it leads. */
export type Entrance = {
  /** Where the request comes from; makes the browser's own mark at its first sign-in (S-15). */
  originOf(request: FastifyRequest, reply: FastifyReply): Origin
  /** Sets the session's cookie and leads on: first to what is still wanted. */
  enter(reply: FastifyReply, session: SignedIn, next: string): Promise<FastifyReply>
  /** Only the cookie, where the answer is a page of its own. */
  setCookie(reply: FastifyReply, session: SignedIn): void
  /** The browser is a coach's own device from now on. */
  rememberDevice(reply: FastifyReply, mark: string): void
}

export function createEntrance(app: App, deps: Pick<FeatureDeps, 'config'>): Entrance {
  const secure = deps.config.pagesOrigin.startsWith('https:')
  const options = { path: '/', httpOnly: true, sameSite: 'lax', secure, maxAge: year } as const
  const deviceCookie = secure ? '__Host-op_device' : 'op_device'

  /** Random, kept for a year: tells that a client's act came from a staff member's browser. */
  function browserOf(request: FastifyRequest, reply: FastifyReply): string {
    const known = request.cookies['op_browser']
    const mark = known !== undefined && /^[\w-]{22}$/.test(known) ? known : newBrowserMark()
    void reply.setCookie('op_browser', mark, options)
    return mark
  }

  const setCookie = (reply: FastifyReply, session: SignedIn): void =>
    app.sessions.setCookie(reply, session, session.endsAt, session.isKept === true)

  return {
    originOf: (request, reply) => ({
      address: request.ip,
      browser: browserOf(request, reply),
      device: request.cookies[deviceCookie],
    }),
    enter: async (reply, session, next) => {
      setCookie(reply, session)
      return await seeOther(reply, wayFrom(session, next))
    },
    setCookie,
    rememberDevice: (reply, mark) => void reply.setCookie(deviceCookie, mark, options),
  }
}

function wayFrom({ wants }: SignedIn, next: string): string {
  if (wants === undefined) return ownPath(next)
  const page = wants === 'enrolment' ? paths.enrolSecondFactor() : paths.secondFactor()
  return `${page}?next=${encodeURIComponent(ownPath(next))}`
}

/** A rule's no as the form's status and the sentence beside its field. Throws what is no refusal. */
export function refusedSignIn(
  error: unknown,
  request: FastifyRequest,
): { readonly status: number; readonly message: string; readonly field: string | undefined } {
  if (!(error instanceof Refusal)) throw error
  const t = messages(request.language)
  const field = error.details.fields?.[0]?.pointer.slice(1)
  if (error.kind === 'too-many')
    return { status: 429, message: t.signIn.wait({ seconds: error.details.retryAfter ?? 60 }), field }
  const known: Readonly<Record<string, string>> = {
    'wrong-code': t.signIn.codeWrong,
    'wrong-name-or-password': t.signIn.wrong,
    'wrong-card': t.account.cardWrong,
    'wrong-factor': t.account.factorWrong,
    'wrong-password': t.account.passwordWrong,
  }
  return { status: 422, message: known[error.code] ?? refusalSentence(t, error.kind, error.code), field }
}
