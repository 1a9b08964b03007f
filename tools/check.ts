/** `npm run check`: types, lint, format. Says nothing when all is well; the architecture rules are a test (`npm test`) and run here too. */
import { spawnSync } from 'node:child_process'

const steps: readonly (readonly [string, readonly string[]])[] = [
  ['tsc', ['--noEmit']],
  ['oxlint', ['--type-aware', '--deny-warnings', '--quiet', '.']],
  ['biome', ['format', '.']],
  ['vitest', ['run', '--reporter=dot', 'test/architecture.test.ts']],
]

let failed = false
for (const [command, args] of steps) {
  const result = spawnSync(command, [...args], { encoding: 'utf8' })
  if (result.status === 0) continue
  failed = true
  process.stderr.write(`${command} ${args.join(' ')}\n${result.stdout}${result.stderr}${result.error?.message ?? ''}\n`)
}
process.exitCode = failed ? 1 : 0
