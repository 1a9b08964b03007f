import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import type { Config } from '../../src/config.ts'
import { foundOrganisation } from '../../src/foundations/found.ts'
import type { Role } from '../../src/http/permissions.ts'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation, password } from '../support/given.ts'
import { givenFile } from '../evidence/given-file.ts'
import { givenKey } from '../integrations/given-key.ts'
import { accept, type GivenAward, givenOffered, show } from '../publication/given-award.ts'
import { doJobs, givenSchool as givenSchoolOf } from '../support/school.ts'
import { givenAccount, staffToken } from '../support/staff.ts'
import { givenHouse, givenShare, type House, relationOf } from './given-house.ts'
import { type SeenRoute, withRoutes } from './seen-routes.ts'

export const roles = ['client', 'coach', 'coordinator', 'foundation_lead', 'admin', 'school'] as const

/** Rows that the addresses of one foundation lead to. */
export type Things = House & {
  readonly client: string
  readonly otherClient: string
  readonly coach: string
  readonly task: string
  readonly badgeClass: string
  readonly freeBadgeClass: string
  readonly observation: string
  readonly evidenceFile: string
  readonly application: string
  /** With Pekka. */
  readonly relation: string
  readonly share: string
  readonly award: GivenAward
  readonly module: string
  readonly qualification: string
  readonly unit: string
  readonly apiKey: string
  readonly endorsement: string
  /** What Maija asks about her own data. */
  readonly rightsRequest: string
}

/** A whole service with one foundation in the middle of its work, and somebody of every role signed in to the API. */
export type World = {
  readonly service: TestService
  readonly routes: readonly SeenRoute[]
  readonly foundation: Foundation
  readonly things: Things
  readonly tokens: Readonly<Record<Role, string>>
  /** The password is that of `given.ts`. */
  readonly emails: Readonly<Record<Exclude<Role, 'client'>, string>>
}

export async function givenWorld(overrides: Partial<Config> = {}): Promise<World> {
  const { made: service, routes } = await withRoutes(async () => await startService(overrides))
  const foundation = await givenFoundation(service)
  const things = await givenThings(service, foundation)
  const emails = {
    coach: foundation.email('pekka'),
    coordinator: foundation.email('kaisa'),
    admin: foundation.email('admin'),
    foundation_lead: await givenStaff(service, foundation.code, 'foundation_lead'),
    school: await givenSchool(service),
  }
  const tokens = {
    client: await clientToken(service, foundation),
    coach: await staffToken(service, emails.coach, password),
    coordinator: await staffToken(service, emails.coordinator, password),
    admin: await staffToken(service, emails.admin, password),
    foundation_lead: await staffToken(service, emails.foundation_lead, password),
    school: await staffToken(service, emails.school, password),
  }
  return { service, routes, foundation, things, tokens, emails }
}

/** Maija holds a badge that she shows, Antti has applied for one, and both were recorded. */
export async function givenThings(service: TestService, foundation: Foundation): Promise<Things> {
  const award = await givenOffered(foundation)
  await accept(foundation, award)
  await show(foundation, award, true)
  await foundation.readyForSanding('antti')
  const applied = await (await foundation.as('antti')).post('/api/v1/applications', {
    badgeClassId: foundation.badge('hionta').classId,
  })
  expect(applied.statusCode, applied.body).toBe(201)
  const { ownerDb } = service.database
  const observation = await foundation.record({ task: 't3', note: 'Hyvää työtä' })
  const module = await ownerDb
    .selectFrom('module_version as v')
    .innerJoin('unit as u', 'u.id', 'v.unit_id')
    .select(['v.module_id', 'u.id', 'u.qualification_id'])
    .where('v.tenant_id', '=', foundation.code)
    .executeTakeFirstOrThrow()
  return {
    client: foundation.clients.maija,
    otherClient: foundation.clients.antti,
    coach: foundation.accounts.pekka,
    task: foundation.task('t3').id,
    badgeClass: foundation.badge('hionta').classId,
    freeBadgeClass: foundation.badge('maalaus').classId,
    observation,
    evidenceFile: await givenFile(service, foundation, observation),
    relation: await relationOf(service, foundation, 'maija'),
    share: await givenShare(foundation, 'maija', award),
    ...(await givenHouse(service, foundation)),
    application: applied.json<{ id: string }>().id,
    award,
    module: module.module_id,
    qualification: module.qualification_id,
    unit: module.id,
    apiKey: (await givenKey(service, foundation)).id,
    endorsement: await givenEndorsement(service, foundation),
    rightsRequest: await givenRightsRequest(service, foundation),
  }
}

/** The address of a route with the ids of real things, or with others that the test gives. */
export function addressOf(url: string, things: Things, other: Readonly<Record<string, string>> = {}): string {
  return url.replaceAll(/:(\w+)/g, (_, name: string, at: number) => {
    const before = url.slice(0, at).split('/').at(-2) ?? ''
    const id = other[name] ?? thingOf(`${before}/:${name}`, url, things)
    if (id === undefined) throw new Error(`${url}: say what :${name} is`)
    return id
  })
}

function thingOf(place: string, url: string, things: Things): string | undefined {
  // A badge's page is the award's, its application is the badge class's.
  if (place === 'merkit/:id') return url.startsWith('/merkit/:id/hae') ? things.badgeClass : things.award.id
  return {
    'clients/:id': things.client,
    'ryhma/:id': things.client,
    'ryhma/:client': things.client,
    'suhteet/:id': things.client,
    'coaches/:relation': things.relation,
    'valmentajat/:relation': things.relation,
    // Nobody was joined with anybody.
    'merges/:merge': things.relation,
    'yhdista/:merge': things.relation,
    'stand-ins/:id': things.standIn,
    'sijaiset/:id': things.standIn,
    'yksikot/:id': things.workUnit,
    'work-units/:id': things.workUnit,
    'coaches/:member': things.unitCoach,
    'valmentajat/:member': things.unitCoach,
    'kayttajat/:id': things.colleague,
    'allekirjoitus/:kid': things.signingKey,
    'keys/:kid': things.signingKey,
    'vaihda/:algorithm': 'EdDSA',
    'shares/:id': things.share,
    'nayta/:id': things.share,
    'tili/:link': '0'.repeat(22),
    'j/:token': `${things.award.publicId.slice(0, 4)}${'0'.repeat(22)}`,
    'toinen/:code': things.award.publicId.slice(0, 4),
    'ehdota/:badge': things.freeBadgeClass,
    'applications/:id': things.application,
    'hakemukset/:id': things.application,
    'awards/:id': things.award.id,
    'observations/:id': things.observation,
    'kirjaa/:id': things.observation,
    'liitteet/:id': things.observation,
    'tiedosto/:id': things.evidenceFile,
    'evidence-files/:id': things.evidenceFile,
    'arvioi/:task': things.task,
    'modules/:id': things.module,
    'moduulit/:id': things.module,
    'qualifications/:id': things.qualification,
    'units/:unitId': things.unit,
    'api-keys/:id': things.apiKey,
    'endorsements/:id': things.endorsement,
    'suositukset/:id': things.endorsement,
    'pyynnot/:id': things.rightsRequest,
    'avaimet/:id': things.apiKey,
    'laitteet/:id': things.coach,
    'kortti/:card': `${things.award.publicId.slice(0, 4)}${'0'.repeat(22)}`,
    'kayttoonotto/:link': '0'.repeat(22),
    'files/:file': 'png',
    'lataa/:file': 'png',
    'o/:code': things.award.publicId.slice(0, 4),
    'b/:award': things.award.publicId,
  }[place]
}

async function givenRightsRequest(service: TestService, foundation: Foundation): Promise<string> {
  const maija = await foundation.browser('maija')
  await maija.get('/tiedot')
  const asked = await maija.submit('/tiedot/korjaus', { words: 'Kieleni on ruotsi' })
  expect(asked.statusCode, asked.body).toBe(303)
  const row = await service.database.ownerDb
    .selectFrom('rights_request')
    .select('id')
    .where('tenant_id', '=', foundation.code)
    .executeTakeFirstOrThrow()
  return row.id
}

/** A school of its own endorses the badge. Jobs are done, so that the badges have all their forms. */
async function givenEndorsement(service: TestService, foundation: Foundation): Promise<string> {
  const school = await (await givenSchoolOf(service)).as()
  const { slug } = foundation.badge('hionta')
  const given = await school.post('/api/v1/endorsements', {
    badge: `${service.deps.config.publicOrigin}/o/${foundation.code}/badges/${slug}/1/fi`,
    comment: 'Merkki vastaa tutkinnon osan vaatimuksia.',
  })
  expect(given.statusCode, given.body).toBe(201)
  await doJobs(service)
  return given.json<{ id: string }>().id
}

async function givenStaff(service: TestService, code: string, role: 'foundation_lead' | 'school'): Promise<string> {
  const signInName = `${role}@${code}.example`
  await givenAccount(service.deps, code, { signInName, password, displayName: 'Outi O.', roles: [role] })
  return signInName
}

async function givenSchool(service: TestService): Promise<string> {
  const code = `s${randomUUID().slice(0, 3)}`
  await foundOrganisation(
    { ...service.deps, ownerDb: service.database.ownerDb },
    { code, kind: 'school', name: 'Opisto', url: `https://${code}.example`, email: `toimisto@${code}.example` },
  )
  return await givenStaff(service, code, 'school')
}

async function clientToken(service: TestService, foundation: Foundation): Promise<string> {
  const signedIn = await service.api().post('/api/v1/tokens/code', { code: await foundation.code8('maija') })
  expect(signedIn.statusCode, signedIn.body).toBe(200)
  return signedIn.json<{ token: string }>().token
}
