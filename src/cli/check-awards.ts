import { type AwardsChecked, checkAwards } from '../awards/check/check-awards.ts'
import { tenantOfHead } from '../awards/check/signed-heads.ts'
import { Refusal } from '../refusal.ts'
import { defineCommand, exits, type Io } from './command.ts'
import { readInputFile } from './input-file.ts'
import { progress } from './progress.ts'
import { tenantsFor } from './tenants.ts'
import { withService } from './with-service.ts'

export const command = defineCommand({
  summary: 'verify the whole history and every badge again',
  usage: '[CODE] [--head FILE] [--json]',
  help: `Recomputes the hash chain from its first entry, compares it with the heads that were signed each hour, and checks every badge's bytes and
signatures. Names each entry that was changed, removed, swapped or inserted. Changes nothing; the service may run.
CODE is an organisation's 4-character code; without it all are checked.
  --head FILE          a signed head that was kept elsewhere, from …/o/CODE/history-head; or - for standard input
  --json               print as JSON

Ends with 1 when anything is wrong.`,
  examples: [
    'npm run check:awards',
    'curl -s https://merkit.example/o/mer1/history-head | npm run check:awards -- mer1 --head -',
  ],
  options: { head: { type: 'string' }, json: { type: 'boolean' } },
  positionals: 1,
  run: async ({ values, positionals }, io) => {
    const head = values.head === undefined ? [] : [await readHead(values.head, io)]
    return await withService(io, async ({ db }) => {
      const tenants = (await tenantsFor(db, positionals[0])).map(({ tenant }) => tenant)
      const of = head.map(tenantOfHead)[0]
      if (of !== undefined && !tenants.includes(of))
        throw new Refusal('content', `The head is of ${of}, which is not checked`)
      const started = performance.now()
      const checked = await checkAwards(db, tenants, { heads: head, onProgress: progress(io, 'Checking') })
      const seconds = (performance.now() - started) / 1000
      io.out(values.json === true ? `${JSON.stringify(checked)}\n` : inWords(checked, seconds))
      return checked.faultCount === 0 ? exits.done : exits.negative
    })
  },
})

async function readHead(file: string, io: Io): Promise<string> {
  const text = Buffer.from(await readInputFile(file, io, 64 * 1024))
    .toString('utf8')
    .trim()
  if (tenantOfHead(text) === undefined) throw new Refusal('unreadable', `${file} holds no signed head of a history`)
  return text
}

function inWords({ tenants, entries, awards, heads, faults, faultCount }: AwardsChecked, seconds: number): string {
  const what = `${entries} entries, ${awards} badges and ${heads} signed heads of ${tenants} organisations in ${seconds.toFixed(1)} s`
  if (faultCount === 0) return `All is whole: ${what}.\n`
  const lines = faults.map(({ tenant, what: told }) => `${tenant}  ${told}\n`).join('')
  const more = faultCount > faults.length ? `… and ${faultCount - faults.length} more\n` : ''
  return `${lines}${more}${faultCount} faults in ${what}.\n`
}
