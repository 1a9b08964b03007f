import { loadConfig } from '../config.ts'
import { openDatabase } from '../database-server.ts'
import { connect } from '../db/connect.ts'
import { uuidv7 } from '../deps.ts'
import { loadModule } from '../modules/load.ts'
import { moduleBounds, parseModuleFile, parseShortNames } from '../modules/module-file.ts'
import { defineCommand, exits, WrongUse } from './command.ts'
import { readInputFile } from './input-file.ts'
import { progress } from './progress.ts'

export const command = defineCommand({
  summary: 'take a module with its tasks and badges into use in a foundation',
  usage: 'FILE --foundation CODE [--short-names FILE] [--json]',
  help: `FILE is a module file (osaamispassi-seed-module/1), or - for standard input. Its criteria must have been imported.
  --foundation CODE    the foundation's 4-character code
  --short-names FILE   short names for the badges' pictures, where the module file has none
  --json               print the result as JSON`,
  examples: [
    'npm run cli -- import module demo/modules/polkupyoran-huolto.json --foundation mer1 --short-names demo/short-names.json',
    'npm run cli -- import module my-module.json --foundation mer1',
  ],
  options: { foundation: { type: 'string' }, 'short-names': { type: 'string' }, json: { type: 'boolean' } },
  positionals: 1,
  run: async ({ values, positionals }, io) => {
    const { foundation: tenant, 'short-names': namesFile } = values
    if (tenant === undefined || !/^[0-9a-z]{4}$/.test(tenant)) {
      throw new WrongUse('Say which foundation: --foundation and its 4-character code.')
    }
    const names =
      namesFile === undefined ? {} : parseShortNames(await readInputFile(namesFile, io, moduleBounds.maxBytes))
    const module = parseModuleFile(await readInputFile(positionals[0], io, moduleBounds.maxBytes), names)
    const config = loadConfig(io.env)
    const opened = await openDatabase(config, io.env)
    const db = connect(opened.serviceUrl, { max: 1, applicationName: 'osaamispassi-import', onError: () => undefined })
    try {
      const now = new Date()
      const deps = { db, config, newId: () => uuidv7(now) }
      const loaded = await loadModule(deps, module, { tenant, now, onProgress: progress(io, 'Drawing badges') })
      const { outcome, tasks, badges, requirements, uncovered } = loaded
      const done = outcome === 'loaded' ? 'Loaded' : 'This version is there already, nothing was changed:'
      const counts = `${tasks} tasks, ${requirements} requirements (${uncovered} shown at school), ${badges} badges`
      io.out(
        values.json === true ? `${JSON.stringify(loaded)}\n` : `${done} ${module.slug} ${module.version}: ${counts}\n`,
      )
      return exits.done
    } finally {
      await db.destroy()
      await opened.stop()
    }
  },
})
