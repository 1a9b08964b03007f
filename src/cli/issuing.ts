import { readIssuing, setIssuing, setIssuingForAll } from '../keys/issuing-switch.ts'
import { exits, type Io } from './command.ts'
import { tenantFor } from './tenants.ts'
import { type CommandDeps, withService } from './with-service.ts'

/** Turns the stop switch of one organisation or of all (S-25), and says how all of them stand. */
export async function turnIssuing(io: Io, code: string | undefined, stopped: boolean): Promise<number> {
  return await withService(io, async (deps) => {
    const changed =
      code === undefined
        ? await setIssuingForAll(deps.ownerDb, stopped, deps.now())
        : await setIssuing(deps, (await tenantFor(deps.db, code)).tenant, { stopped })
    const who = code ?? 'everybody'
    if (!changed) io.err(`It was so already for ${who}.\n`)
    io.out(await standing(deps))
    return exits.done
  })
}

async function standing({ db, config }: CommandDeps): Promise<string> {
  const { forAll, tenants } = await readIssuing(db)
  const lines = tenants.map(({ tenant, name, stoppedAt }) => {
    const own = stoppedAt === null ? 'awards' : `stopped since ${stoppedAt.toISOString()}`
    return `${tenant}  ${name}: ${forAll === null ? own : `stopped with all${stoppedAt === null ? '' : ` and by itself`}`}`
  })
  const all = forAll === null ? [] : [`All are stopped since ${forAll.toISOString()}.`]
  const setting = config.issuanceStopped ? ['ISSUANCE=stopped is set here: a service with it awards nothing.'] : []
  return [...all, ...setting, ...lines, ''].join('\n')
}
