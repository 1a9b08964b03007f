import { z } from 'zod'
import { type FieldGroup, fieldGroups } from '../matrix/words.ts'

/** Names of the API's members that tell something delicate of a person, wherever they stand in an answer. */
const members: Readonly<Record<string, FieldGroup>> = {
  givenName: 'identity',
  familyName: 'identity',
  clientName: 'identity',
  supportLevel: 'level',
  supportLevels: 'level',
  note: 'notes',
  lateReason: 'notes',
  replaceReason: 'notes',
}

/** The groups of fields that the schemas of a route's answers name. */
export function groupsInSchema(response: unknown): readonly FieldGroup[] {
  if (typeof response !== 'object' || response === null) return []
  const found = new Set<FieldGroup>()
  for (const schema of Object.values(response))
    if (schema instanceof z.ZodType) look(z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }), found)
  return fieldGroups.filter((group) => found.has(group))
}

function groupsNamed(properties: unknown): readonly FieldGroup[] {
  if (typeof properties !== 'object' || properties === null) return []
  return Object.entries(members).flatMap(([member, group]) => (Object.hasOwn(properties, member) ? [group] : []))
}

function look(part: unknown, found: Set<FieldGroup>): void {
  if (typeof part !== 'object' || part === null) return
  for (const [name, inner] of Object.entries(part)) {
    if (name === 'properties') for (const group of groupsNamed(inner)) found.add(group)
    look(inner, found)
  }
}
