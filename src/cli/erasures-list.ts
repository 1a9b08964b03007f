import { listErased } from '../rights/erase.ts'
import { defineCommand, exits } from './command.ts'
import { tenantsFor } from './tenants.ts'
import { withService } from './with-service.ts'

export const command = defineCommand({
  summary: 'print who was erased, to keep beside the backups',
  usage: '[CODE]',
  help: `Prints one line of JSON for each person who was erased: random ids and times, no names. Keep it apart from the backups, and give it
to "erasures replay" after a restore. CODE is an organisation's 4-character code; without it all are printed.`,
  examples: ['npm run cli -- erasures list > erasures.jsonl', 'npm run cli -- erasures list mer1'],
  options: {},
  positionals: 1,
  run: async ({ positionals }, io) =>
    await withService(io, async ({ db, ownerDb }) => {
      const tenants = (await tenantsFor(db, positionals[0])).map(({ tenant }) => tenant)
      for (const one of await listErased(ownerDb, tenants)) io.out(`${JSON.stringify(one)}\n`)
      return exits.done
    }),
})
