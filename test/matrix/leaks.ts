import type { LightMyRequestResponse } from 'fastify'
import { groupRows } from '../../src/matrix/matrix.ts'
import { conditionOf, reachIn, rowOf } from '../../src/matrix/rows.ts'
import type { FieldGroup } from '../../src/matrix/words.ts'
import { supportLevelWords } from '../demo/out/private.ts'
import { type AskedWorld, type Asker, notes, type Relation } from './given-askers.ts'
import { covers, isPersonal, type Try } from './tries.ts'

const familyNames = { maija: 'Korhonen', antti: 'Halonen' }

/** Which fields of whom the answer tells, although the matrix keeps them from the asker, or the route does not say that it tells them. */
export function leaksOf(
  asked: AskedWorld,
  asker: Asker,
  { route, target }: Try,
  answer: LightMyRequestResponse,
): readonly string[] {
  if (asker.role === 'client' && target.relation === 'own') return tellsOfAntti(answer)
  const text = answer.body
  const maijas = asker.role === 'client' || asker.role === 'coach' ? 'current' : 'foundation'
  const anttis = 'foundation'
  const groups: readonly (readonly [FieldGroup, Relation, boolean])[] = [
    ['identity', maijas, asker.role !== 'client' && text.includes(familyNames.maija)],
    ['identity', anttis, text.includes(familyNames.antti)],
    ['notes', maijas, asker.role !== 'client' && text.includes(notes.maija)],
    ['notes', anttis, text.includes(notes.antti)],
    ['level', target.relation, isPersonal(asked, route) && route.method === 'GET' && supportLevelWords.test(text)],
  ]
  return groups.flatMap(([group, relation, isTold]) => {
    if (!isTold) return []
    const isAllowed = mayTell(asker, group, relation) && route.fields.includes(group)
    return isAllowed ? [] : [`${group} (${relation})`]
  })
}

const tellsOfAntti = ({ body }: LightMyRequestResponse): readonly string[] =>
  body.includes(familyNames.antti) || body.includes(notes.antti) ? ['who another client is'] : []

function mayTell({ role }: Asker, group: FieldGroup, relation: Relation): boolean {
  const row = rowOf(groupRows[group])
  const cell = role === 'integrator' ? undefined : row[role]
  if (cell === undefined) return false
  // No application is open and no reason was given.
  return conditionOf(cell) === undefined && covers(reachIn(cell), relation) === true
}
