import { z } from 'zod'
import { compromiseKey } from '../keys/compromise.ts'
import { defineCommand, WrongUse } from './command.ts'
import { resignAndTell } from './resigning.ts'
import { tenantFor } from './tenants.ts'
import { withService } from './with-service.ts'

const Since = z.iso.datetime({ offset: true })

export const command = defineCommand({
  summary: 'say that others may have had a signing key; signs its older badges anew',
  usage: 'CODE KID --since TIME',
  help: `Says that others may have had the key since TIME. At once it leaves the key sets, is marked revoked in the issuer's document, and is replaced
if it was in use. Then every badge that it signed before TIME is signed anew by the new key, and its holder is told to download it again.
Ended half-way, the service goes on with that, or: npm run cli -- keys resign CODE.
  --since TIME         since when, such as 2026-11-22T10:00:00Z; choose the earliest that is possible. Cannot be taken back, only made earlier

If awards may be forged at this moment, stop issuing first: npm run cli -- issuing stop CODE`,
  examples: [
    'npm run cli -- keys compromise mer1 rsa-2026-11-22-7f3a09c1 --since 2027-03-01T00:00:00Z',
    'npm run cli -- keys compromise mer1 ed25519-2026-11-22-0b1c2d3e --since 2027-03-01T08:30:00+02:00',
  ],
  options: { since: { type: 'string' } },
  positionals: 2,
  run: async ({ values, positionals }, io) => {
    const since = Since.safeParse(values.since)
    if (!since.success)
      throw new WrongUse('Say since when: --since and a time with its zone, such as 2026-11-22T10:00:00Z.')
    const [code, kid] = positionals
    if (kid === undefined) throw new WrongUse('Say which key: its name, as in npm run cli -- keys list.')
    return await withService(io, async (deps) => {
      const { tenant } = await tenantFor(deps.db, code)
      const done = await compromiseKey(deps, tenant, { kid, since: new Date(since.data) })
      const replaced = done.replacedBy === null ? '' : ` ${done.replacedBy} signs now.`
      io.out(
        done.changed
          ? `${kid} is compromised since ${done.since.toISOString()}: it left the key sets.${replaced}\n`
          : `${kid} was compromised already, since ${done.since.toISOString()}.\n`,
      )
      return await resignAndTell(deps, io, tenant)
    })
  },
})
