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

/** The people who are nearest to a badge, each with the nearest one. */
export function nearestPeople(
  people: readonly ClientOnList[],
  readiness: ReadinessOfClients,
  most: number,
): readonly PersonAndBadge[] {
  return people
    .flatMap((client) => {
      const all = readiness.of(client.id)
      const one = nearestBadge(all)
      return one ? [{ client, one, left: stepsLeft(one, all) }] : []
    })
    .toSorted((a, b) => a.left - b.left)
    .slice(0, most)
}

/**
 * Of the badges that are still open the one with the fewest steps left, in a module where the person holds a badge or has records; what was
 * begun goes first. None before something has been recorded.
 */
export function nearestBadge(all: readonly BadgeReadiness[]): BadgeReadiness | undefined {
  if (all.every(({ records }) => records === 0)) return undefined
  const known = new Set(
    all.filter(({ state, records }) => state === 'accepted' || records > 0).map(({ badge }) => badge.moduleVersionId),
  )
  const rank = (one: BadgeReadiness): number => {
    if (isBegun(one)) return 0
    return known.has(one.badge.moduleVersionId) ? 1 : 2
  }
  return all
    .filter((one) => one.state === 'open' && !one.readiness.met)
    .toSorted((a, b) => rank(a) - rank(b) || stepsLeft(a, all) - stepsLeft(b, all))[0]
}

/** Work of the badge was recorded, and no other badge has to come first. */
function isBegun({ records, readiness: { parts } }: BadgeReadiness): boolean {
  return (
    records > 0 && parts.some(({ kind }) => kind === 'task') && parts.every((part) => part.kind !== 'badge' || part.met)
  )
}

/** Records, views and badges that are still missing, with all that the badges below it still miss. */
function stepsLeft({ readiness }: BadgeReadiness, all: readonly BadgeReadiness[]): number {
  return readiness.parts.reduce((sum, part) => {
    if (part.met) return sum
    switch (part.kind) {
      case 'task':
        return sum + part.stillNeeded
      case 'badge': {
        const child = all.find(({ badge }) => badge.slug === part.slug)
        return sum + 1 + (child ? stepsLeft(child, all) : 0)
      }
      case 'requirements':
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
    switch (line.kind) {
      case 'task':
        return { met: line.met, words: t.evidenceRule.perTask({ task: names.task(line.taskId), what }) }
      case 'badge':
        return { met: line.met, words: t.evidenceRule.missing.childBadge({ name: names.badge(line.slug) }) }
      case 'self-assessment':
        return { met: line.met, words: line.met ? t.evidenceRule.selfAssessment : what }
      case 'requirements':
        return { met: line.met, words: what }
    }
  })
}

/** So many things are named at once; the person's page has them all. */
const namedAtOnce = 2

/** What is still needed, in one phrase. */
export function neededWords(one: BadgeReadiness, readiness: ReadinessOfClients, t: Messages, lang: Language): string {
  const missing = standingWords(one, readiness, t, lang).flatMap(({ met, words }) => (met ? [] : [words]))
  const more = missing.length - namedAtOnce
  const named = missing.slice(0, namedAtOnce).join('; ')
  return t.group.stillNeeds({ what: more > 0 ? `${named}; ${t.group.andMore({ count: more })}` : named })
}
