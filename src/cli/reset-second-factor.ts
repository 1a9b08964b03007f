import { dropSecondFactor } from '../accounts/second-factor.ts'
import { findAccountByName } from '../accounts/sign-in.ts'
import { defineCommand, exits, WrongUse } from './command.ts'
import { withService } from './with-service.ts'

export const command = defineCommand({
  summary: 'take the second factor of somebody away who has lost telephone and recovery codes',
  usage: '--email ADDRESS',
  help: `The account's sessions end, and the next sign-in by password leads to a new second factor.
Be sure who asks: from then on the password alone is enough to set one up.
  --email ADDRESS      what the person signs in with`,
  examples: [
    'npm run cli -- reset second-factor --email kaisa@merisaatio.example',
    'docker compose exec -T app node src/cli/main.ts reset second-factor --email kaisa@merisaatio.example',
  ],
  options: { email: { type: 'string' } },
  positionals: 0,
  run: async ({ values }, io) => {
    const { email } = values
    if (email === undefined) throw new WrongUse('--email is what the person signs in with.')
    return await withService(io, async (deps) => {
      const account = await findAccountByName(deps, email)
      if (!account) throw new WrongUse(`Nobody signs in as ${email}.`)
      await dropSecondFactor(deps, account)
      io.err(`${email} is led to a new second factor at the next sign-in.\n`)
      return exits.done
    })
  },
})
