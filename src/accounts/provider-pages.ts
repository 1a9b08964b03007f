import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Config } from '../config.ts'
import type { FeatureDeps } from '../features.ts'
import type { App } from '../http/app-type.ts'
import { ownPath, seeOther } from '../http/pages.ts'
import { Refusal } from '../refusal.ts'
import { paths } from '../web/paths.ts'
import type { Entrance } from './entrance.ts'
import { Kept, type Provider } from './oidc.ts'
import { signInBySubject } from './subject-sign-in.ts'

const Next = z.object({ next: z.string().max(500).default('/') })
const backPath = '/kirjaudu/organisaatio/paluu'
const minutes = 10

/** Where the provider sends people back to; told to the provider when the service is registered there. */
export function providerBack({ pagesOrigin }: Pick<Config, 'pagesOrigin'>): string {
  return `${pagesOrigin}${backPath}`
}

/** Sign-in by the organisation's own provider. It begins by a link, because `form-action` stops a form that leads away (S-41, S-43). */
export function providerPages(app: App, deps: FeatureDeps, entrance: Entrance, provider: Provider): void {
  const secure = deps.config.pagesOrigin.startsWith('https:')
  const cookieName = secure ? '__Host-op_oidc' : 'op_oidc'
  const options = { path: '/', httpOnly: true, sameSite: 'lax', secure } as const

  app.get(
    '/kirjaudu/organisaatio',
    { schema: { querystring: Next }, config: { permit: 'public' } },
    async (request, reply) => {
      const { url, kept } = await provider.begin(ownPath(request.query.next))
      const value = Buffer.from(JSON.stringify(kept)).toString('base64url')
      void reply.setCookie(cookieName, value, { ...options, maxAge: minutes * 60 })
      return await reply.code(303).header('location', url.href).header('cache-control', 'no-store').send()
    },
  )

  app.get(backPath, { config: { permit: 'public' } }, async (request, reply) => {
    const kept = readKept(request.cookies[cookieName])
    // Used once, whatever comes of it.
    void reply.clearCookie(cookieName, options)
    if (!kept) return await failed(reply)
    try {
      const proven = await provider.finish(cameBackTo(request, deps.config), kept)
      const origin = entrance.originOf(request, reply)
      const session = await signInBySubject(deps, proven, origin, deps.config.oidcOrganisations)
      return await entrance.enter(reply, session, kept.next)
    } catch (error) {
      if (error instanceof Refusal && error.kind === 'not-signed-in') return await failed(reply)
      throw error
    }
  })
}

/** Our own origin, never what the request says of itself. */
function cameBackTo(request: FastifyRequest, config: Config): URL {
  const back = new URL(backPath, config.pagesOrigin)
  back.search = new URL(request.url, 'http://own.invalid').search
  return back
}

function readKept(cookie: string | undefined): Kept | undefined {
  if (cookie === undefined) return undefined
  try {
    return Kept.safeParse(JSON.parse(Buffer.from(cookie, 'base64url').toString('utf8'))).data
  } catch {
    // Not what we gave: the same as none.
    return undefined
  }
}

/** The same for every reason: the sign-in page says that it did not succeed. */
async function failed(reply: FastifyReply): Promise<FastifyReply> {
  return await seeOther(reply, `${paths.signIn()}?virhe=1`)
}
