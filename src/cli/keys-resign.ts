import { defineCommand } from './command.ts'
import { resignAndTell } from './resigning.ts'
import { tenantFor } from './tenants.ts'
import { withService } from './with-service.ts'

export const command = defineCommand({
  summary: 'sign badges of compromised keys anew',
  usage: 'CODE [--also-later] [--json]',
  help: `Goes on where keys compromise, or this command, was ended; any number may run at once, and the service may run beside it.
A badge keeps its ids and its first date; only its signature and the date from which it holds are new.
  --also-later         also badges that were awarded after others may have had the key: only when you have looked at each
  --json               print as JSON

Ends with 1 when badges were left as they are.`,
  examples: ['npm run cli -- keys resign mer1', 'npm run cli -- keys resign mer1 --also-later'],
  options: { 'also-later': { type: 'boolean' }, json: { type: 'boolean' } },
  positionals: 1,
  run: async ({ values, positionals }, io) =>
    await withService(io, async (deps) => {
      const { tenant } = await tenantFor(deps.db, positionals[0])
      const options = { alsoLater: values['also-later'] === true, json: values.json === true }
      return await resignAndTell(deps, io, tenant, options)
    }),
})
