import cookie from '@fastify/cookie'
import jwt from '@fastify/jwt'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Refusal } from '../refusal.ts'
import type { Actor } from './actor.ts'
import type { App } from './app-type.ts'
import { isPermitted } from './permissions.ts'

/** A session's name as a token carries it: the tenant, so that no directory is needed, and the id of the session's row. */
export type SessionRef = { readonly tenant: string; readonly sessionId: string }

type Options = {
  readonly secret: string
  readonly issuer: string
  /** Off only on http loopback (DESIGN, Origins). */
  readonly secureCookies: boolean
  readonly now: () => Date
  /** The live session's actor, or undefined when it ended: asked at each request (S-14). */
  readonly findActor: (session: SessionRef) => Promise<Actor | undefined>
}

const Claims = z.object({ sub: z.uuid(), ten: z.string().regex(/^[0-9a-z]{4}$/), aud: z.enum(['pages', 'api']) })

/** Longest life of a bearer token, seconds (S-13). */
export const bearerSeconds = 900

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * The route's rule reads the session's row itself, in its own statement, and refuses an ended session and a role without the permit
     * (DESIGN, The award path 4). The token alone is looked at here.
     */
    sessionByRule?: true
  }
  interface FastifyRequest {
    session: SessionRef | undefined
  }
  interface FastifyInstance {
    sessions: {
      /** Starts a page session: sets the cookie. `endsAt` is the session's own end. */
      setCookie(reply: FastifyReply, session: SessionRef, endsAt: Date, keep: boolean): void
      clearCookie(reply: FastifyReply): void
      bearerToken(session: SessionRef): string
    }
  }
}

/**
 * Reads who asks. Pages carry the session in a cookie, the API in `Authorization: Bearer`; a token made for one does not open the other
 * (S-13). A JWT alone cannot be ended, so the session's row is asked every time (S-14).
 */
export async function sessionTokens(app: App, options: Options): Promise<void> {
  const cookieName = options.secureCookies ? '__Host-op_session' : 'op_session'
  const cookieOptions = { path: '/', httpOnly: true, sameSite: 'lax', secure: options.secureCookies } as const
  const type = 'op-session+jwt'
  await app.register(cookie)
  await app.register(jwt, {
    secret: options.secret,
    sign: { algorithm: 'HS256', iss: options.issuer, header: { typ: type, alg: 'HS256' } },
    verify: {
      algorithms: ['HS256'],
      allowedIss: options.issuer,
      checkTyp: type,
      requiredClaims: ['iss', 'aud', 'exp', 'sub', 'iat'],
    },
  })

  const token = (session: SessionRef, audience: 'pages' | 'api', seconds: number): string =>
    app.jwt.sign({ sub: session.sessionId, ten: session.tenant, aud: audience }, { expiresIn: seconds * 1000 })

  app.decorate('sessions', {
    setCookie(reply: FastifyReply, session: SessionRef, endsAt: Date, keep: boolean) {
      const seconds = Math.max(1, Math.floor((endsAt.getTime() - options.now().getTime()) / 1000))
      const kept = keep ? { expires: endsAt } : {}
      void reply.setCookie(cookieName, token(session, 'pages', seconds), { ...cookieOptions, ...kept })
    },
    clearCookie: (reply: FastifyReply) => void reply.clearCookie(cookieName, cookieOptions),
    bearerToken: (session: SessionRef) => token(session, 'api', bearerSeconds),
  })
  app.decorateRequest('actor', undefined)
  app.decorateRequest('session', undefined)

  function readToken(request: FastifyRequest): SessionRef | undefined {
    const audience = isApi(request) ? 'api' : 'pages'
    const given =
      audience === 'api'
        ? /^Bearer ([\w.~+/-]+=*)$/i.exec(request.headers.authorization ?? '')?.[1]
        : request.cookies[cookieName]
    if (!given) return undefined
    try {
      const claims = Claims.parse(app.jwt.verify(given))
      return claims.aud === audience ? { tenant: claims.ten, sessionId: claims.sub } : undefined
    } catch {
      // An unreadable, foreign or expired token is the same as none: the caller says so in words.
      return undefined
    }
  }

  app.addHook('onRequest', async (request) => {
    const permit = request.routeOptions.config.permit
    if (permit === undefined || permit === 'public') return
    const session = readToken(request)
    request.session = session
    if (request.routeOptions.config.sessionByRule) {
      if (!session) throw new Refusal('not-signed-in', 'Sign in first')
      return
    }
    request.actor = session && (await options.findActor(session))
    if (permit === 'anyone') return
    if (!request.actor) throw new Refusal('not-signed-in', 'Sign in first')
    if (permit === 'signed-in') return
    if (!isPermitted(request.actor.roles, permit)) {
      throw new Refusal('forbidden', 'Your role does not allow this')
    }
  })
}

/** The session that the request's token names; its row has not been asked. Refuses when there is none. */
export function sessionOf(request: FastifyRequest): SessionRef {
  if (!request.session) throw new Refusal('not-signed-in', 'Sign in first')
  return request.session
}

/** Machines speak under `/api/`; everything else is for people's browsers. */
export function isApi(request: FastifyRequest): boolean {
  // By the route where there is one: the same address can be written in several ways (`/%61pi/`, with its host before it).
  return (request.routeOptions.url ?? request.url).startsWith('/api/')
}
