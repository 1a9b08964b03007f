import { loadConfig } from '../config.ts'
import { openDatabase } from '../database-server.ts'
import { defineCommand, exits } from './command.ts'

export const command = defineCommand({
  summary: 'move the database forward to this version',
  usage: '',
  help: `Runs the migrations that the database has not had yet; one process at a time, forward only.
Without DATABASE_URL it does so for the embedded database, which also moves itself forward at every start.`,
  examples: ['npm run migrate', 'DATABASE_URL=postgresql://owner:…@db.example:5432/osaamispassi npm run migrate'],
  options: {},
  positionals: 0,
  run: async (_given, io) => {
    const opened = await openDatabase(loadConfig(io.env), io.env, { migrate: true })
    await opened.stop()
    for (const name of opened.migrated) io.out(`${name}\n`)
    io.err(
      opened.migrated.length === 0
        ? 'The database is up to date.\n'
        : `${opened.migrated.length} migrations were run.\n`,
    )
    return exits.done
  },
})
