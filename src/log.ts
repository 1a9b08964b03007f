import type { Config } from './config.ts'
import type { Log } from './deps.ts'

const order = ['debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

/** JSON lines (PRODUCT §9): time, level, message, facts. Line breaks inside are encoded. Facts are never personal data (S-50). */
export function createLog(level: Config['logLevel'], write: (line: string) => void): Log {
  const least = order.indexOf(level)
  const say = (wanted: (typeof order)[number], facts: Record<string, unknown>, message: string): void => {
    if (order.indexOf(wanted) < least) return
    const { error, ...rest } = facts
    const line = {
      time: new Date().toISOString(),
      level: wanted,
      message,
      ...rest,
      ...('error' in facts && told(error)),
    }
    write(`${JSON.stringify(line, readable)}\n`)
  }
  return {
    info: (facts, message) => say('info', facts, message),
    warn: (facts, message) => say('warn', facts, message),
    error: (facts, message) => say('error', facts, message),
  }
}

/** JSON.stringify makes `{}` of an error, and cannot write a bigint. */
function readable(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  return value instanceof Error ? told(value) : value
}

/**
 * An error as the log keeps it: what kind it is, its code and where it came from. No message: a database's, a parser's or a library's may
 * quote what a person wrote (S-50); the place in the code tells which one it was.
 */
function told(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error }
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  const cause = error.cause === undefined ? {} : { cause: told(error.cause) }
  return { error: error.name, ...code, stack: framesOf(error), ...cause }
}

/** The stack without the message on top of it, which may look like frames itself. */
function framesOf({ stack = '', message }: Error): string {
  const start = message === '' ? 0 : Math.max(0, stack.indexOf(message)) + message.length
  const frames = stack
    .slice(start)
    .split('\n')
    .filter((line) => /^\s+at .*[):\d]$/.test(line))
  return frames.slice(0, 12).join('\n')
}
