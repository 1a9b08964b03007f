import { mkdtempSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { z } from 'zod'
import { main } from '../../../src/cli/main.ts'
import { Fields, type Out } from './files.ts'

export const Verdict = z.strictObject({
  verdict: z.string(),
  checks: z
    .array(z.strictObject({ id: z.string(), outcome: z.string(), code: z.string(), reason: z.string().min(1) }))
    .min(1),
  credential: Fields.nullable(),
})
export type Verdict = z.infer<typeof Verdict>
export const VerdictOfFile = Verdict.extend({ file: z.string() })

export type Called = { readonly code: number; readonly out: string; readonly err: string }

/** `cli verify` with these arguments, and nothing in its environment. */
export async function call(...args: readonly string[]): Promise<Called> {
  const said = { out: '', err: '' }
  const code = await main(['verify', ...args], {
    out: (text) => void (said.out += text),
    err: (text) => void (said.err += text),
    stdin: process.stdin,
    env: {},
    isTerminal: false,
  })
  return { code, ...said }
}

/** The reasons why it is not valid. */
export const failedCodes = ({ checks }: Verdict): readonly string[] =>
  checks.filter(({ outcome }) => outcome === 'failed').map(({ code }) => code)

/** What a test needs to have changed files judged with the demo's world. */
export type Judge = {
  /** Keeps bytes as a file beside `out/`; gives its path. */
  readonly save: (bytes: string | Uint8Array) => Promise<string>
  /** Saves and judges; more arguments follow the usual ones. */
  readonly judge: (
    bytes: string | Uint8Array,
    ...more: readonly string[]
  ) => Promise<Verdict & { readonly exit: number }>
  readonly world: string
  /** Paths of the four valid badges. */
  readonly originals: readonly string[]
}

export function judgeOf({ folder }: Out): Judge {
  const changed = mkdtempSync(join(folder, '..', 'changed-'))
  const world = join(folder, 'world.json')
  let files = 0
  const save = async (bytes: string | Uint8Array): Promise<string> => {
    const path = join(changed, String((files += 1)))
    await writeFile(path, bytes)
    return path
  }
  return {
    save,
    judge: async (bytes, ...more) => {
      const { code, out, err } = await call(await save(bytes), '--json', '--world', world, ...more)
      expect(err).toBe('')
      return { ...Verdict.parse(JSON.parse(out)), exit: code }
    },
    world,
    originals: ['badge.png', 'ob2.jws', 'ob3.jwt', 'ob3.json'].map((name) => join(folder, name)),
  }
}
