import { matrix, type Permission } from './matrix.ts'
import type { Cell, Condition, Reach, Role, Row } from './words.ts'

/** Every row of the matrix by its name. */
export const rows: ReadonlyMap<string, Row> = new Map(
  Object.entries(matrix).flatMap(([object, actions]) =>
    Object.entries<Row>(actions).map(([action, row]) => [`${object}:${action}`, row] as const),
  ),
)

/** The row of a permission. */
export function rowOf(permission: Permission): Row {
  const row = rows.get(permission)
  if (!row) throw new Error(`the matrix has no row ${permission}`)
  return row
}

/** The matrix' word for one role; undefined: it may not. */
export function cellOf(permission: Permission, role: Role | 'anonymous'): Cell | undefined {
  return rowOf(permission)[role]
}

export function reachIn(cell: Cell): Reach {
  return typeof cell === 'string' ? cell : cell.reach
}

export function conditionOf(cell: Cell): Condition | undefined {
  return typeof cell === 'string' ? undefined : cell.when
}

const width: readonly Reach[] = ['published', 'shared', 'own', 'current', 'foundation']

/** How far the widest of the roles reaches, conditions aside; undefined: none of them may. */
export function widestReach(held: readonly Role[], permission: Permission): Reach | undefined {
  const reaches = held.flatMap((role) => {
    const cell = cellOf(permission, role)
    return cell === undefined ? [] : [reachIn(cell)]
  })
  return width.findLast((reach) => reaches.includes(reach))
}
