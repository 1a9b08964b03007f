import { defineCommand } from './command.ts'
import { turnIssuing } from './issuing.ts'

export const command = defineCommand({
  summary: 'stop awarding, for one organisation or for all',
  usage: '[CODE]',
  help: `From now on nothing is awarded: decisions answer 503 and applications wait. Verifying, recording and everything else goes on.
Without CODE it stops for everybody, whatever each organisation's own switch says. Holds at once, over restarts, for every process.`,
  examples: ['npm run cli -- issuing stop mer1', 'npm run cli -- issuing stop'],
  options: {},
  positionals: 1,
  run: async ({ positionals }, io) => await turnIssuing(io, positionals[0], true),
})
