import type { Permission } from './permissions.ts'

/** What a program's key or access token may be made for (PRODUCT §7, Auth). */
export const scopes = [
  'modules:read',
  'observations:read',
  'observations:write',
  'applications:read',
  'applications:write',
  'awards:read',
] as const
export type Scope = (typeof scopes)[number]

/**
 * The integrator's column of the matrix (S-12): the permissions that a program can have by its own credentials, each by one scope. What is
 * not here is closed to programs: above all deciding and revoking, because software proposes and people decide (DESIGN, The award path 1, 2).
 */
const scopeOf: Readonly<Partial<Record<Permission, Scope>>> = {
  'qualification:read': 'modules:read',
  'module:read': 'modules:read',
  'observation:create': 'observations:write',
  'observation:read': 'observations:read',
  'application:propose': 'applications:write',
  'application:read': 'applications:read',
  'award:read': 'awards:read',
}

/** The scope that opens the permission to a program; undefined: none does. */
export function scopeFor(permission: Permission): Scope | undefined {
  return scopeOf[permission]
}
