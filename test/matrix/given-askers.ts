import { expect } from 'vitest'
import type { Role } from '../../src/http/permissions.ts'
import { givenFile } from '../evidence/given-file.ts'
import { givenThings, givenWorld, type Things, type World } from '../http/given-world.ts'
import { givenShare, relationOf } from '../http/given-house.ts'
import { givenKey } from '../integrations/given-key.ts'
import { accept } from '../publication/given-award.ts'
import { type Browser, signInByPage } from '../support/app.ts'
import { givenFoundation, password } from '../support/given.ts'
import { givenAccount, staffToken } from '../support/staff.ts'

/** How a person's things stand to who asks for them. */
export type Relation = 'own' | 'current' | 'foundation' | 'other'

export type Target = { readonly relation: Relation; readonly things: Things }

/** Somebody of one role, with things in each relation. */
export type Asker = {
  readonly name: string
  readonly role: Role | 'integrator'
  /** What opens the API. */
  readonly token: string
  /** None for a program. */
  readonly browser: Browser | undefined
  readonly targets: readonly Target[]
}

export type AskedWorld = {
  readonly world: World
  readonly askers: readonly Asker[]
  readonly maijas: Things
  readonly anttis: Things
  readonly theirs: Things
  /** Tokens of a coach of each. */
  readonly coachToken: string
  readonly theirCoachToken: string
}

/** Words of notes, by whom they tell of. */
export const notes = { maija: 'Hyvää työtä', antti: 'Antin oma muistiinpano' }

/**
 * One foundation with a person of every role, and another one. Maija works with Pekka and Sari, Antti with Pekka only; each has things of
 * their own of every kind. No application is open.
 */
export async function givenAskers(): Promise<AskedWorld> {
  const world = await givenWorld()
  const { service, foundation, things, emails } = world
  const others = await givenFoundation(service, { name: 'Toriseutu' })
  const theirs = await givenThings(service, others)
  const anttis = await givenAnttis(world)
  const maijas = { ...things, application: await applicationOf(world, things.client) }

  const schoolName = `school@${foundation.code}.example`
  await givenAccount(service.deps, foundation.code, {
    signInName: schoolName,
    password,
    displayName: 'Olli O.',
    roles: ['school'],
  })
  const staff = async (name: string, role: Role, signInName: string, targets: readonly Target[]): Promise<Asker> => {
    const browser = service.browser()
    await signInByPage(browser, signInName, password)
    return { name, role, token: await staffToken(service, signInName, password), browser, targets }
  }
  const away: Target = { relation: 'other', things: theirs }
  const ofHouse: readonly Target[] = [{ relation: 'foundation', things: maijas }, away]
  const maija = await foundation.browser('maija')
  const askers: readonly Asker[] = [
    {
      name: 'Maija',
      role: 'client',
      token: world.tokens.client,
      browser: maija,
      targets: [{ relation: 'own', things: maijas }, { relation: 'foundation', things: anttis }, away],
    },
    await staff('Sari', 'coach', foundation.email('sari'), [
      { relation: 'current', things: maijas },
      { relation: 'foundation', things: anttis },
      away,
    ]),
    await staff('Kaisa', 'coordinator', emails.coordinator, ofHouse),
    await staff('the lead', 'foundation_lead', emails.foundation_lead, ofHouse),
    await staff('the admin', 'admin', emails.admin, ofHouse),
    await staff('a school’s teacher', 'school', schoolName, ofHouse),
    {
      name: 'a program',
      role: 'integrator',
      token: (await givenKey(service, foundation, { name: 'Kysyjä' })).key,
      browser: undefined,
      targets: ofHouse,
    },
  ]
  // A page with a form gives the token that every other form takes.
  for (const { browser } of askers) await browser?.get('/tarkista')
  const theirCoachToken = await staffToken(service, others.email('pekka'), password)
  return { world, askers, maijas, anttis, theirs, coachToken: world.tokens.coach, theirCoachToken }
}

/** Antti gets the badge that he applied for, a record with words, and asks about his own data. */
async function givenAnttis({ service, foundation, things }: World): Promise<Things> {
  const { ownerDb } = service.database
  const application = await applicationOf({ service, foundation }, things.otherClient)
  const decided = await (await foundation.as('kaisa')).post(
    `/api/v1/applications/${application}/decision`,
    { outcome: 'award' },
    { 'idempotency-key': application },
  )
  expect(decided.statusCode, decided.body).toBe(201)
  const antti = await foundation.browser('antti')
  await antti.get('/tiedot')
  expect((await antti.submit('/tiedot/korjaus', { words: 'Nimeni on väärin' })).statusCode).toBe(303)
  const { id: rightsRequest } = await ownerDb
    .selectFrom('rights_request')
    .select('id')
    .where('tenant_id', '=', foundation.code)
    .where('client_id', '=', things.otherClient)
    .executeTakeFirstOrThrow()
  const { award } = decided.json<{ award: Things['award'] }>()
  await accept(foundation, award, 'antti')
  const observation = await foundation.record({ who: 'antti', task: 't3', note: notes.antti })
  // Written out, so that a new kind of thing has to say here whose it is.
  const { coach, task, badgeClass, freeBadgeClass, module, qualification, unit, apiKey, endorsement } = things
  const { standIn, workUnit, unitCoach, signingKey, colleague } = things
  const ofHouse = { standIn, workUnit, unitCoach, signingKey, colleague, coach, apiKey, endorsement }
  const ofNobody = { ...ofHouse, task, badgeClass, freeBadgeClass, module, qualification, unit }
  return {
    ...ofNobody,
    client: things.otherClient,
    otherClient: things.client,
    application,
    award,
    relation: await relationOf(service, foundation, 'antti'),
    share: await givenShare(foundation, 'antti', award),
    observation,
    evidenceFile: await givenFile(service, foundation, observation),
    rightsRequest,
  }
}

async function applicationOf({ service, foundation }: Pick<World, 'service' | 'foundation'>, client: string) {
  const { id } = await service.database.ownerDb
    .selectFrom('application')
    .select('id')
    .where('tenant_id', '=', foundation.code)
    .where('client_id', '=', client)
    .executeTakeFirstOrThrow()
  return id
}
