import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { benchAward } from './award.ts'
import type { Tell } from './open.ts'
import { benchPictures } from './pictures.ts'
import { benchProofs } from './proofs.ts'
import type { Row } from './rounds.ts'
import { benchSecurity } from './security.ts'
import { benchVerification } from './verification.ts'

/** `npm run bench [-- --only NAME] [--rounds N] [--json FILE]`: goals as ratios measured in one run (docs/operating.md, PERFORMANCE). */
const cases: Readonly<Record<string, (rounds: number, tell: Tell) => Promise<readonly Row[]>>> = {
  award: benchAward,
  verification: benchVerification,
  pictures: benchPictures,
  proofs: benchProofs,
  security: benchSecurity,
}

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    json: { type: 'string', default: 'out/bench.json' },
  },
})
const rounds = Number(values.rounds)
if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds takes a whole number from 1')
const wanted = values.only === undefined ? Object.keys(cases) : [values.only]
const rows: Row[] = []
for (const name of wanted) {
  const run = cases[name]
  if (!run) throw new Error(`there is no case ${name}; there are: ${Object.keys(cases).join(', ')}`)
  rows.push(...(await run(rounds, (line) => void process.stderr.write(`${line}\n`))))
}

const number = (value: number): string => value.toFixed(0)
const shown = rows.map((row) => [
  row.name,
  number(row.perSecond),
  number(row.perCpuSecond),
  row.ratio?.toFixed(2) ?? '',
  row.goal === null ? '' : `≥ ${row.goal.toFixed(2)}`,
  row.ratio === null || row.goal === null ? '' : row.ratio >= row.goal ? 'yes' : 'NO',
])
const head = ['case', 'per s', 'per CPU-s', 'ratio', 'goal', 'met']
const widths = head.map((title, column) => Math.max(title.length, ...shown.map((row) => row[column]?.length ?? 0)))
for (const row of [head, ...shown])
  process.stdout.write(`${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')}\n`)
await writeFile(values.json, `${JSON.stringify(rows, undefined, 2)}\n`).catch(() => undefined)
