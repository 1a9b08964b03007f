import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { Learnt, SecondOpinion, SecondOpinionAnswer } from '../credentials/verdict.ts'
import { createGate } from './gate.ts'

/** The bounds of S-29. */
export const opinionLimits = {
  /** From the wish to the answer, with waiting and starting. */
  wholeMs: 2000,
  heapMb: 64,
  answerBytes: 1000,
  /** Processes at once. */
  atOnce: 2,
} as const

/** What only tests give. */
export type OpinionParts = { readonly script?: string; readonly wholeMs?: number }

const Answer = z.strictObject({ outcome: z.enum(['good', 'bad', 'incomplete']), why: z.string().max(100) })

const root = fileURLToPath(new URL('../../', import.meta.url))
const child = fileURLToPath(new URL('second-opinion-child.ts', import.meta.url))
// node_modules may be a link to somewhere else.
const modules = dirname(dirname(createRequire(import.meta.url).resolve('openbadges-validator')))

/** It may read the packages and itself; nothing may be written, and no process or thread started. */
function flagsFor(script: string): readonly string[] {
  const readable = [`${modules}/*`, `${root}node_modules/*`, `${root}vendor/*`, `${root}schemas/*`, script]
  return [
    '--permission',
    ...readable.map((path) => `--allow-fs-read=${path}`),
    `--max-old-space-size=${opinionLimits.heapMb}`,
    '--no-warnings',
    script,
  ]
}

type Ended = { readonly how: 'answered'; readonly text: string } | { readonly how: 'late' | 'broken' }

/** Runs the script with an empty environment until it answers, breaks or the signal ends it. */
async function run(script: string, question: string, signal: AbortSignal): Promise<Ended> {
  return await new Promise((resolve) => {
    const stdio = ['pipe', 'pipe', 'ignore'] as const
    const running = spawn(process.execPath, flagsFor(script), {
      env: {},
      stdio: [...stdio],
      signal,
      killSignal: 'SIGKILL',
    })
    const chunks: Buffer[] = []
    let size = 0
    running.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > opinionLimits.answerBytes) running.kill('SIGKILL')
      else chunks.push(chunk)
    })
    // One that ended before it had read everything: what it left behind is told by `close`.
    running.stdin.on('error', () => undefined)
    running.on('error', () => resolve({ how: signal.aborted ? 'late' : 'broken' }))
    running.on('close', (code) => {
      const how = code === 0 ? 'answered' : 'broken'
      resolve(how === 'answered' ? { how, text: Buffer.concat(chunks).toString('utf8') } : { how })
    })
    running.stdin.end(question)
  })
}

function read(text: string): SecondOpinionAnswer {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return { outcome: 'none', why: 'broken' }
  }
  const answer = Answer.safeParse(json)
  if (!answer.success) return { outcome: 'none', why: 'broken' }
  const { outcome, why } = answer.data
  if (outcome === 'incomplete') return { outcome: 'none', why: 'incomplete' }
  return outcome === 'good' ? { outcome } : { outcome, why }
}

function written(badge: string, documents: readonly Learnt[]): string {
  return JSON.stringify({
    badge,
    documents: documents.map(({ address, contentType, body }) => ({
      address,
      // It compares the type as text.
      contentType: contentType.split(';')[0]?.trim().toLowerCase() ?? '',
      body: Buffer.from(body).toString('base64'),
    })),
  })
}

/**
 * Makes the way to ask openbadges-validator (S-29; DEPENDENCIES 5): in a process of its own, without network, files, environment or much
 * memory, for at most two seconds, from nothing but the documents that the guarded fetch has brought. Never throws: whatever goes wrong
 * is no answer.
 */
export function createSecondOpinion({
  script = child,
  wholeMs = opinionLimits.wholeMs,
}: OpinionParts = {}): SecondOpinion {
  const gate = createGate(opinionLimits.atOnce)
  return async (badge, documents) => {
    const signal = AbortSignal.timeout(wholeMs)
    try {
      const leave = await gate.enter(signal)
      const ended = await run(script, written(badge, documents), signal).finally(leave)
      return ended.how === 'answered' ? read(ended.text) : { outcome: 'none', why: ended.how }
    } catch {
      // No process could be started, or none of the places became free.
      return { outcome: 'none', why: signal.aborted ? 'late' : 'broken' }
    }
  }
}

/** For this process, so that its bound on processes holds for all who ask. */
export const askSecondOpinion: SecondOpinion = createSecondOpinion()
