import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { getSignedBytes } from '../../awards/list.ts'
import { bakePng } from '../../credentials/bake/png.ts'
import { verify } from '../../credentials/verify.ts'
import type { Running } from '../../main.ts'
import { collectWorld, lookInWorld, type World } from '../../publication/world.ts'
import type { MainJob } from './main-job.ts'
import { organisations } from './people.ts'

type Owned = MainJob['kept']

export type Summary = {
  readonly publicOrigin: string
  readonly counts: Readonly<Record<string, number>>
  readonly awards: Readonly<Record<'kept' | 'revoked' | 'other', { readonly id: string; readonly publicId: string }>>
  /** What our verifier says of each file with nothing but `world.json`. */
  readonly verdicts: Readonly<Record<string, string>>
}

/**
 * Makes the files that a stranger can check without this service, and says what our own verifier makes of each with nothing but the world.
 * The badges are as their holders would download them.
 */
export async function makeFiles(
  running: Running,
  job: MainJob,
  counts: Readonly<Record<string, number>>,
): Promise<{ readonly files: ReadonlyMap<string, Uint8Array>; readonly summary: Summary; readonly world: World }> {
  const kept = await signedBytes(running, job.kept)
  const revoked = await signedBytes(running, job.revoked)
  const text = (words: string): Uint8Array => new TextEncoder().encode(words)
  const badges = new Map<string, Uint8Array>([
    ['badge.png', bakePng(kept.png, { ob3: kept.ob3Jwt, ob2: kept.ob2Jws })],
    ['ob2.jws', text(kept.ob2Jws)],
    ['ob3.jwt', text(kept.ob3Jwt)],
    ['ob3.json', text(kept.ob3Json)],
    ['revoked.png', bakePng(revoked.png, { ob3: revoked.ob3Jwt, ob2: revoked.ob2Jws })],
  ])
  const world = await collectWorld(
    running.deps,
    organisations.map((one) => one.code),
  )
  const verdicts: Record<string, string> = {}
  for (const [name, bytes] of badges) {
    verdicts[name] = (await verify(bytes, lookInWorld(world), { at: running.deps.now() })).verdict
  }
  const ids = ({ id, publicId }: Owned): { readonly id: string; readonly publicId: string } => ({ id, publicId })
  const summary: Summary = {
    publicOrigin: running.deps.config.publicOrigin,
    counts,
    awards: { kept: ids(job.kept), revoked: ids(job.revoked), other: ids(job.other) },
    verdicts,
  }
  const files = new Map([
    ...badges,
    ['world.json', text(`${JSON.stringify(world, undefined, 1)}\n`)],
    ['summary.json', text(`${JSON.stringify(summary, undefined, 2)}\n`)],
  ])
  return { files, summary, world }
}

/** Writes the files into a folder that is there. */
export async function writeFiles(folder: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  for (const [name, bytes] of files) await writeFile(join(folder, name), bytes)
}

async function signedBytes(
  running: Running,
  award: Owned,
): Promise<{ readonly ob2Jws: string; readonly ob3Jwt: string; readonly ob3Json: string; readonly png: Uint8Array }> {
  const actor = {
    kind: 'client',
    tenant: award.tenant,
    clientId: award.clientId,
    sessionId: award.clientId,
    name: '',
    openedBy: award.clientId,
    shared: false,
    roles: ['client'],
    language: 'fi',
  } as const
  // The embedded proof follows by a job, normally within a second (DESIGN, The award path 6).
  for (let waited = 0; waited < 30_000; waited += 100) {
    const { ob2Jws, ob3Jwt, ob3Json, png } = await getSignedBytes(running.deps.db, actor, award.id)
    if (ob3Json !== null && png !== null) return { ob2Jws, ob3Jwt, ob3Json, png }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('the embedded proof of an award did not come within 30 seconds')
}
