import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isPermission, type Role, rolesOf } from '../../src/http/permissions.ts'
import { scopeFor } from '../../src/http/scopes.ts'
import { startService, type TestService } from '../support/app.ts'
import { roles } from './given-world.ts'
import { staffOnly } from './route-bodies.ts'
import { nameOf, type SeenRoute, withRoutes } from './seen-routes.ts'

// docs/api.md lists every route of the API: against those that the service itself registered.

const text = readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8')

/** A line of the table: `| POST | /api/v1/… | who may | what |`. */
type Line = { readonly name: string; readonly who: readonly string[] }
const lines: readonly Line[] = [...text.matchAll(/^\| ([A-Z]+) \| `(\/api\/v1\/[^`]+)` \| ([^|]+) \| [^|]+ \|$/gm)].map(
  ([, method = '', path = '', who = '']) => ({ name: `${method} ${path}`, who: who.split(', ') }),
)

let service: TestService
let routes: readonly SeenRoute[]
beforeAll(async () => {
  const seen = await withRoutes(async () => await startService())
  service = seen.made
  routes = seen.routes.filter(({ url, method }) => url.startsWith('/api/v1/') && !['HEAD', 'OPTIONS'].includes(method))
})
afterAll(async () => await service.close())

/** Who is meant by a word of the table that is no role's own name; code is a scope. */
const words: Readonly<Record<string, readonly string[]>> = {
  anybody: [],
  'signed in': roles,
  staff: roles.filter((role) => role !== 'client'),
  lead: ['foundation_lead'],
}

/** Awards reach a school only in a share, which no route of the API opens. */
function isOutOfReach(role: Role, { permit, url }: SeenRoute): boolean {
  if (role === 'client') return staffOnly.includes(url)
  return role === 'school' && (permit === 'award:read' || permit === 'support-level:read')
}

/** Who the door lets in: roles, and the scope of programs. */
function openTo(route: SeenRoute): readonly string[] {
  const { permit } = route
  if (!isPermission(permit)) return []
  const scope = scopeFor(permit)
  const entering = rolesOf(permit).filter((role) => !isOutOfReach(role, route))
  return [...entering, ...(scope === undefined ? [] : [`\`${scope}\``])].toSorted()
}

describe('docs/api.md', () => {
  test('lists every route of the API, once, and no other', () => {
    expect(routes.length).toBeGreaterThan(80)
    expect(lines.map(({ name }) => name).toSorted()).toEqual(routes.map(nameOf).toSorted())
  })

  test('says who may, as the matrix does', () => {
    const wrong = routes.flatMap((route) => {
      const { who = [] } = lines.find(({ name }) => name === nameOf(route)) ?? {}
      const told = who.flatMap((word) => words[word] ?? [word]).toSorted()
      const isOpen = route.permit === 'public'
      if (told.join() === openTo(route).join() && isOpen === who.includes('anybody')) return []
      return [`${nameOf(route)}: ${who.join(', ')}, not ${openTo(route).join(', ')}`]
    })
    expect(wrong).toEqual([])
  })

  test('names its routes right also in the text', () => {
    const paths = routes.map(({ url }) => new RegExp(`^${url.replaceAll(/:\w+/g, '[^/]+')}$`))
    const named = [...text.matchAll(/\/api\/v1\/[\w/:.-]+/g)].map(([path]) => path)
    expect(named.length).toBeGreaterThan(lines.length)
    expect(named.filter((path) => !paths.some((one) => one.test(path)))).toEqual([])
  })
})
