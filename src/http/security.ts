import csrf from '@fastify/csrf-protection'
import helmet from '@fastify/helmet'
import type { FastifyRequest } from 'fastify'
import { Refusal } from '../refusal.ts'
import type { App } from './app-type.ts'
import { isApi } from './session-tokens.ts'

type Options = { readonly pagesOrigin: string; readonly secure: boolean }

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A document that strangers fetch: readable from any origin (CONFORMANCE 1.5), no cookie looked at. */
    openToAll?: boolean
  }
}

const ownOrigin = ["'self'"]
const year = 31_536_000
/** `Strict-Transport-Security` for one year. */
export const hsts = `max-age=${year}; includeSubDomains`

/** Headers on every answer (S-41). Before any hook that may refuse, so that refusals carry them too. */
export async function securityHeaders(app: App, options: Pick<Options, 'secure'>): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ownOrigin,
        imgSrc: ownOrigin,
        scriptSrc: ownOrigin,
        connectSrc: ownOrigin,
        formAction: ownOrigin,
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        manifestSrc: ownOrigin,
      },
    },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    // Forms would send `Origin: null` under no-referrer; share links set that for themselves.
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: options.secure ? { maxAge: year } : false,
    xFrameOptions: { action: 'deny' },
  })
  app.addHook('onSend', async (request, reply) => {
    if (!request.routeOptions.config.openToAll) return
    void reply.header('access-control-allow-origin', '*').header('cross-origin-resource-policy', 'cross-origin')
  })
  // What the API answers is of one person's work: kept by nobody on the way, unless a route says so.
  app.addHook('onSend', async (request, reply) => {
    if (isApi(request) && !reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store')
  })
}

/** The door for what changes state from a browser (S-42). After the cookies. */
export async function formSecurity(app: App, options: Options): Promise<void> {
  await app.register(csrf, {
    cookieKey: options.secure ? '__Host-op_csrf' : 'op_csrf',
    cookieOpts: { path: '/', httpOnly: true, sameSite: 'lax', secure: options.secure },
    getToken: formToken,
  })
  // Before validation, which keeps only what the route's schema names.
  app.addHook('preValidation', (request, reply, done) => {
    if (isSafe(request.method) || isApi(request)) return done()
    try {
      refuseOtherSites(request, options.pagesOrigin)
    } catch (refusal) {
      return done(refusal instanceof Error ? refusal : undefined)
    }
    app.csrfProtection(request, reply, done)
  })
}

function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
}

/** S-42: a matching Sec-Fetch-Site or, failing that, Origin. */
function refuseOtherSites(request: FastifyRequest, pagesOrigin: string): void {
  const site = request.headers['sec-fetch-site']
  const matches = site === undefined ? request.headers.origin === pagesOrigin : site === 'same-origin'
  if (matches) return
  throw new Refusal('forbidden', 'The form came from another site. Open the page here and send it from there', {
    code: 'csrf',
  })
}

function formToken(request: FastifyRequest): string | undefined {
  const { body } = request
  if (typeof body !== 'object' || body === null || !('_csrf' in body)) return undefined
  const given: unknown = body._csrf
  if (typeof given === 'string') return given
  // A multipart field is an object with its value.
  return typeof given === 'object' && given !== null && 'value' in given && typeof given.value === 'string'
    ? given.value
    : undefined
}
