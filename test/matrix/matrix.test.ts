import fastify from 'fastify'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { everyRouteIsInTheMatrix, isPermitted, type Permit, rolesOf } from '../../src/http/permissions.ts'
import { scopeFor } from '../../src/http/scopes.ts'
import { groupRows } from '../../src/matrix/matrix.ts'
import { cellOf, rowOf, rows, widestReach } from '../../src/matrix/rows.ts'
import { type FieldGroup, fieldGroups, roles } from '../../src/matrix/words.ts'

// S-12: the table itself, and the door that is made from it.

/** A service of one route. What the route says of itself is judged when it is added. */
function adding(config: { readonly permit?: string; readonly fields?: readonly FieldGroup[] }, response?: z.ZodType) {
  const app = fastify()
  everyRouteIsInTheMatrix(app)
  // The parsing door: also what the types refuse is tried.
  const said = config as { readonly permit?: Permit; readonly fields?: readonly FieldGroup[] }
  return () => app.get('/a', { config: said, ...(response && { schema: { response: { 200: response } } }) }, () => ({}))
}

describe('S-12: the start stops for a route', () => {
  test('that does not say who may use it', () => {
    expect(adding({})).toThrow('GET /a does not say who may use it')
  })

  test('whose permit is no row of the matrix', () => {
    expect(adding({ permit: 'client:praise' })).toThrow('GET /a: client:praise is no row of the matrix')
    expect(adding({ permit: 'client:read' })).not.toThrow()
  })

  test('that carries fields which its row does not', () => {
    expect(adding({ permit: 'client:read', fields: ['identity', 'level', 'notes'] })).not.toThrow()
    expect(adding({ permit: 'award:read', fields: ['level'] })).toThrow('GET /a: award:read does not carry level')
    expect(adding({ permit: 'public', fields: ['identity'] })).toThrow('GET /a: public does not carry identity')
  })

  test('whose answer names such fields, however deep, and that does not say so', () => {
    const level = z.object({ data: z.array(z.union([z.null(), z.object({ supportLevel: z.string().optional() })])) })
    expect(adding({ permit: 'observation:read' }, level)).toThrow('GET /a answers level and does not say so')
    expect(adding({ permit: 'observation:read', fields: ['level'] }, level)).not.toThrow()
    expect(adding({ permit: 'public' }, z.object({ familyName: z.string() }))).toThrow('GET /a answers identity')
    expect(adding({ permit: 'award:read' }, z.object({ note: z.string() }))).toThrow('GET /a answers notes')
  })
})

describe('S-12: the table', () => {
  test('has every object of the bar, and later ones', () => {
    const objects = new Set([...rows.keys()].map((name) => name.split(':')[0]))
    const wanted =
      'module badge-class observation support-level self-assessment goal application award share certificate referral ' +
      'demonstration feedback conversation user role relation api-key signing-key audit rights'
    for (const object of wanted.split(' ')) expect(objects).toContain(object)
  })

  test('every role and every group of fields stands in it', () => {
    for (const role of roles) expect([...rows.values()].some((row) => row[role] !== undefined)).toBe(true)
    for (const group of fieldGroups) expect(rowOf(groupRows[group]).carries).toContain(group)
  })

  test('the notes: a coordinator needs an open application for a level, a lead a reason; programs and admins never', () => {
    expect(cellOf('support-level:read', 'coach')).toBe('current')
    expect(cellOf('support-level:read', 'coordinator')).toEqual({ reach: 'foundation', when: 'application-open' })
    expect(cellOf('support-level:read', 'foundation_lead')).toEqual({ reach: 'foundation', when: 'reason-given' })
    expect(cellOf('support-level:read', 'school')).toEqual({ reach: 'shared', when: 'turned-on' })
    expect(cellOf('support-level:read', 'admin')).toBeUndefined()
    expect(scopeFor('support-level:read')).toBeUndefined()
    expect(scopeFor('note:read')).toBeUndefined()
    expect(scopeFor('person:read')).toBeUndefined()
  })

  test('nobody awards but a coordinator, and no program; nobody reads a private key', () => {
    expect(rolesOf('application:decide')).toEqual(['coordinator'])
    expect(scopeFor('application:decide')).toBeUndefined()
    expect(rolesOf('award:revoke')).toEqual(['coordinator'])
    expect([...rows.keys()].filter((name) => name.startsWith('signing-key:')).toSorted()).toEqual([
      'signing-key:read',
      'signing-key:retire',
      'signing-key:rotate',
    ])
  })

  test('the door opens to who has a cell, and the widest of several roles counts', () => {
    expect(isPermitted(['admin'], 'client:read')).toBe(false)
    expect(isPermitted(['admin', 'coach'], 'client:read')).toBe(true)
    expect(widestReach(['coach', 'coordinator'], 'client:read')).toBe('foundation')
    expect(widestReach(['coach', 'coordinator'], 'application:propose')).toBe('current')
    expect(widestReach(['school'], 'client:read')).toBeUndefined()
  })
})
