import { randomUUID } from 'node:crypto'
import type { LightMyRequestResponse } from 'fastify'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asTenant } from '../../src/db/connect.ts'
import type { Role } from '../../src/http/permissions.ts'
import { type Browser, signInByPage } from '../support/app.ts'
import { givenFoundation, password } from '../support/given.ts'
import { globalTables, globalWithTenant, readable } from '../support/tables.ts'
import { addressOf, givenThings, givenWorld, type Things, type World } from './given-world.ts'
import { bodies, queries, staffOnly } from './route-bodies.ts'
import { isApiRoute, nameOf, roleFor, type SeenRoute } from './seen-routes.ts'

// S-10, S-11, S-30 and the schema rules of scale, from the outside and from the database's own catalogue.

let world: World
let theirs: Things
let browsers: ReadonlyMap<Role, Browser>
beforeAll(async () => {
  world = await givenWorld()
  theirs = await givenThings(world.service, await givenFoundation(world.service, { name: 'Toriseutu' }))
  const signedIn = async (who: 'coordinator' | 'foundation_lead' | 'school' | 'admin'): Promise<Browser> => {
    const browser = world.service.browser()
    await signInByPage(browser, world.emails[who], password)
    return browser
  }
  browsers = new Map<Role, Browser>([
    ['coordinator', await signedIn('coordinator')],
    ['foundation_lead', await signedIn('foundation_lead')],
    ['school', await signedIn('school')],
    ['admin', await signedIn('admin')],
    ['client', await world.foundation.browser('maija')],
    ['coach', await world.foundation.browser('pekka')],
  ])
})
afterAll(async () => await world.service.close())

/** Does the address lead to what no tenant owns? */
const isGlobal = ({ url }: SeenRoute): boolean => addressOf(url, theirs) === addressOf(url, nothing())

async function ask(route: SeenRoute, url: string): Promise<LightMyRequestResponse> {
  const role = staffOnly.includes(route.url) ? 'coordinator' : (roleFor(route) ?? 'client')
  const body = bodies[route.url]?.(world.things) ?? {}
  if (isApiRoute(route)) {
    const api = world.service.api(world.tokens[role])
    if (route.method === 'DELETE') return await api.delete(url)
    if (route.method === 'PUT') return await api.put(url, body)
    return route.method === 'POST' ? await api.post(url, body, { 'idempotency-key': randomUUID() }) : await api.get(url)
  }
  const browser = browsers.get(role)
  if (!browser) throw new Error(`nobody is signed in as ${role}`)
  if (route.method !== 'POST') return await browser.get(url)
  await browser.get('/tarkista')
  return await browser.submit(
    url,
    Object.fromEntries(Object.entries(body).map(([name, value]) => [name, String(value)])),
  )
}

/** The address with the query that the route needs. */
function whole({ url, method }: SeenRoute, things: Things): string {
  const query = method === 'GET' ? queries[url]?.(things) : undefined
  return `${addressOf(url, things)}${query ?? ''}`
}

/** The answer, and what was asked of the database for it. */
async function watched(
  route: SeenRoute,
  url: string,
): Promise<{ readonly answer: LightMyRequestResponse; readonly statements: readonly string[] }> {
  const sent = world.service.statements()
  return { answer: await ask(route, url), statements: sent() }
}

/** What an answer tells besides its own request: ids, tokens and dates aside. */
function told(answer: LightMyRequestResponse, url: string): unknown {
  const { 'request-id': request, date: _, ...headers } = answer.headers
  // A sentence may repeat the id that was asked for.
  const asked = url.split('/').find((part) => /\d/.test(part) && part.length > 8) ?? url
  const plain = (text: string): string =>
    text
      .replaceAll(String(request), 'REQUEST')
      .replaceAll(/name="_csrf" value="[^"]*"/g, 'CSRF')
      .replaceAll(url, 'URL')
      .replaceAll(encodeURIComponent(url), 'URL')
      .replaceAll(asked, 'ID')
  const { 'set-cookie': cookies, 'content-length': __, ...rest } = headers
  return {
    status: answer.statusCode,
    headers: rest,
    cookies: [cookies ?? []].flat().map((one) => one.split('=')[0]),
    body: plain(answer.body),
  }
}

/** Ids of things that are somewhere, and ids of nothing, in the same places. */
function nothing(): Things {
  const { award } = theirs
  return {
    ...Object.fromEntries(Object.keys(theirs).map((name) => [name, randomUUID()])),
    award: { id: randomUUID(), publicId: `${award.publicId.slice(0, 4)}${'0'.repeat(22)}` },
    qualification: theirs.qualification,
    unit: theirs.unit,
  } as Things
}

describe('S-11: what belongs to others', () => {
  function routesWithId(): readonly SeenRoute[] {
    return world.routes.filter(
      (route) => /:\w/.test(route.url) && route.permit !== 'public' && route.method !== 'HEAD' && !isGlobal(route),
    )
  }

  test('of another foundation is answered exactly as what is not there', { timeout: 180_000 }, async () => {
    expect(routesWithId().length).toBeGreaterThan(25)
    const nowhere = nothing()
    for (const route of routesWithId()) {
      const [there, gone] = [whole(route, theirs), whole(route, nowhere)]
      for (const _ of [1, 2, 3]) {
        const [foreign, missing] = [await watched(route, there), await watched(route, gone)]
        expect(foreign.answer.statusCode, `${nameOf(route)} ${foreign.answer.body.slice(0, 300)}`).toBe(404)
        expect(told(foreign.answer, there), nameOf(route)).toEqual(told(missing.answer, gone))
        // What makes the times the same: nothing is asked of the database for the one that is not asked for the other.
        expect(foreign.statements, nameOf(route)).toEqual(missing.statements)
      }
    }
  })

  test('of a client whom the coach does not work with: the same', async () => {
    const { service, foundation, things } = world
    const sari = await foundation.as('sari')
    const antti = await foundation.record({ who: 'antti', task: 't3' })
    const pairs = [
      [`/api/v1/clients/${things.otherClient}`, `/api/v1/clients/${randomUUID()}`],
      [`/api/v1/observations/${antti}`, `/api/v1/observations/${randomUUID()}`],
      [`/api/v1/applications/${things.application}`, `/api/v1/applications/${randomUUID()}`],
      [`/api/v1/observations?clientId=${things.otherClient}`, `/api/v1/observations?clientId=${randomUUID()}`],
      [`/api/v1/awards?clientId=${things.otherClient}`, `/api/v1/awards?clientId=${randomUUID()}`],
    ] as const
    for (const [there, gone] of pairs) {
      const [foreign, missing] = [await sari.get(there), await sari.get(gone)]
      expect(foreign.statusCode, there).toBe(404)
      expect(told(foreign, there)).toEqual(told(missing, gone))
    }
    // Maija's award is in Sari's reach while the relation lasts.
    const award = `/api/v1/awards/${things.award.id}`
    expect((await sari.get(award)).statusCode).toBe(200)
    await service.database.ownerDb
      .updateTable('client_coach')
      .set({ until_day: '2026-11-01' })
      .where('tenant_id', '=', foundation.code)
      .where('account_id', '=', foundation.accounts.sari)
      .execute()
    const gone = `/api/v1/awards/${randomUUID()}`
    expect(told(await sari.get(award), award)).toEqual(told(await sari.get(gone), gone))
  })

  test('ids of others inside a body are those of nobody', async () => {
    const coach = world.service.api(world.tokens.coach)
    const client = world.service.api(world.tokens.client)
    const coordinator = world.service.api(world.tokens.coordinator)
    const work = {
      clientId: world.things.client,
      taskId: world.things.task,
      supportLevel: 'minor',
      observedOn: '2026-11-22',
    }
    const nowhere = randomUUID()
    const tries = [
      [coach, '/api/v1/observations', (id: string) => ({ ...work, clientId: id }), theirs.client],
      [coach, '/api/v1/observations', (id: string) => ({ ...work, taskId: id }), theirs.task],
      [
        coach,
        '/api/v1/observations',
        (id: string) => ({ ...work, replaces: id, replaceReason: 'Väärä päivä' }),
        theirs.observation,
      ],
      [
        coach,
        '/api/v1/applications/proposals',
        (id: string) => ({ clientId: id, badgeClassId: world.things.freeBadgeClass }),
        theirs.client,
      ],
      [
        coach,
        '/api/v1/applications/proposals',
        (id: string) => ({ clientId: world.things.client, badgeClassId: id }),
        theirs.freeBadgeClass,
      ],
      [client, '/api/v1/applications', (id: string) => ({ badgeClassId: id }), theirs.freeBadgeClass],
      [client, '/api/v1/self-assessments', (id: string) => ({ taskId: id, choice: 3 }), theirs.task],
      [
        coordinator,
        '/api/v1/clients',
        (id: string) => ({ givenName: 'Uusi', familyName: 'Henkilö', coachIds: [id] }),
        theirs.coach,
      ],
    ] as const
    for (const [api, url, body, id] of tries) {
      const [foreign, missing] = [await api.post(url, body(id)), await api.post(url, body(nowhere))]
      expect([404, 422], `${url} ${foreign.body}`).toContain(foreign.statusCode)
      expect(told(foreign, id), url).toEqual(told(missing, nowhere))
    }
  })
})

describe('S-10: the database’s own catalogue', () => {
  type Table = { name: string; hasTenant: boolean; isEnabled: boolean; isForced: boolean; owner: string }

  async function tables(): Promise<readonly Table[]> {
    const { rows } = await sql<Table>`
      select c.relname as name, c.relrowsecurity as "isEnabled", c.relforcerowsecurity as "isForced",
        pg_get_userbyid(c.relowner) as owner,
        exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id') as "hasTenant"
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and c.relkind in ('r', 'p', 'v', 'm') order by 1`.execute(
      world.service.database.ownerDb,
    )
    return rows
  }

  async function tenantTables(): Promise<readonly string[]> {
    const all = await tables()
    return all.filter(({ name, hasTenant }) => hasTenant && !globalWithTenant.includes(name)).map(({ name }) => name)
  }

  test('every table is a tenant’s, isolated by force, or stands in the short list', async () => {
    const all = await tables()
    const without = all.filter(({ hasTenant }) => !hasTenant).map(({ name }) => name)
    expect(without.toSorted()).toEqual(globalTables.toSorted())
    const open = all.filter(
      ({ name, hasTenant, isEnabled, isForced }) =>
        hasTenant && !globalWithTenant.includes(name) && !(isEnabled && isForced),
    )
    expect(open).toEqual([])
    expect((await tenantTables()).length).toBeGreaterThan(25)
    expect(all.filter(({ owner }) => owner === 'osaamispassi_service')).toEqual([])
  })

  test('each has the tenant’s policy for reading and writing, and no other than the named ones', async () => {
    const { rows } = await sql<{ table: string; name: string; cmd: string; using: string; check: string | null }>`
      select tablename as table, policyname as name, cmd, qual as using, with_check as check from pg_policies
      -- a restrictive one only takes away
      where schemaname = 'public' and permissive = 'PERMISSIVE' order by 1, 2`.execute(world.service.database.ownerDb)
    const own = "(tenant_id = current_setting('app.tenant'::text, true))"
    const tenant = rows.filter(({ name }) => name === 'tenant')
    expect(tenant.filter(({ cmd, using, check }) => cmd !== 'ALL' || using !== own || check !== own)).toEqual([])
    expect(tenant.map(({ table }) => table).toSorted()).toEqual((await tenantTables()).toSorted())
    const others = rows.filter(({ name }) => name !== 'tenant')
    expect(others.map(({ table, name }) => `${table} ${name}`).toSorted()).toEqual(readable.toSorted())
    expect(others.filter(({ cmd }) => cmd !== 'SELECT')).toEqual([])
  })

  test('the service’s role can pass none of it by', async () => {
    const { rows } = await sql<{ rolsuper: boolean; rolbypassrls: boolean; members: number }>`
      select rolsuper, rolbypassrls, (select count(*) from pg_auth_members m where m.member = r.oid) as members
      from pg_roles r where rolname = 'osaamispassi_service'`.execute(world.service.database.ownerDb)
    expect(rows).toEqual([{ rolsuper: false, rolbypassrls: false, members: 0 }])
  })

  test('without a tenant, or with another’s, the service reads no row of anybody', async () => {
    const { db } = world.service.database
    for (const name of await tenantTables()) {
      // What the named policies open is public; the rest of those tables is not.
      const isPublic = name === 'organisation' ? sql`true` : sql`state = 'published'`
      const hidden = readable.some((one) => one.startsWith(`${name} `)) ? sql`not ${isPublic}` : sql`true`
      const count = sql<{ n: number }>`select count(*) as n from ${sql.table(name)} where ${hidden}`
      expect((await count.execute(db)).rows, name).toEqual([{ n: 0 }])
      expect((await asTenant(db, 'zzzz', async (trx) => await count.execute(trx))).rows, name).toEqual([{ n: 0 }])
    }
  })

  test('a tenant writes no row in another’s name', async () => {
    const { db } = world.service.database
    const stolen = asTenant(
      db,
      theirs.award.publicId.slice(0, 4),
      async (trx) =>
        await sql`insert into module (tenant_id, id, slug, created_at) values (${world.foundation.code}, ${randomUUID()}, 'a', now())`.execute(
          trx,
        ),
    )
    await expect(stolen).rejects.toMatchObject({ code: '42501' })
  })

  test('there was something to read in every table that this file fills', async () => {
    for (const name of ['client', 'observation', 'award', 'history', 'session', 'application', 'self_assessment']) {
      const { rows } = await sql<{
        tenants: number
      }>`select count(distinct tenant_id) as tenants from ${sql.table(name)}`.execute(world.service.database.ownerDb)
      expect(rows[0]?.tenants, name).toBeGreaterThanOrEqual(2)
    }
  })

  test('tenant_id stands first in every key and index of a tenant’s table (PERFORMANCE, scale)', async () => {
    const { rows: indexes } = await sql<{ index: string; first: string }>`
      select i.indexrelid::regclass::text as index, a.attname as first
      from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
        join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
      where n.nspname = 'public' and c.relname = any(${await tenantTables()})`.execute(world.service.database.ownerDb)
    expect(indexes.length).toBeGreaterThan(40)
    expect(indexes.filter(({ first }) => first !== 'tenant_id')).toEqual([])

    const { rows: keys } = await sql<{ key: string; target: string; own: string; others: string }>`
      select k.conname as key, k.confrelid::regclass::text as target,
        (select attname from pg_attribute where attrelid = k.conrelid and attnum = k.conkey[1]) as own,
        (select attname from pg_attribute where attrelid = k.confrelid and attnum = k.confkey[1]) as others
      from pg_constraint k join pg_namespace n on n.oid = k.connamespace
      where n.nspname = 'public' and k.contype = 'f'`.execute(world.service.database.ownerDb)
    expect(keys.length).toBeGreaterThan(40)
    const crossing = keys.filter(
      ({ target, own, others }) => !globalTables.includes(target) && !(own === 'tenant_id' && others === 'tenant_id'),
    )
    expect(crossing).toEqual([])
  })
})

describe('S-30: what the service may do with history', () => {
  const refused = [
    ['history', 'update history set kind = kind'],
    ['history', 'delete from history'],
    ['history', 'truncate history'],
    ['history_head', 'delete from history_head'],
    ['history_head', 'truncate history_head'],
    ['history_head', `insert into history_head values ('zzzz', 0, '', '')`],
    ['history_content', 'update history_content set content = content'],
    ['history_content', 'delete from history_content'],
    ['history_content', 'truncate history_content'],
    ['award', 'delete from award'],
    ['award', "update award set ob3_jwt = 'x'"],
    ['award', 'update award set client_id = client_id'],
    ['revocation', 'update revocation set reason = reason'],
    ['revocation', 'delete from revocation'],
    ['observation', "update observation set support_level = 'minor'"],
    ['observation', 'delete from observation'],
    ['self_assessment', 'update self_assessment set choice = 4'],
    ['qualification', 'update qualification set state = state'],
    ['organisation', "update organisation set kind = 'school'"],
    ['organisation', `insert into organisation (tenant_id) values ('zzzz')`],
    ['signing_key', 'delete from signing_key'],
    ['role', 'set role osaamispassi_jobs'],
    ['rls', 'alter table client disable row level security'],
    ['function', 'create function f() returns int language sql as $$ select 1 $$'],
    ['table', 'create table t (x int)'],
  ] as const

  test.each(refused)('%s: refused: %s', async (_, statement) => {
    const { db } = world.service.database
    await expect(sql.raw(statement).execute(db)).rejects.toMatchObject({ code: '42501' })
  })
})
