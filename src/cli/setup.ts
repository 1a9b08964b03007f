import { makeSetupLink } from '../accounts/setup.ts'
import { asTenant } from '../db/connect.ts'
import type { Db } from '../db/database.ts'
import { paths } from '../web/paths.ts'
import { defineCommand, exits, WrongUse } from './command.ts'
import { withService } from './with-service.ts'

export const command = defineCommand({
  summary: 'print the link with which the first administrator comes in, once',
  usage: '[--organisation CODE]',
  help: `The link opens a page that founds the organisation, where there is none yet, and makes the first administrator's account.
It works once and for 24 hours. It is printed here and nowhere else; called again, the command makes another and the first one ends.
  --organisation CODE  for an organisation that is there and has no administrator; needed only where there are several`,
  examples: ['npm run cli -- setup', 'npm run cli -- setup --organisation mer1'],
  options: { organisation: { type: 'string' } },
  positionals: 0,
  run: async ({ values }, io) =>
    await withService(
      io,
      async (deps) => {
        const organisation = await organisationOf(deps.db, values.organisation)
        if (organisation !== null && (await hasAdministrator(deps.db, organisation))) {
          io.err(`${organisation} has an administrator, who makes all further accounts. No link was made.\n`)
          return exits.negative
        }
        const { link } = await makeSetupLink(deps, organisation)
        io.err('Open this within 24 hours. It works once and is not shown again:\n')
        io.out(`${deps.config.pagesOrigin}${paths.setup(link)}\n`)
        return exits.done
      },
      { mayMake: true },
    ),
})

/** The one that is meant; null where there is none yet. */
async function organisationOf(db: Db, wanted: string | undefined): Promise<string | null> {
  const rows = await db.selectFrom('organisation').select('tenant_id').orderBy('tenant_id').execute()
  const codes = rows.map(({ tenant_id: code }) => code)
  if (wanted !== undefined) {
    if (codes.includes(wanted)) return wanted
    throw new WrongUse(
      `There is no organisation ${wanted}. Leave --organisation out to found the first one by the link.`,
    )
  }
  const [first, second] = codes
  if (first === undefined) return null
  if (second === undefined) return first
  throw new WrongUse(`There are several organisations: say --organisation with one of ${codes.join(', ')}.`)
}

async function hasAdministrator(db: Db, tenant: string): Promise<boolean> {
  const admin = await asTenant(
    db,
    tenant,
    async (trx) =>
      await trx
        .selectFrom('role_grant as g')
        .innerJoin('account as a', (j) => j.onRef('a.tenant_id', '=', 'g.tenant_id').onRef('a.id', '=', 'g.account_id'))
        .select('a.id')
        .where('g.tenant_id', '=', tenant)
        .where('g.role', '=', 'admin')
        .where('g.ended_at', 'is', null)
        .where('a.disabled_at', 'is', null)
        .executeTakeFirst(),
  )
  return admin !== undefined
}
