import cookie from '@fastify/cookie'
import jwt from '@fastify/jwt'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Refusal } from '../refusal.ts'
import type { AccessGrant } from './access-tokens.ts'
import { type Actor, type MachineActor, refusalOfWants, type Wants } from './actor.ts'
import type { App } from './app-type.ts'
import { isPermitted, type Permit } from './permissions.ts'
import { scopeFor } from './scopes.ts'

/** A session's name as a token carries it: the tenant, so that no directory is needed, and the id of the session's row. */
export type SessionRef = {
  readonly tenant: string
  readonly sessionId: string
  /** The network address of this request, for the audit (S-53). */
  readonly address?: string
}

type Options = {
  readonly secret: string
  readonly issuer: string
  /** Off only on http loopback (DESIGN, Origins). */
  readonly secureCookies: boolean
  readonly now: () => Date
  /** The live session's actor, or undefined when it ended: asked at each request (S-14). */
  readonly findActor: (session: SessionRef) => Promise<Actor | undefined>
  /** The program whose live key this is, or whose access token was made from it. Asked at each request, so that revoking holds at once. */
  readonly findMachine: (proof: { readonly key: string } | AccessGrant) => Promise<MachineActor | undefined>
  /** Told who asks, or that nobody does, before that is judged: refuses who asks too often (S-60). */
  readonly counted: (request: FastifyRequest) => Promise<void>
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
    /** Open also to a session that still wants one of these; every other route waits for it (S-14, S-17). */
    opensTo?: readonly Wants[]
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
      // The same token comes with every request of a session; its end is looked at each time all the same.
      cache: 1000,
    },
  })

  const token = (session: SessionRef, audience: 'pages' | 'api', seconds: number): string =>
    // A number is seconds to this library.
    app.jwt.sign({ sub: session.sessionId, ten: session.tenant, aud: audience }, { expiresIn: seconds })

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
  app.decorateRequest('machine', undefined)
  app.decorateRequest('session', undefined)

  function readToken(request: FastifyRequest): SessionRef | undefined {
    const audience = isApi(request) ? 'api' : 'pages'
    const given = audience === 'api' ? bearerOf(request) : request.cookies[cookieName]
    if (!given) return undefined
    try {
      const claims = Claims.parse(app.jwt.verify(given))
      return claims.aud === audience ? { tenant: claims.ten, sessionId: claims.sub, address: request.ip } : undefined
    } catch {
      // An unreadable, foreign or expired token is the same as none: the caller says so in words.
      return undefined
    }
  }

  async function readMachine(request: FastifyRequest): Promise<MachineActor | undefined> {
    const given = isApi(request) ? bearerOf(request) : undefined
    if (given === undefined) return undefined
    const proof = given.startsWith('op_') ? { key: given } : app.accessTokens.read(given)
    return proof && (await options.findMachine(proof))
  }

  app.addHook('onRequest', (request, _reply, done) => {
    const { permit } = request.routeOptions.config
    if (permit === undefined || permit === 'public') return done()
    void tell(letIn(request, permit), done)
  })

  async function letIn(request: FastifyRequest, permit: Exclude<Permit, 'public'>): Promise<void> {
    const { sessionByRule = false } = request.routeOptions.config
    request.session = readToken(request)
    if (!request.session) request.machine = await readMachine(request)
    else if (!sessionByRule) request.actor = await options.findActor(request.session)
    if (request.actor) request.actor = { ...request.actor, address: request.ip }
    if (request.machine) request.machine = { ...request.machine, address: request.ip }
    await options.counted(request)
    if (request.machine) return refuseMachine(request.machine, permit)
    if (asksWhatIsWanted(request, permit)) return
    if (permit === 'anyone' || (sessionByRule && request.session)) return
    if (!request.actor) throw new Refusal('not-signed-in', 'Sign in first')
    if (permit === 'signed-in') return
    if (!isPermitted(request.actor.roles, permit)) {
      throw new Refusal('forbidden', 'Your role does not allow this')
    }
  }
}

/** Calls back when the work has ended, with its error when it failed. */
export async function tell(work: Promise<void>, done: (error?: Error) => void): Promise<void> {
  let failure: Error | undefined
  try {
    await work
  } catch (error) {
    failure = error instanceof Error ? error : new Error('a hook threw what is no error', { cause: error })
  }
  done(failure)
}

/** A program may do what its scopes open, and nothing that the matrix keeps for people (S-12, S-13). */
function refuseMachine(machine: MachineActor, permit: Permit): void {
  const needed = permit === 'signed-in' || permit === 'anyone' || permit === 'public' ? undefined : scopeFor(permit)
  if (needed === undefined)
    throw new Refusal('forbidden', 'Programs may not do this: a person has to', { code: 'person-needed' })
  if (machine.scopes.includes(needed)) return
  throw new Refusal('forbidden', `This key does not have the scope ${needed}`, {
    code: 'scope',
    facts: { scope: needed },
  })
}

/**
 * A session that still wants something opens the routes that ask for it, and nothing else (S-14, S-17). True on such a route: the role does
 * not count there. A page that greets anybody greets nobody who has only given a password.
 */
function asksWhatIsWanted(request: FastifyRequest, permit: Permit): boolean {
  const wants = request.actor?.kind === 'staff' ? request.actor.wants : undefined
  if (wants === undefined) return false
  const isOpen = request.routeOptions.config.opensTo?.includes(wants) ?? false
  if (!isOpen && permit !== 'anyone') throw refusalOfWants(wants)
  if (wants === 'password') return false
  if (!isOpen) request.actor = undefined
  return isOpen
}

function bearerOf(request: FastifyRequest): string | undefined {
  return /^Bearer ([\w.~+/-]+=*)$/i.exec(request.headers.authorization ?? '')?.[1]
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
