import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

// Who may import whom (docs/ARCHITECTURE.md). Read from the imports themselves, so that it cannot be forgotten.

const root = fileURLToPath(new URL('../', import.meta.url))
const src = join(root, 'src')

const features = [
  'accounts',
  'audit',
  'awards',
  'badges',
  'clients',
  'endorsements',
  'evidence',
  'foundations',
  'integrations',
  'keys',
  'modules',
  'passport',
  'progress',
  'publication',
  'qualifications',
  'retention',
  'rights',
  'shares',
  'verification',
]
const layers = ['credentials', 'db', 'http', 'i18n', 'jobs', 'matrix', 'web', 'cli']

type Import = { readonly from: string; readonly to: string; readonly isType: boolean }

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
const imports: readonly Import[] = files.flatMap(importsOf)

function importsOf(file: string): Import[] {
  const text = readFileSync(join(src, file), 'utf8')
  const statements = text.matchAll(
    /^(?:import|export)\s+(type\s+)?[^'"]*?from\s+'([^']+)'|^import\s+'([^']+)'|import\('([^']+)'\)/gm,
  )
  return [...statements].map(([, type, from, bare, dynamic]) => {
    const target = from ?? bare ?? dynamic ?? ''
    const to = target.startsWith('.') ? relative(root, resolve(src, dirname(file), target)) : target
    return { from: `src/${file}`, to, isType: type !== undefined }
  })
}

const folderOf = (path: string): string => (path.startsWith('src/') ? (path.split('/')[1] ?? '') : '')
const isInside = (path: string, ...folders: string[]): boolean =>
  folders.some((folder) => path.startsWith(`src/${folder}/`))
const isOurs = (path: string): boolean => path.startsWith('src/')

function offenders(isBad: (one: Import) => boolean): string[] {
  return imports.filter(isBad).map(({ from, to }) => `${from} → ${to}`)
}

test('there is something to look at', () => {
  expect(files.length).toBeGreaterThan(100)
  expect(imports.length).toBeGreaterThan(300)
})

test('every folder of src is known here; no utils, helpers, common, services or types', () => {
  const folders = [...new Set(files.map((file) => folderOf(`src/${file}`)).filter((folder) => !folder.endsWith('.ts')))]
  expect(folders.filter((folder) => ![...features, ...layers].includes(folder))).toEqual([])
})

describe('who may import whom', () => {
  test('credentials/ imports only itself, published data and its few libraries', () => {
    const libraries = new Set([
      'jose',
      'jsonld',
      'jsonld/jsonld-spec.js',
      'ajv',
      'ajv/dist/2019.js',
      'ajv-formats',
      'zod',
      '@xmldom/xmldom',
    ])
    const builtin = new Set(['node:buffer', 'node:crypto', 'node:zlib', 'node:util'])
    const isAllowed = (to: string): boolean =>
      isInside(to, 'credentials') || to.startsWith('schemas/') || libraries.has(to) || builtin.has(to)
    expect(offenders(({ from, to }) => isInside(from, 'credentials') && !isAllowed(to))).toEqual([])
  })

  test('credentials/ knows neither the time nor chance nor the process it runs in: all that is passed to it', () => {
    const asks =
      /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\brandom(?:Bytes|UUID|Int)\b|\bprocess\b\.|\bset(?:Timeout|Interval|Immediate)\b|\bperformance\b|\bglobalThis\b|\bimport\(|\bconsole\b/
    const pure = files.filter((file) => file.startsWith('credentials/'))
    expect(pure.length).toBeGreaterThan(50)
    expect(pure.filter((file) => asks.test(readFileSync(join(src, file), 'utf8')))).toEqual([])
  })

  test('i18n/ imports only itself, web/ adds i18n/', () => {
    expect(offenders(({ from, to }) => isInside(from, 'i18n') && isOurs(to) && !isInside(to, 'i18n'))).toEqual([])
    expect(offenders(({ from, to }) => isInside(from, 'web') && isOurs(to) && !isInside(to, 'web', 'i18n'))).toEqual([])
  })

  test('matrix/ imports only itself', () => {
    expect(offenders(({ from, to }) => isInside(from, 'matrix') && !isInside(to, 'matrix'))).toEqual([])
  })

  test('http/ imports refusal.ts, i18n/, matrix/ and web/; jobs/ imports db/', () => {
    const isAllowed = ({ to, isType }: Import): boolean =>
      to === 'src/refusal.ts' || isInside(to, 'http', 'i18n', 'matrix', 'web') || (isType && to === 'src/deps.ts')
    expect(offenders((one) => isInside(one.from, 'http') && isOurs(one.to) && !isAllowed(one))).toEqual([])
    expect(offenders(({ from, to }) => isInside(from, 'jobs') && isOurs(to) && !isInside(to, 'jobs', 'db'))).toEqual([])
  })

  test("db/ knows of the features their tables' types only", () => {
    const isTableType = ({ to, isType }: Import): boolean => isType && to.endsWith('/tables.ts')
    expect(
      offenders((one) => isInside(one.from, 'db') && isOurs(one.to) && !isInside(one.to, 'db') && !isTableType(one)),
    ).toEqual([])
  })

  test("a feature never imports another feature's store, routes, pages or views", () => {
    const isInner = (to: string): boolean => /\/(store|routes|pages|[a-z-]*views|jobs)\.ts$/.test(to)
    const isForeign = ({ from, to }: Import): boolean =>
      isInside(from, ...features) && isInside(to, ...features) && folderOf(from) !== folderOf(to)
    expect(offenders((one) => isForeign(one) && isInner(one.to))).toEqual([])
  })

  test('nobody below imports what puts it all together, but for types', () => {
    const top = new Set(['src/app.ts', 'src/main.ts', 'src/deps.ts', 'src/features.ts', 'src/tasks.ts'])
    const isTop = (path: string): boolean => top.has(path) || isInside(path, 'cli')
    expect(
      offenders(
        ({ from, to, isType }) =>
          isInside(from, ...features, ...layers.filter((l) => l !== 'cli')) && isTop(to) && !isType,
      ),
    ).toEqual([])
  })

  test('only the egress door reaches the network, only web/html.ts the template library, only config.ts the environment', () => {
    expect(offenders(({ from, to }) => to === 'undici' && !from.startsWith('src/verification/'))).toEqual([])
    expect(offenders(({ from, to }) => to.startsWith('hono') && from !== 'src/web/html.ts')).toEqual([])
    const readers = files.filter((file) => /process\.env|\bfetch\(/.test(readFileSync(join(src, file), 'utf8')))
    expect(readers).toEqual(['config.ts'])
  })

  test('migrations never import from src', () => {
    const folder = join(root, 'migrations')
    const bad = readdirSync(folder).filter((file) => readFileSync(join(folder, file), 'utf8').includes('../src'))
    expect(bad).toEqual([])
  })
})
