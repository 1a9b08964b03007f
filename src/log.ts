import type { Config } from './config.ts'
import type { Log } from './deps.ts'

const order = ['debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

/** JSON lines (PRODUCT §9): time, level, message, facts. Line breaks inside are encoded. Facts are never personal data (S-50). */
export function createLog(level: Config['logLevel'], write: (line: string) => void): Log {
  const least = order.indexOf(level)
  const say = (wanted: (typeof order)[number], facts: Record<string, unknown>, message: string): void => {
    if (order.indexOf(wanted) < least) return
    write(`${JSON.stringify({ time: new Date().toISOString(), level: wanted, message, ...facts }, readable)}\n`)
  }
  return {
    info: (facts, message) => say('info', facts, message),
    warn: (facts, message) => say('warn', facts, message),
    error: (facts, message) => say('error', facts, message),
  }
}

/** JSON.stringify makes `{}` of an error. */
function readable(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  return value instanceof Error ? { name: value.name, message: value.message, stack: value.stack } : value
}
