import type { FastifyInstance } from 'fastify'
import type { Permission } from '../matrix/matrix.ts'
import { cellOf, rows } from '../matrix/rows.ts'
import { type FieldGroup, type Role, roles } from '../matrix/words.ts'
import { groupsInSchema } from './field-groups.ts'

export type { Permission } from '../matrix/matrix.ts'
export type { Role } from '../matrix/words.ts'

/**
 * What every route says of itself: a permission, which is a row of the matrix (`matrix/matrix.ts`: a new permission is a new row there);
 * `signed-in` for anybody with a session; `anyone` for a page that greets whoever is signed in; `public` for what is the same for all and
 * looks up no session.
 */
export type Permit = Permission | 'signed-in' | 'anyone' | 'public'

declare module 'fastify' {
  interface FastifyContextConfig {
    permit?: Permit
    /** Which groups of a person's fields the answer may hold (S-12). The row of the permit has to carry them. */
    fields?: readonly FieldGroup[]
    /** Of a route that is open to all: the row by which strangers see what it shows. */
    shows?: Permission
  }
}

/** The door (S-12): who may ask at all. Rows about one object — own client, own foundation — are the rules' business. */
export function rolesOf(permission: Permission): readonly Role[] {
  return roles.filter((role) => cellOf(permission, role) !== undefined)
}

/** Does one of the roles carry the permission? */
export function isPermitted(held: readonly Role[], permission: Permission): boolean {
  return held.some((role) => cellOf(permission, role) !== undefined)
}

/** Does this permit name a row of the matrix? */
export function isPermission(permit: string): permit is Permission {
  return rows.has(permit)
}

const withoutRow: readonly string[] = ['signed-in', 'anyone', 'public'] satisfies readonly Permit[]

/**
 * Stops the start when a route does not name its permit, when the permit is no row of the matrix, or when its answer holds fields of a person
 * that it does not name or that its row does not carry (S-12; STYLE, Routes).
 */
export function everyRouteIsInTheMatrix(app: FastifyInstance): void {
  app.addHook('onRoute', ({ method, url, config, schema }) => {
    const name = `${String(method)} ${url}`
    const permit: string | undefined = config?.permit
    if (permit === undefined) throw new Error(`${name} does not say who may use it (config.permit)`)
    if (!rows.has(permit) && !withoutRow.includes(permit)) throw new Error(`${name}: ${permit} is no row of the matrix`)
    const row = rows.get(config?.shows ?? permit)
    if (config?.shows !== undefined && (rows.has(permit) || row?.anonymous === undefined))
      throw new Error(`${name}: ${config.shows} opens nothing to strangers`)
    const named = config?.fields ?? []
    for (const group of groupsInSchema(schema?.response))
      if (!named.includes(group)) throw new Error(`${name} answers ${group} and does not say so (config.fields)`)
    for (const group of named)
      if (row?.carries?.includes(group) !== true) throw new Error(`${name}: ${permit} does not carry ${group}`)
  })
}
