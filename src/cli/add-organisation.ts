import { z } from 'zod'
import { foundOrganisation } from '../foundations/found.ts'
import { looksLike, Name } from '../i18n/names.ts'
import { defineCommand, exits, WrongUse } from './command.ts'
import { withService } from './with-service.ts'

const Wanted = z.strictObject({
  code: z
    .string()
    .regex(/^[0-9a-z]{4}$/, '--code takes four lower-case letters or digits; it stays in every badge for ever'),
  kind: z.enum(['foundation', 'school'], '--kind is foundation or school'),
  name: Name,
  url: z.url({ protocol: /^https$/, error: '--url is the home page, https://…' }),
  email: z.email('--email is the public address that badges name'),
  badgeAlgorithm: z.enum(['RS256', 'ES256'], '--algorithm is RS256 or ES256').default('RS256'),
})

export const command = defineCommand({
  summary: 'found an organisation with its signing keys',
  usage: '--code CODE --kind foundation|school --name NAME --url URL --email ADDRESS [--algorithm RS256|ES256]',
  help: `  --code CODE          four lower-case letters or digits, fixed for ever: every address of its badges begins with it
  --kind KIND          foundation or school
  --name NAME          public name, as it stands on badges
  --url URL            its home page
  --email ADDRESS      its public address
  --algorithm ALG      how OB 3.0 badges are signed: RS256 (default) or ES256`,
  examples: [
    'npm run cli -- add organisation --code mer1 --kind foundation --name "Merisäätiö" --url https://merisaatio.example/ --email merkit@merisaatio.example',
    'npm run cli -- add organisation --code lap2 --kind school --name "Lapin opisto" --url https://lapinopisto.example/ --email naytot@lapinopisto.example',
  ],
  options: {
    code: { type: 'string' },
    kind: { type: 'string' },
    name: { type: 'string' },
    url: { type: 'string' },
    email: { type: 'string' },
    algorithm: { type: 'string' },
  },
  positionals: 0,
  run: async ({ values }, io) => {
    const { algorithm, ...given } = values
    const read = Wanted.safeParse({ ...given, badgeAlgorithm: algorithm })
    if (!read.success)
      throw new WrongUse(read.error.issues.map((issue) => `${issue.path.join('')}: ${issue.message}`).join('\n'))
    const wanted = read.data
    return await withService(
      io,
      async (deps) => {
        const others = await deps.db.selectFrom('organisation').select(['tenant_id', 'name']).execute()
        const there = others.find(({ tenant_id: code }) => code === wanted.code)
        if (there) throw new WrongUse(`The code ${wanted.code} is taken by ${there.name}: choose another.`)
        // S-40: who is shown a badge could not tell two such issuers apart.
        const twin = others.find(({ name }) => looksLike(name, wanted.name))
        if (twin) throw new WrongUse(`${twin.tenant_id} has a name that looks the same, ${twin.name}: choose another.`)
        await foundOrganisation(deps, wanted)
        io.out(`${wanted.name} is there. Its badges will be issued by ${deps.config.publicOrigin}/o/${wanted.code}\n`)
        return exits.done
      },
      { mayMake: true },
    )
  },
})
