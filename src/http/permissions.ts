import type { FastifyInstance } from 'fastify'

export type Role = 'client' | 'coach' | 'coordinator' | 'foundation_lead' | 'admin' | 'school'

/** Who may do what (S-12). Rows about one object — own client, own foundation — are the rules' business; this is the door. */
export const permissions = {
  'qualification:read': ['client', 'coach', 'coordinator', 'foundation_lead', 'admin', 'school'],
  'qualification:import': ['admin'],
  'module:read': ['client', 'coach', 'coordinator', 'foundation_lead', 'admin', 'school'],
  'client:read': ['coach', 'coordinator'],
  'client:create': ['coordinator'],
  'code:hand-out': ['coach', 'coordinator'],
  'card:hand-out': ['coach', 'coordinator'],
  'hand-out:read': ['client'],
  'account:own': ['coach', 'coordinator', 'foundation_lead', 'admin', 'school'],
  'device:own': ['coach'],
  'observation:create': ['coach'],
  'observation:read': ['client', 'coach', 'coordinator'],
  'observation:undo': ['coach'],
  'self-assessment:create': ['client'],
  'passport:read': ['client'],
  'application:create': ['client'],
  'application:answer': ['client'],
  'application:propose': ['coach'],
  'application:read': ['client', 'coach', 'coordinator', 'foundation_lead'],
  'application:decide': ['coordinator'],
  'award:read': ['client', 'coach', 'coordinator', 'foundation_lead', 'school'],
  'award:answer': ['client'],
  'award:revoke': ['coordinator'],
  'endorsement:read': ['school'],
  'endorsement:create': ['school'],
  'api-key:read': ['admin', 'foundation_lead'],
  'api-key:write': ['admin'],
  'audit:read': ['coach', 'coordinator', 'foundation_lead', 'admin'],
  'rights:ask': ['client'],
  'rights:carry-out': ['coordinator'],
} as const satisfies Record<string, readonly Role[]>

export type Permission = keyof typeof permissions

/**
 * What every route says of itself: a permission; `signed-in` for anybody with a session; `anyone` for a page that greets whoever is signed
 * in; `public` for what is the same for all and looks up no session.
 */
export type Permit = Permission | 'signed-in' | 'anyone' | 'public'

declare module 'fastify' {
  interface FastifyContextConfig {
    permit?: Permit
  }
}

/** Does one of the roles carry the permission? */
export function isPermitted(roles: readonly Role[], permission: Permission): boolean {
  const allowed: readonly Role[] = permissions[permission]
  return roles.some((role) => allowed.includes(role))
}

/** Stops the start when a route does not name its permission (STYLE, Routes). */
export function everyRouteNamesItsPermit(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    if (route.config?.permit === undefined) {
      throw new Error(`${String(route.method)} ${route.url} does not say who may use it (config.permit)`)
    }
  })
}
