import { defineCommand } from './command.ts'
import { turnIssuing } from './issuing.ts'

export const command = defineCommand({
  summary: 'start awarding again',
  usage: '[CODE]',
  help: `Turns the same switch back: with CODE that organisation's own, without it the one for all. An organisation that was stopped by itself stays
stopped until it is started by its CODE. ISSUANCE=stopped in the settings stops as well, until a restart without it.`,
  examples: ['npm run cli -- issuing start mer1', 'npm run cli -- issuing start'],
  options: {},
  positionals: 1,
  run: async ({ positionals }, io) => await turnIssuing(io, positionals[0], false),
})
