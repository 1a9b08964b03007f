import type { Running } from '../../main.ts'
import type { Api } from './api.ts'
import { type Awarded, assessOneself, earnBadge, propose, recordWork, type Tell, type Workshop } from './story.ts'

const wood = 'puupintojen-kasittely'
const bicycle = 'polkupyoran-huolto'

export type MainJob = {
  /** Maija's second badge: kept, and public. */
  readonly kept: Awarded & { readonly tenant: string; readonly clientId: string }
  /** Antti's badge: taken, then revoked. */
  readonly revoked: Awarded & { readonly tenant: string; readonly clientId: string }
  /** A badge of the second foundation, which signs OB 3.0 with ES256. */
  readonly other: Awarded & { readonly tenant: string; readonly clientId: string }
  readonly observations: number
  readonly awards: number
}

/** The main job from work to badge, in both foundations, and one revocation. Leaves others half-way, as in a real workshop. */
export async function doMainJob(
  running: Running,
  first: Workshop,
  second: Workshop,
  now: Date,
  tell: Tell,
): Promise<MainJob> {
  const tasks = (workshop: Workshop, module: string, ...keys: string[]): string[] =>
    keys.map((key) => workshop.task(module, key))
  const person = (workshop: Workshop, n: number): { readonly id: string; readonly name: string } => {
    const found = workshop.people[n]
    if (!found) throw new Error('the workshop has too few people')
    return found
  }
  let observations = 0
  const work = async (workshop: Workshop, clientId: string, done: readonly string[], days = 2): Promise<void> => {
    observations += await recordWork(workshop, clientId, done, now, days)
  }

  const maija = person(first, 0)
  const sanding = tasks(first, wood, 't1', 't2')
  const painting = tasks(first, wood, 't3', 't4', 't6')
  await work(first, maija.id, sanding)
  await work(first, maija.id, painting)
  tell(`Coaches recorded what ${maija.name} did: five tasks, each on two days.`)
  const herself = await assessOneself(running, first, maija.id, [...sanding, ...painting])
  tell(`${maija.name} said in her own words how it goes.`)
  const sandingBadge = await earnBadge(first, herself, `${wood}-hionta`)
  tell(`${maija.name} applied for her first badge, the coordinator awarded it, ${maija.name} took it.`)
  const kept = await proposedAndTaken(first, herself, maija.id, `${wood}-maalaus`)
  tell(`A coach proposed the second badge, ${maija.name} agreed, the coordinator awarded it, ${maija.name} took it.`)
  await herself.post(`/api/v1/awards/${kept.id}/visibility`, { public: true })
  tell(`${maija.name} made one badge public. Nobody else can.`)
  await work(first, maija.id, tasks(first, wood, 't5'), 1)

  const antti = person(first, 1)
  await work(first, antti.id, sanding)
  const himself = await assessOneself(running, first, antti.id, sanding)
  const revoked = await earnBadge(first, himself, `${wood}-hionta`)
  await first.coordinator.post(`/api/v1/awards/${revoked.id}/revocation`, {
    reason: 'issued-in-error',
    note: 'Merkki annettiin väärälle henkilölle.',
  })
  tell(`${antti.name} got a badge by mistake: the coordinator revoked it, with the reason.`)

  await leaveHalfWay(running, first, sanding, work, person)
  tell(
    'Others are half-way: an application waits for the coordinator, a proposal for its client, a badge for its taker.',
  )

  const reijo = person(second, 0)
  const cleaning = tasks(second, bicycle, 't1', 't2')
  await work(second, reijo.id, cleaning)
  const other = await earnBadge(
    second,
    await assessOneself(running, second, reijo.id, cleaning),
    `${bicycle}-huoltoapuri`,
  )
  tell(`${second.name} awarded a badge of its own, signed with ES256.`)
  return {
    kept: { ...kept, tenant: first.code, clientId: maija.id },
    revoked: { ...revoked, tenant: first.code, clientId: antti.id },
    other: { ...other, tenant: second.code, clientId: reijo.id },
    observations,
    awards: [sandingBadge, kept, revoked, other].length + 1,
  }
}

async function proposedAndTaken(workshop: Workshop, client: Api, clientId: string, slug: string): Promise<Awarded> {
  const id = await propose(workshop, clientId, slug)
  await client.post(`/api/v1/applications/${id}/answer`, { agree: true })
  const { award } = await workshop.coordinator.post<{ award: Awarded }>(`/api/v1/applications/${id}/decision`, {
    outcome: 'award',
  })
  await client.post(`/api/v1/awards/${award.id}/answer`, { accept: true })
  return award
}

/** What a coordinator and a coach find on their lists when they sign in. */
async function leaveHalfWay(
  running: Running,
  workshop: Workshop,
  sanding: readonly string[],
  work: (workshop: Workshop, clientId: string, tasks: readonly string[], days?: number) => Promise<void>,
  person: (workshop: Workshop, n: number) => { readonly id: string },
): Promise<void> {
  const slug = `${wood}-hionta`
  const [fatima, juhani, leena, niko] = [2, 3, 4, 5].map((n) => person(workshop, n).id)
  if (fatima === undefined || juhani === undefined || leena === undefined || niko === undefined) return
  for (const id of [fatima, juhani, leena, niko]) await work(workshop, id, sanding)
  const herself = await assessOneself(running, workshop, fatima, sanding)
  await herself.post('/api/v1/applications', { badgeClassId: workshop.badge(slug) })
  await assessOneself(running, workshop, juhani, sanding)
  await assessOneself(running, workshop, leena, sanding)
  await propose(workshop, leena, slug)
  const himself = await assessOneself(running, workshop, niko, sanding)
  const { id } = await himself.post<{ id: string }>('/api/v1/applications', { badgeClassId: workshop.badge(slug) })
  await workshop.coordinator.post(`/api/v1/applications/${id}/decision`, { outcome: 'award' })
  for (let n = 6; n < 12; n += 1) await work(workshop, person(workshop, n).id, sanding, 1)
}
