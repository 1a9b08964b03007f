import { parseAst } from 'vitest/node'

/** A node of a syntax tree: its type and whatever it holds. */
type Node = { readonly type: string; readonly [member: string]: unknown }

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** `test` of `test(…)`, `test.each([…])(…)`, `describe.each<T>(…)(…)`; undefined for everything else. */
function runnerOf(callee: unknown): 'test' | 'describe' | undefined {
  if (!isNode(callee)) return undefined
  const { type, name } = callee
  if (type === 'Identifier') return name === 'test' || name === 'describe' ? name : undefined
  if (type === 'CallExpression') return isEach(callee['callee']) ? runnerOf(callee['callee']) : undefined
  return isEach(callee) ? runnerOf(callee['object']) : undefined
}

function memberOf(node: unknown): unknown {
  const property = isNode(node) && node.type === 'MemberExpression' ? node['property'] : undefined
  return isNode(property) ? property['name'] : undefined
}

const isEach = (node: unknown): node is Node => memberOf(node) === 'each'

/** `test.skip`, `describe.skipIf(…)` and their like: what may not run shows nothing. */
function isSkipped(callee: unknown): boolean {
  if (!isNode(callee)) return false
  if (callee.type === 'CallExpression') return isSkipped(callee['callee'])
  const isRunner = callee.type === 'MemberExpression' && runnerOf(callee['object']) !== undefined
  return isRunner && !isEach(callee)
}

/** The words of a string or, with its holes left out, of a template. */
function wordsOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined
  if (node.type === 'Literal') return typeof node['value'] === 'string' ? node['value'] : undefined
  if (node.type !== 'TemplateLiteral') return undefined
  return listOf(node['quasis'])
    .map((quasi) => (isNode(quasi) ? quasi['value'] : undefined))
    .map((value) => (typeof value === 'object' && value !== null && 'cooked' in value ? String(value.cooked) : ''))
    .join('…')
}

function namesBelow(value: unknown, outer: string): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => namesBelow(item, outer))
  if (!isNode(value)) return []
  if (value.type === 'CallExpression' && isSkipped(value['callee'])) return []
  const runner = value.type === 'CallExpression' ? runnerOf(value['callee']) : undefined
  const [first, ...others] = listOf(value['arguments'])
  const words = runner === undefined ? undefined : wordsOf(first)
  if (words === undefined) return Object.values(value).flatMap((item) => namesBelow(item, outer))
  const name = outer === '' ? words : `${outer} > ${words}`
  const inside = others.flatMap((item) => namesBelow(item, name))
  return runner === 'test' ? [name, ...inside] : inside
}

/**
 * The whole names of the tests that a source text declares, each with those of the groups around it. Read from the syntax tree: neither a
 * comment nor a text elsewhere is a test, a group without a test names nothing, and what is skipped is left out.
 */
export function testNamesIn(source: string): readonly string[] {
  return namesBelow(parseAst(source, { lang: 'ts' }), '')
}

/** The numbers of the rules that a name cites: `CONFORMANCE 3.9–3.11, 4.1, T4`. Without a dot it is a whole section and cites no rule. */
export function clausesIn(name: string): readonly string[] {
  return [...name.matchAll(/CONFORMANCE ((?:T?\d+(?:\.\d+)?(?:–\d+\.\d+)?(?:, )?)+)/g)]
    .flatMap(([, cited = '']) => cited.split(', '))
    .flatMap((one) => {
      const [, section, first, lastSection, last] = /^(\d+)\.(\d+)(?:–(\d+)\.(\d+))?$/.exec(one) ?? []
      if (section === undefined || first === undefined) return []
      if (lastSection !== undefined && lastSection !== section) return []
      const length = Math.max(Number(last ?? first) - Number(first) + 1, 0)
      return Array.from({ length }, (_, more) => `${section}.${Number(first) + more}`)
    })
}
