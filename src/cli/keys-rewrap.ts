import { BadSettings } from '../config.ts'
import { rewrapKeys } from '../keys/rewrap.ts'
import { NoSuchKek } from '../keys/vault.ts'
import { defineCommand, exits } from './command.ts'
import { progress } from './progress.ts'
import { tenantsFor } from './tenants.ts'
import { withService } from './with-service.ts'

export const command = defineCommand({
  summary: 'wrap all data keys by the current key-encryption key',
  usage: '',
  help: `After a change of KEK_CURRENT, with the former one in KEK_PREVIOUS: wraps the data keys of signing keys and clients anew. Private keys
and words are not opened, and nothing but the database is written. May be ended at any moment and run again; the service may run beside it.
When it ends with 0 everywhere, KEK_PREVIOUS is no longer needed.`,
  examples: ['npm run cli -- keys rewrap', 'KEK_CURRENT=2:… KEK_PREVIOUS=1:… npm run cli -- keys rewrap'],
  options: {},
  positionals: 0,
  run: async (_given, io) =>
    await withService(io, async ({ db, vault, secrets }) => {
      const tenants = (await tenantsFor(db, undefined)).map(({ tenant }) => tenant)
      try {
        const count = await rewrapKeys({ db, vault }, tenants, progress(io, 'Wrapping keys'))
        const former = secrets.kekPrevious.map(({ version }) => version).join(', ')
        const next =
          former === ''
            ? ''
            : ` KEK ${former} is no longer needed: take it out of KEK_PREVIOUS, and keep it only with old backups.`
        io.out(`${count} keys were wrapped anew; all are wrapped by KEK ${vault.kekVersion}.${next}\n`)
        return exits.done
      } catch (error) {
        if (!(error instanceof NoSuchKek)) throw error
        throw new BadSettings([
          `KEK_PREVIOUS: lacks version ${error.version}, which still wraps keys; give it once more and run this again.`,
        ])
      }
    }),
})
