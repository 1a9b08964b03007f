import { expect, test } from 'vitest'
import { associationsOf, type HeldBadge, type TreeBadge } from '../../src/passport/associations.ts'

// CONFORMANCE 10.3: module → unit is isPartOf, the order of tasks is precedes.

const badge = (slug: string, scope: TreeBadge['scope'], parentSlug: string | null, position: number): TreeBadge => ({
  versionId: `v-${slug}`,
  moduleVersionId: 'm1',
  slug,
  version: 1,
  scope,
  parentSlug,
  position,
  languages: ['fi', 'sv'],
})
const tree = [
  badge('hionta', 'task', 'moduuli', 1),
  badge('maalaus', 'task', 'moduuli', 2),
  badge('lakkaus', 'task', 'moduuli', 3),
  badge('moduuli', 'module', 'osa', 4),
  badge('osa', 'unit', null, 5),
]
const held = (slug: string, language: 'fi' | 'sv' | 'en' = 'fi'): HeldBadge => ({
  versionId: `v-${slug}`,
  language,
  achievement: `${slug}/${language}`,
})
const addressOf = ({ slug }: TreeBadge, language: string): string => `${slug}/${language}`
const linesOf = (badges: readonly HeldBadge[], of = tree): readonly string[] =>
  associationsOf(badges, of, addressOf).associations.map(({ source, type, target }) => `${source} ${type} ${target}`)

test('one task: part of its module, which is part of its unit; both come along as achievements', () => {
  expect(linesOf([held('hionta')])).toEqual(['hionta/fi isPartOf moduuli/fi', 'moduuli/fi isPartOf osa/fi'])
  expect(associationsOf([held('hionta')], tree, addressOf).wholes.map((one) => one.achievement)).toEqual([
    'moduuli/fi',
    'osa/fi',
  ])
})

test('a whole that is held itself does not come along a second time, in whatever language it is held', () => {
  const { wholes } = associationsOf([held('hionta'), held('moduuli', 'sv')], tree, addressOf)
  expect(wholes.map((one) => one.achievement)).toEqual(['osa/fi'])
  expect(linesOf([held('hionta'), held('moduuli', 'sv')])).toEqual([
    'hionta/fi isPartOf moduuli/sv',
    'moduuli/sv isPartOf osa/fi',
  ])
})

test('held tasks come in their order, also when one between is not held', () => {
  expect(linesOf([held('lakkaus'), held('hionta')]).filter((line) => line.includes('precedes'))).toEqual([
    'hionta/fi precedes lakkaus/fi',
  ])
})

test('the same badge held twice says nothing twice and does not precede itself', () => {
  expect(linesOf([held('hionta'), held('hionta')])).toEqual(linesOf([held('hionta')]))
})

test('a whole in a language that it has not is named in one that it has', () => {
  expect(linesOf([held('hionta', 'en')])).toEqual(['hionta/en isPartOf moduuli/fi', 'moduuli/fi isPartOf osa/fi'])
})

test('a badge alone, and a tree that leads round in a circle', () => {
  expect(linesOf([held('osa')])).toEqual([])
  const circle = [badge('a', 'module', 'b', 1), badge('b', 'module', 'a', 2)]
  expect(linesOf([held('a')], circle)).toEqual(['a/fi isPartOf b/fi', 'b/fi isPartOf a/fi'])
})
