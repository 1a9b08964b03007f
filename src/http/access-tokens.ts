import { hkdfSync } from 'node:crypto'
import { z } from 'zod'
import type { App } from './app-type.ts'
import { type Scope, scopes } from './scopes.ts'

/** What an access token says: which key it came from, of which tenant, and what for. */
export type AccessGrant = { readonly tenant: string; readonly keyId: string; readonly scopes: readonly Scope[] }

type Options = { readonly secret: string; readonly origin: string; readonly now: () => Date }

/** Life of a program's access token, seconds (S-13). */
export const accessSeconds = 900

/** RFC 9068 §2: what an access token holds. A scope that the service no longer knows gives nothing. */
const Claims = z.object({
  sub: z.uuid(),
  ten: z.string().regex(/^[0-9a-z]{4}$/),
  scope: z.string().max(500),
})

declare module 'fastify' {
  interface FastifyInstance {
    accessTokens: {
      sign(grant: AccessGrant): string
      /** Undefined for anything that is no live access token of ours. */
      read(token: string): AccessGrant | undefined
    }
  }
}

/**
 * Access tokens of programs (OAuth 2.0 client credentials, S-13). Of their own purpose: another key than the sessions' tokens, drawn from the
 * same secret, another `typ`, another `aud`; so neither passes for the other. After `sessionTokens`, whose library it uses.
 */
export function accessTokens(app: App, { secret, origin, now }: Options): void {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'osaamispassi access token', 32))
  const audience = `${origin}/api/v1`
  const type = 'at+jwt'
  app.decorate('accessTokens', {
    sign: ({ tenant, keyId, scopes: granted }: AccessGrant) =>
      app.jwt.sign(
        { sub: keyId, client_id: keyId, ten: tenant, scope: granted.join(' ') },
        {
          key,
          algorithm: 'HS256',
          iss: origin,
          aud: audience,
          header: { alg: 'HS256', typ: type },
          // A number is seconds to this library.
          expiresIn: accessSeconds,
          clockTimestamp: now().getTime(),
        },
      ),
    read: (token: string) => {
      try {
        const claims = Claims.parse(
          app.jwt.verify(token, {
            key,
            algorithms: ['HS256'],
            allowedIss: origin,
            allowedAud: audience,
            checkTyp: type,
            requiredClaims: ['iss', 'aud', 'exp', 'sub', 'iat'],
            clockTimestamp: now().getTime(),
          }),
        )
        const granted = scopes.filter((scope) => claims.scope.split(' ').includes(scope))
        return { tenant: claims.ten, keyId: claims.sub, scopes: granted }
      } catch {
        // Unreadable, foreign, of another purpose or expired: the same as none.
        return undefined
      }
    },
  })
}
