import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Language, Messages } from '../i18n/index.ts'
import { messages, pickLanguage } from '../i18n/index.ts'
import { type Html, renderPage } from '../web/html.ts'
import { type PageProps, page, type Viewer } from '../web/layout.ts'
import type { Actor } from './actor.ts'
import type { App } from './app-type.ts'
import { isPermitted, type Role } from './permissions.ts'
import { isApi } from './session-tokens.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Language of the answer's words (PRODUCT §3): `?lang`, cookie, Accept-Language, Finnish. */
    language: Language
  }
}

const languageCookie = 'op_lang'
const year = 31_536_000

/** Finds each request's language; a page asked with `?lang` remembers it. */
export function pageLanguage(app: App, options: { readonly secureCookies: boolean }): void {
  app.decorateRequest('language', 'fi')
  app.addHook('onRequest', (request, reply, done) => {
    const query = isRecord(request.query) ? request.query['lang'] : undefined
    request.language = pickLanguage({
      query,
      cookie: request.cookies[languageCookie],
      acceptLanguage: request.headers['accept-language'],
    })
    if (query === request.language && !isApi(request) && request.method === 'GET') {
      void reply.setCookie(languageCookie, request.language, {
        path: '/',
        sameSite: 'lax',
        httpOnly: true,
        secure: options.secureCookies,
        maxAge: year,
      })
    }
    done()
  })
}

/** What every page needs of its request. `csrf` is the token that each of its forms carries. */
export type PageContext = {
  readonly t: Messages
  readonly lang: Language
  readonly path: string
  readonly csrf: string
  readonly viewer: Viewer
}

export function pageContext(request: FastifyRequest, reply: FastifyReply): PageContext {
  const csrf = reply.generateCsrf()
  return {
    t: messages(request.language),
    lang: request.language,
    path: pageOf(request),
    csrf,
    viewer: request.actor && viewerOf(request.actor, csrf),
  }
}

/**
 * The page that an address belongs to: itself; after a form the page at the same address, or the nearest one above it; else the front page.
 */
export function pageOf({ method, url, routeOptions, server }: FastifyRequest): string {
  if (method === 'GET') return ownPath(url)
  const [pattern, address] = [routeOptions.url ?? '', url.split('?')[0] ?? ''].map((path) => path.split('/'))
  for (let length = pattern?.length ?? 0; length > 1; length -= 1) {
    const page = pattern?.slice(0, length).join('/') ?? ''
    if (server.hasRoute({ method: 'GET', url: page })) return ownPath(address?.slice(0, length).join('/') ?? '/')
  }
  return '/'
}

const rank: readonly Role[] = ['coordinator', 'foundation_lead', 'coach', 'school', 'admin', 'client']

function viewerOf(actor: Actor, csrf: string): Viewer {
  // Somebody who has only given a password so far is not in.
  if (actor.kind === 'staff' && actor.wants !== undefined && actor.wants !== 'password') return undefined
  const role = rank.find((one) => actor.roles.includes(one)) ?? 'client'
  const sharedUntil = actor.kind === 'client' ? actor.idleAt : undefined
  const administers = isPermitted(actor.roles, 'administration:read')
  return { name: actor.name, role, csrf, administers, ...(sharedUntil && { sharedUntil }) }
}

type PageParts = Omit<PageProps, 't' | 'lang' | 'path' | 'viewer'> & {
  readonly context: PageContext
  readonly status?: number
}

/** Sends a whole page: 200, or 422 when it carries errors, or the given status. Signed-in pages are never stored (S-14). */
export async function sendPage(reply: FastifyReply, parts: PageParts): Promise<FastifyReply> {
  const { context, status, ...props } = parts
  const { t, lang, path, viewer } = context
  return await sendHtml(reply, page({ ...props, t, lang, path, viewer }), {
    status: status ?? ((props.errors?.length ?? 0) > 0 ? 422 : 200),
    // Also without a viewer: every page with a form carries a token of its own.
    stored: false,
    lang,
  })
}

async function sendHtml(
  reply: FastifyReply,
  html: Html,
  { status, stored, lang }: { readonly status: number; readonly stored: boolean; readonly lang: Language },
): Promise<FastifyReply> {
  return await reply
    .code(status)
    .header('content-type', 'text/html; charset=utf-8')
    .header('content-language', lang)
    .header('cache-control', stored ? 'no-cache' : 'no-store')
    .header('vary', 'cookie, accept-language')
    .send(renderPage(html))
}

/** After a form: the person's browser asks for the next page by GET. Only paths of our own (S-43). */
export async function seeOther(reply: FastifyReply, path: string): Promise<FastifyReply> {
  return await reply.code(303).header('location', ownPath(path)).header('cache-control', 'no-store').send()
}

/** A path on the own origin, checked after parsing; anything else becomes the front page (S-43). */
export function ownPath(path: string): string {
  const base = 'http://own.invalid'
  if (!path.startsWith('/') || !URL.canParse(path, base)) return '/'
  const url = new URL(path, base)
  return url.origin === base && !url.pathname.startsWith('//') ? `${url.pathname}${url.search}` : '/'
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
