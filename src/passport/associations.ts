import type { AssociationFacts } from '../credentials/clr/build.ts'
import type { Language, Scope } from '../credentials/facts.ts'

/** A badge class version in the tree of its module. */
export type TreeBadge = {
  readonly versionId: string
  readonly moduleVersionId: string
  readonly slug: string
  readonly version: number
  readonly scope: Scope
  readonly parentSlug: string | null
  readonly position: number
  readonly languages: readonly Language[]
}

/** A badge that is held, with the achievement that it is of. */
export type HeldBadge = { readonly versionId: string; readonly language: Language; readonly achievement: string }

/** A whole that is not held itself: its achievement comes along, so that an association has somewhere to lead. */
export type Whole = { readonly versionId: string; readonly language: Language; readonly achievement: string }

export type Associations = { readonly associations: readonly AssociationFacts[]; readonly wholes: readonly Whole[] }

/**
 * How the held badges belong together (CONFORMANCE 10.3): each is part of the badge above it, up to the unit, and tasks under one badge come
 * in their order. Pure; `achievementOf` tells the address of a badge class version in a language.
 */
export function associationsOf(
  held: readonly HeldBadge[],
  tree: readonly TreeBadge[],
  achievementOf: (badge: TreeBadge, language: Language) => string,
): Associations {
  const wholes = new Map<string, Whole>()
  const found = new Map<string, AssociationFacts>()
  const add = (one: AssociationFacts): void => {
    if (one.source !== one.target) found.set(`${one.source} ${one.type} ${one.target}`, one)
  }
  for (const { versionId, language, achievement } of held) {
    let part = { badge: tree.find((badge) => badge.versionId === versionId), achievement }
    // A tree has a few steps; one that leads round in a circle ends where it began.
    for (let step = 0; step < tree.length; step += 1) {
      const above = parentOf(part.badge, tree)
      if (!above) break
      const whole = held.find((one) => one.versionId === above.versionId) ?? wholeOf(above, language)
      add({ type: 'isPartOf', source: part.achievement, target: whole.achievement })
      part = { badge: above, achievement: whole.achievement }
    }
  }
  for (const one of ordersOf(held, tree)) add(one)
  return { associations: [...found.values()], wholes: [...wholes.values()] }

  function wholeOf(badge: TreeBadge, wanted: Language): Whole {
    const language = badge.languages.includes(wanted) ? wanted : (badge.languages[0] ?? wanted)
    const known = wholes.get(badge.versionId)
    if (known) return known
    const whole = { versionId: badge.versionId, language, achievement: achievementOf(badge, language) }
    wholes.set(badge.versionId, whole)
    return whole
  }
}

function parentOf(badge: TreeBadge | undefined, tree: readonly TreeBadge[]): TreeBadge | undefined {
  if (!badge?.parentSlug) return undefined
  return tree.find((one) => one.slug === badge.parentSlug && one.moduleVersionId === badge.moduleVersionId)
}

/** Held tasks under one badge: each precedes the next. */
function ordersOf(held: readonly HeldBadge[], tree: readonly TreeBadge[]): readonly AssociationFacts[] {
  const tasks = held
    .map((one) => ({ ...one, badge: tree.find((badge) => badge.versionId === one.versionId) }))
    .filter(({ badge }) => badge?.scope === 'task')
  const siblings = Map.groupBy(tasks, ({ badge }) => `${badge?.moduleVersionId} ${badge?.parentSlug}`)
  return [...siblings.values()].flatMap((group) => {
    const inOrder = group.toSorted((one, other) => (one.badge?.position ?? 0) - (other.badge?.position ?? 0))
    return inOrder.slice(1).map((next, place): AssociationFacts => {
      const source = inOrder[place]?.achievement ?? next.achievement
      return { type: 'precedes', source, target: next.achievement }
    })
  })
}
