import { type KeyView, listKeys } from '../keys/list.ts'
import { countByKek } from '../keys/rewrap.ts'
import { defineCommand, exits } from './command.ts'
import { tenantsFor } from './tenants.ts'
import { withService } from './with-service.ts'

export const command = defineCommand({
  summary: "show an organisation's signing keys, or everybody's",
  usage: '[CODE] [--json]',
  help: `CODE is the organisation's 4-character code; without it all are shown. Never shows a private key.
  --json               print as JSON

active       signs and verifies
retired      signs no more, verifies for ever
compromised  others may have had it since the time shown: it left the key sets`,
  examples: ['npm run cli -- keys list', 'npm run cli -- keys list mer1 --json'],
  options: { json: { type: 'boolean' } },
  positionals: 1,
  run: async ({ values, positionals }, io) =>
    await withService(io, async ({ db, vault }) => {
      const tenants = await tenantsFor(db, positionals[0])
      const all = []
      for (const one of tenants) all.push({ ...one, keys: await listKeys(db, one.tenant) })
      const wrapped = await countByKek(
        db,
        tenants.map(({ tenant }) => tenant),
      )
      if (values.json === true) {
        io.out(`${JSON.stringify({ organisations: all, wrapped: Object.fromEntries(wrapped) })}\n`)
        return exits.done
      }
      for (const { tenant, name, keys } of all) io.out(`${tenant}  ${name}\n${table(keys)}\n`)
      io.out(wrappedLines(wrapped, vault.kekVersion))
      return exits.done
    }),
})

function table(keys: readonly KeyView[]): string {
  const rows = keys.map(({ kid, algorithm, state, createdAt, kekVersion, ...key }) => {
    const ended = key.compromisedAt ?? key.retiredAt
    return [
      kid,
      algorithm,
      state,
      `made ${day(createdAt)}`,
      ended ? `${state} ${minute(ended)}` : '',
      `KEK ${kekVersion}`,
    ]
  })
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  return rows
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
    .join('\n')
    .concat('\n')
}

function wrappedLines(wrapped: ReadonlyMap<string, number>, current: string): string {
  const lines = [...wrapped]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([version, count]) => {
      const what = version === current ? '(KEK_CURRENT)' : '(former; npm run cli -- keys rewrap moves them)'
      return `KEK ${version} wraps ${count} keys of signing and clients ${what}\n`
    })
  return lines.join('')
}

function day(instant: Date): string {
  return instant.toISOString().slice(0, 10)
}

function minute(instant: Date): string {
  return `${instant.toISOString().slice(0, 16)}Z`
}
