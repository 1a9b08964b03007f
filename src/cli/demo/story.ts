import { makeAccount } from '../../accounts/account.ts'
import type { Db } from '../../db/database.ts'
import { foundOrganisation } from '../../foundations/found.ts'
import { dayInHelsinki } from '../../i18n/index.ts'
import type { Running } from '../../main.ts'
import { type Api, asClient, asCoordinator, asStaff, type SecondFactor } from './api.ts'
import { clients, demoPassword, organisations } from './people.ts'

/** Tells a person what is happening, one line a step. */
export type Tell = (line: string) => void

type Ids = { readonly id: string }
type ModuleBody = {
  readonly tasks: readonly { readonly id: string; readonly key: string }[]
  readonly badges: readonly { readonly id: string; readonly slug: string }[]
}
export type Awarded = { readonly id: string; readonly publicId: string }

/** A foundation at work: its people speak through the API, by the rules that hold for everybody. */
export type Workshop = {
  readonly code: string
  readonly name: string
  readonly coach: Api
  readonly secondCoach: Api
  readonly coordinator: Api
  readonly secondFactor: SecondFactor
  readonly people: readonly { readonly id: string; readonly name: string }[]
  task(module: string, key: string): string
  badge(slug: string): string
}

/** Founds the organisations with their keys and gives their staff accounts. Gives each account's id by its sign-in name. */
export async function foundAll(running: Running, ownerDb: Db, tell: Tell): Promise<ReadonlyMap<string, string>> {
  const accounts = new Map<string, string>()
  for (const organisation of organisations) {
    const { staff, ...wanted } = organisation
    await foundOrganisation({ ...running.deps, ownerDb }, { ...wanted, demo: true })
    for (const person of staff) {
      const account = {
        signInName: person.signInName,
        password: demoPassword,
        displayName: person.name,
        roles: person.roles,
      }
      accounts.set(person.signInName, await makeAccount(running.deps, organisation.code, account))
    }
    tell(
      `${organisation.name} is there, with its signing keys and ${staff.length} member${staff.length === 1 ? '' : 's'} of staff.`,
    )
  }
  return accounts
}

/** Opens a foundation's workshop: its coaches and coordinator sign in, and its clients are added. */
export async function openWorkshop(
  running: Running,
  code: 'rev1' | 'tun2',
  accounts: ReadonlyMap<string, string>,
): Promise<Workshop> {
  const organisation = organisations.find((one) => one.code === code)
  if (!organisation) throw new Error(`there is no organisation ${code}`)
  const named = (role: 'coach' | 'coordinator', nth = 0): string =>
    organisation.staff.filter((one) => one.roles.includes(role))[nth]?.signInName ?? ''
  const signIn = async (name: string): Promise<Api> => await asStaff(running.app, name, demoPassword)
  const { api: coordinator, secondFactor } = await asCoordinator(running.app, named('coordinator'), demoPassword, () =>
    running.deps.now(),
  )
  const coachIds = [named('coach'), named('coach', 1)].map((name) => accounts.get(name) ?? '')
  const people = []
  for (const { given, family, language } of clients[code]) {
    const { id } = await coordinator.post<Ids>('/api/v1/clients', {
      givenName: given,
      familyName: family,
      language,
      coachIds,
    })
    people.push({ id, name: given })
  }
  const modules = new Map<string, ModuleBody>()
  const { data } = await coordinator.get<{ data: readonly { id: string; slug: string }[] }>('/api/v1/modules')
  for (const { id, slug } of data) modules.set(slug, await coordinator.get<ModuleBody>(`/api/v1/modules/${id}`))
  const badges = [...modules.values()].flatMap((module) => module.badges)
  return {
    code,
    name: organisation.name,
    coach: await signIn(named('coach')),
    secondCoach: await signIn(named('coach', 1)),
    coordinator,
    secondFactor,
    people,
    task: (module, key) => found(modules.get(module)?.tasks.find((task) => task.key === key)?.id, `${module} ${key}`),
    badge: (slug) => found(badges.find((badge) => badge.slug === slug)?.id, slug),
  }
}

function found(id: string | undefined, what: string): string {
  if (id === undefined) throw new Error(`the foundation has no ${what}`)
  return id
}

/** A coach records each task on so many different days of the past week, by one coach and then the other. */
export async function recordWork(
  workshop: Workshop,
  clientId: string,
  tasks: readonly string[],
  now: Date,
  days = 2,
): Promise<number> {
  const rows = tasks.flatMap((taskId) =>
    Array.from({ length: days }, (_, n) => ({
      clientId,
      taskId,
      supportLevel: n === 0 ? 'general' : 'minor',
      observedOn: dayInHelsinki(new Date(now.getTime() - (days - 1 - n) * 86_400_000)),
    })),
  )
  const half = (even: boolean): typeof rows => rows.filter((_, n) => (n % 2 === 0) === even)
  for (const [coach, part] of [
    [workshop.coach, half(true)],
    [workshop.secondCoach, half(false)],
  ] as const) {
    if (part.length > 0) await coach.post('/api/v1/observations/batch', { observations: part })
  }
  return rows.length
}

/** The client signs in with a code and says how the tasks go. Gives the client's own way in. */
export async function assessOneself(
  running: Running,
  workshop: Workshop,
  clientId: string,
  tasks: readonly string[],
): Promise<Api> {
  const client = await asClient(running.app, workshop.coach, clientId)
  for (const [n, taskId] of tasks.entries())
    await client.post('/api/v1/self-assessments', { taskId, choice: n % 2 === 0 ? 4 : 3 })
  return client
}

/** The client applies, another person decides, the client takes the badge. */
export async function earnBadge(workshop: Workshop, client: Api, slug: string): Promise<Awarded> {
  const { id } = await client.post<Ids>('/api/v1/applications', { badgeClassId: workshop.badge(slug) })
  const { award } = await workshop.coordinator.post<{ award: Awarded }>(`/api/v1/applications/${id}/decision`, {
    outcome: 'award',
  })
  await client.post(`/api/v1/awards/${award.id}/answer`, { accept: true })
  return award
}

/** A coach proposes a badge; nothing happens until the client agrees. */
export async function propose(workshop: Workshop, clientId: string, slug: string): Promise<string> {
  const badgeClassId = workshop.badge(slug)
  return (await workshop.secondCoach.post<Ids>('/api/v1/applications/proposals', { clientId, badgeClassId })).id
}
