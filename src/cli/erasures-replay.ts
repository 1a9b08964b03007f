import { z } from 'zod'
import { Refusal } from '../refusal.ts'
import { type Erased, replayErasures } from '../rights/erase.ts'
import { defineCommand, exits } from './command.ts'
import { readInputFile } from './input-file.ts'
import { withService } from './with-service.ts'

const Line = z.strictObject({
  tenant: z.string().regex(/^[0-9a-z]{4}$/),
  clientId: z.uuid(),
  askedAt: z.coerce.date(),
  erasedAt: z.coerce.date(),
  erasedBy: z.uuid(),
})
const longest = 16 * 1024 * 1024

export const command = defineCommand({
  summary: 'after a restore: erase again whom the backup brought back',
  usage: 'FILE',
  help: `Reads the lines that "erasures list" printed, or - for standard input, and erases each person who is there again. Do it before the
service is opened to anybody. Doing it twice is no harm.`,
  examples: ['npm run cli -- erasures replay erasures.jsonl', 'cat erasures.jsonl | npm run cli -- erasures replay -'],
  options: {},
  positionals: 1,
  run: async ({ positionals }, io) => {
    const list = linesOf(Buffer.from(await readInputFile(positionals[0], io, longest)).toString('utf8'))
    return await withService(io, async (deps) => {
      const again = await replayErasures(deps, list)
      io.err(`${list.length} on the list, ${again} erased again\n`)
      return exits.done
    })
  },
})

/** One line for each person. Refuses the whole file when a line cannot be read: half a list would leave people in. */
export function linesOf(text: string): readonly Erased[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  return lines.map((line, place) => {
    try {
      return Line.parse(JSON.parse(line))
    } catch {
      throw new Refusal('unreadable', `line ${place + 1} is none of an erasure list`)
    }
  })
}
