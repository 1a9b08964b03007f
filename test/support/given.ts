import { randomInt } from 'node:crypto'
import type { LightMyRequestResponse } from 'fastify'
import { expect } from 'vitest'
import { addClient, type PersonName } from '../../src/clients/client.ts'
import { foundOrganisation } from '../../src/foundations/found.ts'
import type { ClientActor, StaffActor } from '../../src/http/actor.ts'
import type { Role } from '../../src/http/permissions.ts'
import { dayInHelsinki } from '../../src/i18n/index.ts'
import type { SupportLevel } from '../../src/modules/tables.ts'
import { type ApiClient, type Browser, signInByPage, type TestService } from './app.ts'
import { givenWoodModule } from './given-module.ts'
import { givenAccount, staffToken } from './staff.ts'

/** Staff of the foundation in the tests: two coaches, a coordinator, an administrator. */
const staff = {
  pekka: { displayName: 'Pekka R.', roles: ['coach'] },
  sari: { displayName: 'Sari L.', roles: ['coach'] },
  kaisa: { displayName: 'Kaisa M.', roles: ['coordinator'] },
  admin: { displayName: 'Aulis A.', roles: ['admin'] },
} as const satisfies Record<string, { displayName: string; roles: readonly Role[] }>

const clients = {
  maija: { given: 'Maija', family: 'Korhonen' },
  antti: { given: 'Antti', family: 'Halonen' },
} as const satisfies Record<string, PersonName>

export type StaffName = keyof typeof staff
export type ClientName = keyof typeof clients
export type Who = StaffName | ClientName

export const password = 'kuusi-hilla-joki-1'

/** What happened at work. Without more: Maija, sanding, minor support, today, recorded by Pekka. */
export type Work = {
  readonly who?: ClientName | { readonly clientId: string }
  /** The task's key in the module file. */
  readonly task?: string
  readonly support?: SupportLevel
  /** Day of the work, `YYYY-MM-DD`; today when nothing is said. */
  readonly on?: string
  readonly by?: StaffName
  readonly note?: string
  readonly lateReason?: string
}

/** A foundation of the test's own, with its people and one published module. */
export type Foundation = {
  readonly code: string
  /** Ids of the accounts and of the clients. */
  readonly accounts: Readonly<Record<StaffName, string>>
  readonly clients: Readonly<Record<ClientName, string>>
  /** The address with which a member of staff signs in; the password is `password`. */
  email(who: StaffName): string
  /** Id and Finnish name of a task by its key in the module file (`t1` … `t7`). */
  task(key: string): { readonly id: string; readonly name: string }
  /** Ids of a badge by the end of its slug (`hionta`, `maalaus`, `moduuli`, `tutkinnonosa`). */
  badge(name: string): { readonly slug: string; readonly classId: string; readonly versionId: string }
  /** As a program that acts for the person, freshly signed in. */
  as(who: Who): Promise<ApiClient>
  /** As the person's own browser without JavaScript, freshly signed in. */
  browser(who: Who): Promise<Browser>
  /** A one-time code that a member of staff hands out. */
  code8(who: ClientName, by?: StaffName): Promise<string>
  /** The actor that a route would pass to a rule, with a live session. */
  staffActor(who: StaffName): StaffActor
  /** Another client of the same foundation with the named coaches. */
  addClient(name: PersonName, coaches?: readonly StaffName[]): Promise<string>
  /** Gives a member of staff one more role. */
  grant(who: StaffName, role: 'coach' | 'coordinator' | 'admin'): Promise<void>
  /** Records through the API; the observation's id. */
  record(work?: Work): Promise<string>
  /** The client's own view of a task, through the API. */
  selfAssess(task: string, choice?: 1 | 2 | 3 | 4 | null, who?: ClientName): Promise<void>
  /**
   * Everything that the badge `hionta` asks of a client: each task twice, on two days, at minor support, and the client's own view.
   * `by` records all; the default is Pekka, so that Sari proposes and Kaisa decides.
   */
  readyForSanding(who?: ClientName, by?: StaffName): Promise<void>
}

const moduleSlug = 'puupintojen-kasittely'

/**
 * Founds an organisation with a code of its own and puts people and a module into it. Maija works with Pekka and Sari, Antti with Pekka
 * only. Its clock is the service's. Where a test needs only the people, say `module: false`.
 */
export async function givenFoundation(
  service: TestService,
  options: {
    readonly code?: string
    readonly name?: string
    readonly module?: false
    readonly badgeAlgorithm?: 'RS256' | 'ES256'
  } = {},
): Promise<Foundation> {
  const { deps, database } = service
  const code = options.code ?? newCode()
  const name = options.name ?? 'Meriva'
  await foundOrganisation(
    { ...deps, ownerDb: database.ownerDb },
    {
      code,
      kind: 'foundation',
      name,
      url: `https://${code}.example`,
      email: `merkit@${code}.example`,
      badgeAlgorithm: options.badgeAlgorithm ?? 'RS256',
    },
  )
  const email = (who: StaffName): string => `${who}@${code}.example`
  const account = async (who: StaffName): Promise<string> =>
    await givenAccount(deps, code, { signInName: email(who), password, ...staff[who] })
  const accounts = {
    pekka: await account('pekka'),
    sari: await account('sari'),
    kaisa: await account('kaisa'),
    admin: await account('admin'),
  }
  const staffActor = (who: StaffName): StaffActor => ({
    kind: 'staff',
    tenant: code,
    sessionId: accounts[who],
    accountId: accounts[who],
    name: staff[who].displayName,
    roles: staff[who].roles,
    language: 'fi',
  })
  const newClient = async (person: PersonName, coaches: readonly StaffName[] = ['pekka']): Promise<string> =>
    await addClient(deps, staffActor('kaisa'), {
      name: person,
      language: 'fi',
      coachIds: coaches.map((coach) => accounts[coach]),
      // Long enough ago that work of past weeks belongs to the relation.
      today: '2024-01-01',
    })
  const clientIds = {
    maija: await newClient(clients.maija, ['pekka', 'sari']),
    antti: await newClient(clients.antti),
  }
  const module = options.module === false ? undefined : await givenWoodModule(deps, database.ownerDb, { code, name })

  const isClient = (who: Who): who is ClientName => who in clients
  const tokenOfStaff = async (who: StaffName): Promise<string> => await staffToken(service, email(who), password)
  const code8 = async (who: ClientName, by: StaffName = 'pekka'): Promise<string> => {
    const handed = await service.api(await tokenOfStaff(by)).post(`/api/v1/clients/${clientIds[who]}/codes`, {})
    expect(handed.statusCode).toBe(201)
    return handed.json<{ code: string }>().code
  }
  const as = async (who: Who): Promise<ApiClient> =>
    service.api(
      isClient(who)
        ? tokenOf(await service.api().post('/api/v1/tokens/code', { code: await code8(who) }))
        : await tokenOfStaff(who),
    )

  const task: Foundation['task'] = (key) => {
    const found = module?.tasks.get(key)
    if (!found) throw new Error(`the module has no task ${key}`)
    return found
  }
  const record: Foundation['record'] = async (work = {}) => {
    const { who = 'maija', task: key = 't2', support = 'minor', on, by = 'pekka', note, lateReason } = work
    const api = await as(by)
    const recorded = await api.post('/api/v1/observations', {
      clientId: typeof who === 'string' ? clientIds[who] : who.clientId,
      taskId: task(key).id,
      supportLevel: support,
      observedOn: on ?? dayInHelsinki(deps.now()),
      ...(note === undefined ? {} : { note }),
      ...(lateReason === undefined ? {} : { lateReason }),
    })
    expect(recorded.statusCode, recorded.body).toBe(201)
    return recorded.json<{ id: string }>().id
  }
  const selfAssess: Foundation['selfAssess'] = async (key, choice = 3, who = 'maija') => {
    const api = await as(who)
    const assessed = await api.post('/api/v1/self-assessments', { taskId: task(key).id, choice })
    expect(assessed.statusCode, assessed.body).toBe(201)
  }

  return {
    code,
    accounts,
    clients: clientIds,
    email,
    task,
    badge: (end) => {
      const slug = `${moduleSlug}-${end}`
      const found = module?.badges.get(slug)
      if (!found) throw new Error(`the module has no badge ${slug}`)
      return { slug, ...found }
    },
    as,
    browser: async (who) => {
      const browser = service.browser()
      if (!isClient(who)) {
        await signInByPage(browser, email(who), password)
        return browser
      }
      await browser.get('/kirjaudu/koodi')
      const answer = await browser.submit('/kirjaudu/koodi', { code: await code8(who) })
      expect(answer.statusCode).toBe(303)
      return browser
    },
    code8,
    staffActor,
    addClient: newClient,
    grant: async (who, role) => {
      const granted = { tenant_id: code, account_id: accounts[who], role, granted_at: deps.now(), ended_at: null }
      await database.ownerDb.insertInto('role_grant').values(granted).execute()
    },
    record,
    selfAssess,
    readyForSanding: async (who = 'maija', by = 'pekka') => {
      const today = dayInHelsinki(deps.now())
      for (const key of ['t1', 't2']) {
        for (const on of [dayBefore(today, 1), today]) await record({ who, task: key, on, by })
        await selfAssess(key, 3, who)
      }
    },
  }
}

/** The calendar day so many days before `day`. */
export function dayBefore(day: string, days: number): string {
  return new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10)
}

/** A client's actor for a rule that is called without a route; its session is the one named. */
export function clientActor(foundation: Foundation, who: ClientName, sessionId: string): ClientActor {
  return {
    kind: 'client',
    tenant: foundation.code,
    sessionId,
    clientId: foundation.clients[who],
    name: clients[who].given,
    openedBy: foundation.accounts.pekka,
    shared: false,
    roles: ['client'],
    language: 'fi',
  }
}

function tokenOf(response: LightMyRequestResponse): string {
  expect(response.statusCode, response.body).toBe(200)
  return response.json<{ token: string }>().token
}

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** Four characters that no other foundation of the run is likely to have. */
function newCode(): string {
  return Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join('')
}
