import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'

/** Where a command reads and writes. Data goes to `out`, messages and progress to `err` (PRODUCT §8). */
export type Io = {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  readonly stdin: NodeJS.ReadableStream
  readonly env: NodeJS.ProcessEnv
  /** Messages go to a terminal: a moving progress bar makes sense. */
  readonly isTerminal: boolean
}

/** The command was called in a way that it cannot do. Ends it with 2. */
export class WrongUse extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'WrongUse'
  }
}

/** Exit codes (PRODUCT §8). */
export const exits = { done: 0, negative: 1, wrongUse: 2, badSettings: 3, couldNotReach: 4, bug: 70 } as const

/** What `parseArgs` makes of a command's options. */
export type Given<O extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: O; allowPositionals: true; strict: true }>
>

/** A command, as its file writes it. */
export type CommandSpec<O extends ParseArgsOptionsConfig> = {
  /** One line for the list of commands. */
  readonly summary: string
  /** What follows the name, such as `FILE [options]`. */
  readonly usage: string
  /** What the options mean, a line for each, and whatever else helps. */
  readonly help: string
  /** Two whole lines that a person could type. */
  readonly examples: readonly [string, string]
  readonly options: O
  /** At most so many words that are no options. */
  readonly positionals: number
  /** Gives the exit code. */
  run(given: Given<O>, io: Io): Promise<number>
}

export type Command = Omit<CommandSpec<ParseArgsOptionsConfig>, 'run'> & {
  run(args: readonly string[], io: Io): Promise<number>
}

/** Makes a command: the options that `run` sees are typed by the options that it declares. */
export function defineCommand<const O extends ParseArgsOptionsConfig>(spec: CommandSpec<O>): Command {
  return {
    ...spec,
    run: async (args, io) => {
      const given = read(args, spec.options)
      const extra = given.positionals[spec.positionals]
      if (extra !== undefined) throw new WrongUse(`"${extra}" is one word too many.`)
      return await spec.run(given, io)
    },
  }
}

function read<const O extends ParseArgsOptionsConfig>(args: readonly string[], options: O): Given<O> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    const unknown = /^Unknown option '(-[^']*)'/.exec(error.message)?.[1]
    if (unknown === undefined) throw new WrongUse(`${error.message.replace(/\.$/, '')}.`)
    const near = nearest(
      unknown,
      Object.keys(options).map((name) => `--${name}`),
    )
    throw new WrongUse(`There is no option ${unknown}.${near === undefined ? '' : ` Did you mean ${near}?`}`)
  }
}

/** The known word that is closest to what was typed, if any is close. */
export function nearest(typed: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((word) => ({ word, distance: editDistance(typed, word) }))
    .sort((a, b) => a.distance - b.distance)
  const best = ranked[0]
  return best && best.distance <= Math.max(2, Math.floor(best.word.length / 3)) ? best.word : undefined
}

/** Insertions, deletions and replacements from one word to the other (Levenshtein). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i)
  for (const [i, a] of from.split('').entries()) {
    const next = [i + 1]
    for (const [j, b] of to.split('').entries())
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (a === b ? 0 : 1)))
    row = next
  }
  return row[to.length] ?? 0
}
