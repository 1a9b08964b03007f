import { readFileSync } from 'node:fs'
import { spawn } from 'node:child_process'

/** What this process may do, as the reason of its answer. */
function tries(attempt: () => unknown): string {
  try {
    attempt()
    return 'yes'
  } catch {
    return 'no'
  }
}

const secrets = new URL('../../../package.json', import.meta.url)
const why = [
  `environment ${Object.keys(process.env).length}`,
  `file ${tries(() => readFileSync(secrets))}`,
  `process ${tries(() => spawn('true'))}`,
].join(', ')
process.stdout.write(JSON.stringify({ outcome: 'bad', why }))
