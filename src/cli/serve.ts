import { loadConfig } from '../config.ts'
import { serve } from '../main.ts'
import { defineCommand } from './command.ts'

export const command = defineCommand({
  summary: 'start the service',
  usage: '',
  help: `Settings come from the environment; .env.example explains each.
Without DATABASE_URL an embedded PostgreSQL is started in DATA_DIR (./data). SIGTERM or Ctrl-C stops it all cleanly.`,
  examples: ['npm start', 'PORT=8080 PUBLIC_ORIGIN=https://merkit.example npm start'],
  options: {},
  positionals: 0,
  run: async (_given, io) => await serve(loadConfig(io.env), io),
})
