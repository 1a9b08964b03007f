import { loadConfig } from '../config.ts'
import { openDatabase } from '../database-server.ts'
import { connect } from '../db/connect.ts'
import { uuidv7 } from '../deps.ts'
import { criteriaBounds, parseCriteria } from '../qualifications/eperusteet/parse.ts'
import { importCriteria } from '../qualifications/import.ts'
import type { Imported } from '../qualifications/schema.ts'
import { defineCommand, exits } from './command.ts'
import { readInputFile } from './input-file.ts'
import { progress } from './progress.ts'

export const command = defineCommand({
  summary: 'take national qualification criteria (ePerusteet) into the service',
  usage: 'FILE [--json]',
  help: `FILE is one qualification as ePerusteet gives it (/api/external/peruste/ID), or - for standard input.
The same version again changes nothing; an edited one is stored beside the old. Nothing of a damaged file is stored.
  --json   print the result as JSON`,
  examples: [
    'npm run cli -- import eperusteet demo/criteria/ajoneuvoala-OPH-5410-2021.json',
    'npm run cli -- import eperusteet --json demo/criteria/puuteollisuus-OPH-2455-2017.json',
  ],
  options: { json: { type: 'boolean' } },
  positionals: 1,
  run: async ({ values, positionals }, io) => {
    const criteria = parseCriteria(await readInputFile(positionals[0], io, criteriaBounds.maxBytes))
    const opened = await openDatabase(loadConfig(io.env), io.env)
    const db = connect(opened.serviceUrl, { max: 1, applicationName: 'osaamispassi-import', onError: () => undefined })
    try {
      const now = new Date()
      const imported = await importCriteria({ db, newId: () => uuidv7(now) }, criteria, {
        now,
        onProgress: progress(io, 'Importing'),
      })
      io.out(values.json === true ? `${JSON.stringify(imported)}\n` : told(imported))
      return exits.done
    } finally {
      await db.destroy()
      await opened.stop()
    }
  },
})

const outcomes: Readonly<Record<Imported['outcome'], string>> = {
  imported: 'Imported',
  'already-there': 'This version is there already, nothing was changed:',
  'nothing-to-import': 'Nothing to import in',
}

function told(imported: Imported): string {
  const { outcome, name, diaryNumber, units, unitsWithRequirements, requirements, report } = imported
  const counts = `${units} units, ${unitsWithRequirements} with requirements, ${requirements} requirements`
  const lines = report.map((line) => `  ${line.detail}\n`).join('')
  return `${outcomes[outcome]} ${name['fi'] ?? Object.values(name)[0] ?? ''} ${diaryNumber}: ${counts}\n${lines}`
}
