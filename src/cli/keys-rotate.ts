import type { KeyAlgorithm } from '../keys/tables.ts'
import { activeAlgorithms, rotateKey } from '../keys/rotate.ts'
import { defineCommand, exits, WrongUse } from './command.ts'
import { tenantFor } from './tenants.ts'
import { withService } from './with-service.ts'

const algorithms: readonly KeyAlgorithm[] = ['RS256', 'ES256', 'EdDSA']

export const command = defineCommand({
  summary: 'give an organisation new signing keys; the old ones verify for ever',
  usage: 'CODE [--algorithm RS256|ES256|EdDSA] [--json]',
  help: `The key in use is retired and a new one signs from now on. No badge changes and nobody has to do anything.
  --algorithm ALG      only this kind; without it every kind that is in use
  --json               print as JSON

A key that others may have had is no matter of rotation: see keys compromise.`,
  examples: ['npm run cli -- keys rotate mer1', 'npm run cli -- keys rotate mer1 --algorithm EdDSA'],
  options: { algorithm: { type: 'string' }, json: { type: 'boolean' } },
  positionals: 1,
  run: async ({ values, positionals }, io) => {
    const only = algorithms.find((one) => one === values.algorithm)
    if (values.algorithm !== undefined && only === undefined)
      throw new WrongUse('--algorithm is RS256, ES256 or EdDSA.')
    return await withService(io, async (deps) => {
      const { tenant } = await tenantFor(deps.db, positionals[0])
      const wanted = only === undefined ? await activeAlgorithms(deps.db, tenant) : [only]
      const rotated = []
      for (const algorithm of wanted) rotated.push(await rotateKey(deps, tenant, { algorithm }))
      if (values.json === true) io.out(`${JSON.stringify(rotated)}\n`)
      else
        for (const one of rotated) io.out(`${one.algorithm.padEnd(5)}  ${one.kid} signs, ${one.retired} is retired\n`)
      return exits.done
    })
  },
})
