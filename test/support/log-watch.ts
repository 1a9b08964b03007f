import { z } from 'zod'
import type { Log } from '../../src/deps.ts'
import { createLog } from '../../src/log.ts'

/** A log whose lines are kept, and judged when the service of the test is closed. */
export type WatchedLog = {
  readonly log: Log
  readonly lines: readonly string[]
  /** Throws when a line holds anything but what a line may hold (S-50). */
  readonly expectNoPersons: () => void
}

/**
 * S-50, over the whole suite: whatever a test writes, asks for or breaks, no line of the log has room for it. Each value has its form, and none
 * of the forms takes a name, an e-mail address, a code, a token, a body or a query.
 */
export function watchedLog(): WatchedLog {
  const lines: string[] = []
  const log = createLog('debug', (line) => void lines.push(line))
  return {
    log,
    lines,
    expectNoPersons: () => {
      const faults = lines.flatMap((line) => faultIn(line) ?? [])
      if (faults.length > 0) throw new Error(`S-50, the log says more than it may:\n${faults.slice(0, 5).join('\n')}`)
    },
  }
}

const frames = z.string().regex(/^(?:\s+at [^\n]{1,300}(?:\n|$)){0,12}$/)
const code = z.string().regex(/^[A-Z0-9_]{3,40}$/)

/** Sentences of ours. The queue's own name a job, and never what went wrong with it. */
const messages = [
  'answered',
  'a bug',
  'the database did not answer',
  'a database connection was lost',
  'a job failed',
  'the head of a history was not signed',
  'badges of a compromised key were signed anew',
  'decisions of the same moment could not share a statement',
]
const ofQueue = /^Failed task \d+ \([a-z]+(?:\.[a-z]+)+, [\d.]+ms, attempt \d+ of \d+\) with error 'see the log'$/

const Told = z.strictObject({
  error: z.string().regex(/^\w{1,40}$/),
  code: code.optional(),
  stack: frames.optional(),
  get cause() {
    return Told.optional()
  },
})

const Line = z.strictObject({
  time: z.iso.datetime(),
  level: z.enum(['debug', 'info', 'warn', 'error']),
  message: z.string().refine((text) => messages.includes(text) || ofQueue.test(text)),
  request: z.uuid().optional(),
  method: z
    .string()
    .regex(/^[A-Z-]{1,20}$/)
    .optional(),
  // The pattern, with :id where an address has an id.
  route: z
    .string()
    .regex(/^(?:none|\*|\/[a-zäö0-9./:*_-]*)$/i)
    .refine((route) => route.startsWith('/assets/') || !/[0-9a-f]{8}-|\d{5}|[?=@%]/.test(route))
    .optional(),
  status: z.int().min(100).max(599).optional(),
  ms: z.int().min(0).optional(),
  tenant: z
    .string()
    .regex(/^[a-z0-9]{4}$/)
    .optional(),
  actor: z.uuid().optional(),
  part: z.literal('jobs').optional(),
  task: z
    .string()
    .regex(/^[a-z]+(\.[a-z]+)+$/)
    .optional(),
  job: z.string().regex(/^\d+$/).optional(),
  resigned: z.int().optional(),
  later: z.int().optional(),
  differing: z.int().optional(),
  ...Told.partial().shape,
})

/** What is wrong with one line, or undefined. */
export function faultIn(line: string): string | undefined {
  if (!line.endsWith('\n') || line.slice(0, -1).includes('\n')) return `not one line: ${line}`
  const read = Line.safeParse(JSON.parse(line))
  return read.success ? undefined : `${z.prettifyError(read.error)}\n${line}`
}
