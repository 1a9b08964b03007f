import type { Permission } from '../matrix/matrix.ts'
import { rowOf } from '../matrix/rows.ts'
import type { Scope } from '../matrix/words.ts'

export { type Scope, scopes } from '../matrix/words.ts'

/**
 * The scope that opens the permission to a program: the integrator's column of the matrix (S-12). Undefined: none does; above all deciding
 * and revoking are closed to programs, because software proposes and people decide (DESIGN, The award path 1, 2).
 */
export function scopeFor(permission: Permission): Scope | undefined {
  return rowOf(permission).integrator
}
