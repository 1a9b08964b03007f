import csrf from '@fastify/csrf-protection'
import helmet from '@fastify/helmet'
import fastify, { type FastifyRequest } from 'fastify'
import { Refusal } from '../refusal.ts'
import type { App } from './app-type.ts'
import { refusalOf } from './readable.ts'
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

/**
 * `Content-Security-Policy` of a picture or file that a browser may open by itself, above all an SVG: nothing in it runs, loads or is sent,
 * and it has no origin (S-44).
 */
export const sandbox = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"

/** Headers on every answer (S-41). Before any hook that may refuse, so that refusals carry them too. */
export async function securityHeaders(app: App, options: Pick<Options, 'secure'>): Promise<void> {
  const headers = await headersByHelmet(options)
  app.addHook('onRequest', (_request, reply, done) => {
    void reply.headers(headers)
    done()
  })
  app.addHook('onSend', (request, reply, _payload, done) => {
    if (request.routeOptions.config.openToAll)
      void reply.header('access-control-allow-origin', '*').header('cross-origin-resource-policy', 'cross-origin')
    done()
  })
  // What the API answers is of one person's work: kept by nobody on the way, unless a route says so.
  app.addHook('onSend', (request, reply, _payload, done) => {
    if (isApi(request) && !reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store')
    done()
  })
}

/** What helmet puts on an answer. The same on all of ours, so it is asked once: working them out costs as much as a small answer. */
async function headersByHelmet(options: Pick<Options, 'secure'>): Promise<Readonly<Record<string, string>>> {
  const sample = fastify()
  const plain = Object.keys((await sample.inject('/')).headers)
  await sample.close()
  const app = fastify()
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
    // For browsers and plugins that are gone. Each header costs every answer.
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  })
  const { headers } = await app.inject('/')
  await app.close()
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (plain.includes(name) ? [] : [[name, String(value)]])),
  )
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
    const refusal = refusalOf(() => refuseOtherSites(request, options.pagesOrigin))
    if (refusal) return done(refusal)
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
