import { explainReadiness, readinessSentence } from '../badges/evidence-words.ts'
import type { ClientOnList } from '../clients/client.ts'
import type { Language, Messages } from '../i18n/index.ts'
import { pickText } from '../i18n/index.ts'
import type { BadgeReadiness, ReadinessOfClients } from './readiness.ts'

export type PersonAndBadge = { readonly client: ClientOnList; readonly one: BadgeReadiness }

/** Who is ready for a badge that nobody has proposed, applied for or awarded yet (PRODUCT C3). */
export function readyPeople(people: readonly ClientOnList[], readiness: ReadinessOfClients): readonly PersonAndBadge[] {
  return people.flatMap((client) =>
    readiness
      .of(client.id)
      .filter((one) => one.state === 'open' && one.readiness.met)
      .map((one) => ({ client, one })),
  )
}

/** The people who are nearest to a badge, each with the nearest one; only where something has been recorded. */
export function nearestPeople(
  people: readonly ClientOnList[],
  readiness: ReadinessOfClients,
  most: number,
): readonly PersonAndBadge[] {
  return people
    .flatMap((client) => {
      const one = nearestBadge(readiness.of(client.id))
      return one ? [{ client, one }] : []
    })
    .toSorted((a, b) => stepsLeft(a.one) - stepsLeft(b.one))
    .slice(0, most)
}

/** The badge with the fewest steps left among those begun. */
export function nearestBadge(all: readonly BadgeReadiness[]): BadgeReadiness | undefined {
  return all
    .filter((one) => one.state === 'open' && !one.readiness.met && one.records > 0)
    .toSorted((a, b) => stepsLeft(a) - stepsLeft(b))[0]
}

/** Records, views and badges that are still missing. */
function stepsLeft({ readiness }: BadgeReadiness): number {
  return readiness.parts.reduce((sum, part) => {
    if (part.met) return sum
    switch (part.kind) {
      case 'task':
        return sum + part.stillNeeded
      case 'badge':
        // A whole badge is farther than any of its parts.
        return sum + 10
      case 'requirements':
        return sum + part.missing.length
      case 'self-assessment':
        return sum + part.missing.length
    }
  }, 0)
}

/** Where the client stands on each line of the rule, in words: "Hionta ja kittaus: 1 / 2, yksi vielä toisena päivänä". */
export function standingWords(
  one: BadgeReadiness,
  readiness: ReadinessOfClients,
  t: Messages,
  lang: Language,
): readonly { readonly met: boolean; readonly words: string }[] {
  const names = {
    task: (id: string) => pickText(readiness.taskNames.get(id) ?? {}, lang).text,
    badge: (slug: string) =>
      pickText(readiness.badges.find((badge) => badge.slug === slug)?.name ?? {}, lang).text || slug,
  }
  return explainReadiness(one.badge.rule, one.readiness).map((line) => {
    const what = readinessSentence(line, t.evidenceRule, names)
    const words = line.kind === 'task' ? t.evidenceRule.perTask({ task: names.task(line.taskId), what }) : what
    return { met: line.met, words }
  })
}

/** What is still needed, in one phrase. */
export function neededWords(one: BadgeReadiness, readiness: ReadinessOfClients, t: Messages, lang: Language): string {
  const missing = standingWords(one, readiness, t, lang).filter(({ met }) => !met)
  return t.group.stillNeeds({ what: missing.map(({ words }) => words).join('; ') })
}
