import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { changeRoles, disableAccount } from '../../src/accounts/account.ts'
import { asTenant } from '../../src/db/connect.ts'
import { compromiseKey } from '../../src/keys/compromise.ts'
import { setIssuing } from '../../src/keys/issuing-switch.ts'
import { rotateKey } from '../../src/keys/rotate.ts'
import { retentionTasks } from '../../src/retention/jobs.ts'
import { accept, givenOffered, publicOrigin, revoke } from '../publication/given-award.ts'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'

// S-53: who, what, when, from where.

let service: TestService
let f: Foundation
beforeAll(async () => {
  service = await startService({ publicOrigin })
  f = await givenFoundation(service)
})
afterAll(async () => await service.close())

type Line = {
  readonly kind: string
  readonly actor_kind: string
  readonly actor_id: string | null
  readonly client_id: string | null
  readonly ref: string | null
  readonly reason: string | null
  readonly what: string | null
  readonly address: string | null
}

async function linesOf(kind: string, tenant = f.code): Promise<readonly Line[]> {
  const { rows } = await sql<Line>`
    select e.kind, e.actor_kind, e.actor_id, e.client_id, e.ref, e.reason, e.what, host(o.address) as address
    from audit_event e left join audit_origin o on o.tenant_id = e.tenant_id and o.at = e.at and o.event_id = e.id
    where e.tenant_id = ${tenant} and e.kind = ${kind} order by e.at, e.id`.execute(service.database.ownerDb)
  return rows
}

describe('S-53: every act leaves its line', () => {
  test('an award and its revocation, with who, whom and from where', async () => {
    const award = await givenOffered(f)
    await accept(f, award)
    await revoke(f, award)
    const told = {
      actor_kind: 'staff',
      actor_id: f.accounts.kaisa,
      client_id: f.clients.maija,
      ref: award.id,
      address: '127.0.0.1',
    }
    expect(await linesOf('award')).toEqual([expect.objectContaining(told)])
    expect(await linesOf('revocation')).toEqual([expect.objectContaining(told)])
  }, 60_000)

  test('a refused award leaves none', async () => {
    const before = (await linesOf('award')).length
    const kaisa = await f.as('kaisa')
    const refused = await kaisa.post(
      `/api/v1/applications/${randomUUID()}/decision`,
      { outcome: 'award' },
      { 'idempotency-key': 'x' },
    )
    expect(refused.statusCode).toBe(404)
    expect(await linesOf('award')).toHaveLength(before)
  })

  test('acts on keys and on the stop switch, by a person or by a command', async () => {
    const g = await givenFoundation(service, { module: false })
    const by = { accountId: g.accounts.admin }
    const { retired } = await rotateKey(service.deps, g.code, { algorithm: 'RS256', by })
    await compromiseKey(service.deps, g.code, { kid: retired, since: service.deps.now() })
    await setIssuing(service.deps, g.code, { stopped: true, by })
    await setIssuing(service.deps, g.code, { stopped: false })
    expect(await linesOf('key.retired', g.code)).toEqual([
      expect.objectContaining({ what: retired, actor_kind: 'staff', actor_id: g.accounts.admin }),
    ])
    expect(await linesOf('key.compromised', g.code)).toEqual([
      expect.objectContaining({ what: retired, actor_kind: 'command', actor_id: null }),
    ])
    expect((await linesOf('key.made', g.code)).length).toBeGreaterThanOrEqual(3)
    expect(await linesOf('issuing.stopped', g.code)).toHaveLength(1)
    expect(await linesOf('issuing.started', g.code)).toHaveLength(1)
  })

  test('roles and accounts', async () => {
    const g = await givenFoundation(service, { module: false })
    const by = g.staffActor('admin')
    await changeRoles(service.deps, g.code, g.accounts.sari, ['coordinator'], by)
    await disableAccount(service.deps, g.code, g.accounts.sari, true, by)
    const told = { actor_id: g.accounts.admin, ref: g.accounts.sari }
    const given = (await linesOf('role.given', g.code)).filter(({ ref }) => ref === g.accounts.sari)
    expect(given.toSorted((a, b) => String(a.what).localeCompare(String(b.what)))).toEqual([
      expect.objectContaining({ what: 'coach', actor_kind: 'command' }),
      expect.objectContaining({ ...told, what: 'coordinator' }),
    ])
    expect(await linesOf('role.ended', g.code)).toEqual([expect.objectContaining({ ...told, what: 'coach' })])
    expect(await linesOf('account.closed', g.code)).toEqual([expect.objectContaining(told)])
  })

  test('keys of programs', async () => {
    const admin = await f.as('admin')
    const made = await admin.post('/api/v1/api-keys', {
      name: 'Raportti',
      mode: 'live',
      scopes: ['modules:read'],
      expiresInDays: 30,
    })
    expect(made.statusCode, made.body).toBe(201)
    const { id } = made.json<{ id: string }>()
    await admin.post(`/api/v1/api-keys/${id}/revocation`, {})
    const told = { actor_id: f.accounts.admin, ref: id }
    expect(await linesOf('api-key.made')).toEqual([expect.objectContaining(told)])
    expect(await linesOf('api-key.ended')).toEqual([expect.objectContaining(told)])
  })

  test('failed authorisation: refused by the role, and asked for what is another’s; a public miss is none', async () => {
    const g = await givenFoundation(service, { module: false })
    const pekka = await g.as('pekka')
    expect((await pekka.post('/api/v1/clients', { givenName: 'A', familyName: 'B' })).statusCode).toBe(403)
    expect((await pekka.get(`/api/v1/clients/${f.clients.maija}`)).statusCode).toBe(404)
    expect((await pekka.get(`/api/v1/clients/${g.clients.maija}`)).statusCode).toBe(200)
    expect((await service.app.inject({ url: '/b/nothing' })).statusCode).toBe(404)
    const told = { actor_id: g.accounts.pekka, address: '127.0.0.1' }
    expect(await linesOf('denied', g.code)).toEqual([expect.objectContaining({ ...told, what: '/api/v1/clients' })])
    expect(await linesOf('missed', g.code)).toEqual([
      expect.objectContaining({ ...told, what: '/api/v1/clients/:id', ref: f.clients.maija }),
    ])
  })
})

describe('S-53: reading a support level', () => {
  let g: Foundation
  let observation: string
  beforeAll(async () => {
    g = await givenFoundation(service)
    observation = await g.record({ who: 'maija' })
  })

  test('by a coach leaves a line wherever levels are shown, with the relation as its ground', async () => {
    const before = (await linesOf('level.read', g.code)).length
    const page = await g.browser('pekka')
    const api = await g.as('pekka')
    for (const answer of [
      await page.get(`/ryhma/${g.clients.maija}`),
      await page.get(`/kirjaa/${observation}/korjaa`),
      await api.get(`/api/v1/observations/${observation}`),
      await api.get(`/api/v1/observations?clientId=${g.clients.maija}`),
    ])
      expect(answer.statusCode).toBe(200)
    const lines = (await linesOf('level.read', g.code)).slice(before)
    expect(lines).toHaveLength(4)
    const told = { actor_id: g.accounts.pekka, client_id: g.clients.maija, reason: 'relation', address: '127.0.0.1' }
    for (const line of lines) expect(line).toMatchObject(told)
  })

  test('by a coordinator names the open application; without one nothing is shown, and so nothing is recorded', async () => {
    const kaisa = await g.as('kaisa')
    const read = await kaisa.get(`/api/v1/observations/${observation}`)
    expect(read.statusCode).toBe(200)
    expect(read.json()).not.toHaveProperty('supportLevel')
    expect((await linesOf('level.read', g.code)).filter(({ actor_id: by }) => by === g.accounts.kaisa)).toEqual([])
    await g.readyForSanding('maija')
    const applied = await (await g.as('maija')).post('/api/v1/applications', {
      badgeClassId: g.badge('hionta').classId,
    })
    const { id } = applied.json<{ id: string }>()
    expect((await (await g.browser('kaisa')).get(`/hakemukset/${id}`)).statusCode).toBe(200)
    const line = (await linesOf('level.read', g.code)).find(({ reason }) => reason === 'application')
    expect(line).toMatchObject({ actor_id: g.accounts.kaisa, ref: id, what: '/hakemukset/:id' })
  })

  test('by the client, and where no level is shown, leaves none', async () => {
    const before = (await linesOf('level.read', g.code)).length
    await (await g.as('maija')).get(`/api/v1/observations?clientId=${g.clients.maija}`)
    await (await g.as('pekka')).get(`/api/v1/clients/${g.clients.maija}`)
    await (await g.as('pekka')).get(`/api/v1/observations?clientId=${g.clients.antti}`)
    expect(await linesOf('level.read', g.code)).toHaveLength(before)
  })

  test('is seen by the client on /katselut, in words, and by no other client', async () => {
    const maija = (await (await g.browser('maija')).get('/katselut')).body
    expect(maija).toContain('Pekka R.')
    expect(maija).toContain('Ohjaa sinua')
    expect(maija).toContain('Käsittelee hakemustasi')
    expect((await (await g.browser('antti')).get('/katselut')).body).toContain('Kukaan ei ole katsonut')
  })
})

describe('S-53: the audit', () => {
  test.each([
    'update audit_event set kind = kind',
    'delete from audit_event',
    'truncate audit_event',
    'delete from audit_origin',
    'update audit_origin set at = at',
  ])('is not alterable by the service: %s', async (statement) => {
    const doing = asTenant(service.deps.db, f.code, async (trx) => await sql.raw(statement).execute(trx))
    await expect(doing).rejects.toMatchObject({ code: '42501' })
  })

  test('keeps network addresses for 14 days and not longer; the lines stay (S-50)', async () => {
    const g = await givenFoundation(service, { module: false })
    const tidy = retentionTasks(service.deps)['retention.remove']
    service.at('2026-11-22T09:00:00Z')
    await (await g.as('pekka')).get('/api/v1/api-keys')
    service.at('2026-12-05T09:00:00Z')
    await tidy?.({})
    expect((await linesOf('denied', g.code)).map(({ address }) => address)).toEqual(['127.0.0.1'])
    service.at('2026-12-07T09:00:00Z')
    await (await g.as('pekka')).get('/api/v1/api-keys')
    await tidy?.({})
    expect((await linesOf('denied', g.code)).map(({ address }) => address)).toEqual([null, '127.0.0.1'])
    service.at('2026-11-22T09:00:00Z')
  })

  test('is read by coordinator and admin whole, by a coach as far as the own lines, by clients and schools not', async () => {
    const seen = async (who: 'kaisa' | 'admin' | 'pekka' | 'sari'): Promise<string> => {
      const answer = await (await f.browser(who)).get('/hallinta/loki?kind=award')
      expect(answer.statusCode, who).toBe(200)
      return answer.body
    }
    const coordinator = await seen('kaisa')
    expect(coordinator).toContain('Kaisa M.')
    expect(coordinator).toContain('Maija Korhonen')
    const admin = await seen('admin')
    expect(admin).toContain('Kaisa M.')
    expect(admin).not.toContain('Korhonen')
    expect(await seen('sari')).not.toContain('Kaisa M.')
    // One who is an administrator too reads all lines, and still only the names of the own clients (Antti is Pekka's alone).
    await f.record({ who: 'antti' })
    await (await f.as('pekka')).get(`/api/v1/observations?clientId=${f.clients.antti}`)
    await f.grant('sari', 'admin')
    const { body } = await (await f.as('sari')).get('/api/v1/audit-events?limit=100')
    expect(body).toContain('Kaisa M.')
    expect(body).toContain(f.clients.antti)
    expect(body).toContain('Korhonen')
    expect(body).not.toContain('Halonen')
    expect((await (await f.browser('maija')).get('/hallinta/loki')).statusCode).toBe(403)
  })

  test('is filtered by kind and day, page by page', async () => {
    const kaisa = await f.browser('kaisa')
    expect((await kaisa.get('/hallinta/loki?kind=award&from=2026-11-22&until=2026-11-22')).body).toContain(
      'Myönsi merkin',
    )
    expect((await kaisa.get('/hallinta/loki?kind=award&from=2026-11-23')).body).toContain('ei löydy mitään')
    expect((await kaisa.get('/hallinta/loki?from=eilen')).statusCode).toBe(422)
    const first = (await kaisa.get('/hallinta/loki')).body
    const [, older = ''] = /href="(\/hallinta\/loki\?[^"]*ennen[^"]*)"/.exec(first) ?? []
    if (older !== '') expect((await kaisa.get(older.replaceAll('&amp;', '&'))).statusCode).toBe(200)
  })
})
