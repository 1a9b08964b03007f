import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { makeAccount } from '../accounts/account.ts'
import { nameIsTaken } from '../accounts/sign-in.ts'
import { Name } from '../i18n/names.ts'
import { defineCommand, exits, WrongUse } from './command.ts'
import { withService } from './with-service.ts'

const codeIs = "--organisation is the organisation's 4-character code"
const roleIs = '--role is coach, coordinator, foundation_lead, admin or school; may be given more than once'

const Wanted = z.strictObject({
  organisation: z.string(codeIs).regex(/^[0-9a-z]{4}$/, codeIs),
  email: z.email('--email is the address to sign in with'),
  name: z.string('--name is how colleagues see this person').pipe(Name.max(60)),
  role: z.array(z.enum(['coach', 'coordinator', 'foundation_lead', 'admin', 'school'], roleIs)).min(1, roleIs),
})

export const command = defineCommand({
  summary: 'make a staff account; prints its first password once',
  usage: '--organisation CODE --email ADDRESS --name NAME --role ROLE [--role ROLE]',
  help: `  --organisation CODE  the organisation's 4-character code
  --email ADDRESS      signs in with it; kept only as a keyed digest
  --name NAME          how colleagues see this person
  --role ROLE          coach, coordinator, foundation_lead, admin or school; may be given more than once
The password is made here and printed once. It is kept only as a hash.`,
  examples: [
    'npm run cli -- add account --organisation mer1 --email kaisa@merisaatio.example --name "Kaisa M." --role coordinator',
    'npm run cli -- add account --organisation mer1 --email pekka@merisaatio.example --name "Pekka R." --role coach',
  ],
  options: {
    organisation: { type: 'string' },
    email: { type: 'string' },
    name: { type: 'string' },
    role: { type: 'string', multiple: true },
  },
  positionals: 0,
  run: async ({ values }, io) => {
    const read = Wanted.safeParse({ ...values, role: values.role ?? [] })
    if (!read.success)
      throw new WrongUse(
        read.error.issues.map((issue) => `${issue.path[0]?.toString() ?? ''}: ${issue.message}`).join('\n'),
      )
    const { organisation, email, name, role } = read.data
    return await withService(io, async (deps) => {
      const there = await deps.db
        .selectFrom('organisation')
        .select('name')
        .where('tenant_id', '=', organisation)
        .executeTakeFirst()
      if (!there)
        throw new WrongUse(
          `There is no organisation ${organisation}. Found it first: npm run cli -- add organisation --help`,
        )
      if (await nameIsTaken(deps, email)) throw new WrongUse(`${email} has an account already.`)
      const password = randomBytes(15).toString('base64url')
      await makeAccount(deps, organisation, {
        signInName: email,
        password,
        displayName: name,
        roles: [...new Set(role)],
      })
      io.out(`${email} can sign in at ${deps.config.pagesOrigin}/kirjaudu with the password ${password}\n`)
      return exits.done
    })
  },
})
