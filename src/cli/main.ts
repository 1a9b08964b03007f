import about from '../../package.json' with { type: 'json' }
import { BadSettings, environment } from '../config.ts'
import { CouldNotReach } from '../could-not-reach.ts'
import { CannotStartDatabase } from '../db/embedded/faults.ts'
import { Refusal } from '../refusal.ts'
import { type Command, exits, type Io, nearest, WrongUse } from './command.ts'

/** Every command and its file, read only when it is called. A name may have two words. */
const commands: Readonly<Record<string, () => Promise<{ readonly command: Command }>>> = {
  serve: async () => await import('./serve.ts'),
  migrate: async () => await import('./migrate.ts'),
  setup: async () => await import('./setup.ts'),
  'reset second-factor': async () => await import('./reset-second-factor.ts'),
  demo: async () => await import('./demo.ts'),
  'add organisation': async () => await import('./add-organisation.ts'),
  'add account': async () => await import('./add-account.ts'),
  'import eperusteet': async () => await import('./import-eperusteet.ts'),
  'import module': async () => await import('./import-module.ts'),
  'keys list': async () => await import('./keys-list.ts'),
  'keys rotate': async () => await import('./keys-rotate.ts'),
  'keys compromise': async () => await import('./keys-compromise.ts'),
  'keys resign': async () => await import('./keys-resign.ts'),
  'keys rewrap': async () => await import('./keys-rewrap.ts'),
  'issuing stop': async () => await import('./issuing-stop.ts'),
  'issuing start': async () => await import('./issuing-start.ts'),
  'erasures list': async () => await import('./erasures-list.ts'),
  'erasures replay': async () => await import('./erasures-replay.ts'),
  'check awards': async () => await import('./check-awards.ts'),
  verify: async () => await import('./verify.ts'),
  bake: async () => await import('./bake.ts'),
  unbake: async () => await import('./unbake.ts'),
}

/** Runs one command line, without `node` and the program's name, and gives its exit code (PRODUCT §8). Never throws. */
export async function main(args: readonly string[], io: Io = ofThisProcess()): Promise<number> {
  try {
    return await dispatch(args, io)
  } catch (error) {
    return explain(error, io)
  }
}

async function dispatch(args: readonly string[], io: Io): Promise<number> {
  const [first] = args
  if (first === undefined) {
    io.err(await overview())
    return exits.wrongUse
  }
  if (['--help', '-h', 'help'].includes(first)) {
    io.out(await overview())
    return exits.done
  }
  if (first === '--version') {
    io.out(`${about.version}\n`)
    return exits.done
  }
  const { name, rest } = nameIn(args)
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (load === undefined) return await answerUnknown(name, rest, io)
  const { command } = await load()
  if (isHelpWanted(rest)) {
    io.out(helpOf(name, command))
    return exits.done
  }
  return await command.run(rest, io)
}

function nameIn(args: readonly string[]): { name: string; rest: readonly string[] } {
  const two = args.slice(0, 2).join(' ')
  return Object.hasOwn(commands, two)
    ? { name: two, rest: args.slice(2) }
    : { name: args[0] ?? '', rest: args.slice(1) }
}

/** A word that begins several commands names them; any other is wrong use. */
async function answerUnknown(name: string, rest: readonly string[], io: Io): Promise<number> {
  const group = Object.keys(commands).filter((one) => one.startsWith(`${name} `))
  if (group.length > 0 && isHelpWanted(rest)) {
    io.out(`${await listed(group)}\n`)
    return exits.done
  }
  if (group.length > 0) throw new WrongUse(`Say which:\n${await listed(group)}`)
  const near = nearest(name, Object.keys(commands))
  throw new WrongUse(
    `There is no command ${name}.${near === undefined ? ' See: npm run cli -- --help' : ` Did you mean ${near}?`}`,
  )
}

function isHelpWanted(args: readonly string[]): boolean {
  const end = args.indexOf('--')
  return (end < 0 ? args : args.slice(0, end)).some((arg) => arg === '--help' || arg === '-h')
}

async function overview(): Promise<string> {
  const all = await listed(Object.keys(commands))
  return `Osaamispassi ${about.version}\n\nnpm run cli -- COMMAND [options]\n\n${all}\n\nMore on each: npm run cli -- COMMAND --help\n`
}

/** A line for each of these commands: what it does. */
async function listed(names: readonly string[]): Promise<string> {
  const loaded = await Promise.all(names.map(async (name) => [name, (await commands[name]?.())?.command] as const))
  const width = Math.max(...names.map((name) => name.length))
  return loaded.map(([name, command]) => `  ${name.padEnd(width)}  ${command?.summary ?? ''}`).join('\n')
}

function helpOf(name: string, command: Command): string {
  const examples = command.examples.map((line) => `  ${line}`).join('\n')
  const help = command.help.replace(/^\n+|\s+$/g, '')
  return `${command.summary}\n\nnpm run cli -- ${`${name} ${command.usage}`.trim()}\n\n${help === '' ? '' : `${help}\n\n`}Examples\n${examples}\n`
}

/** What happened, why, what to do. The stack only when it is asked for, because it tells nothing to most. */
function explain(error: unknown, io: Io): number {
  const [code, text] = answerTo(error)
  io.err(`${text}\n`)
  if (io.env['DEBUG'] === 'osaamispassi') for (const cause of causes(error)) io.err(`${cause.stack ?? cause.message}\n`)
  return code
}

function answerTo(error: unknown): [code: number, text: string] {
  if (error instanceof WrongUse) return [exits.wrongUse, error.message]
  if (error instanceof BadSettings) return [exits.badSettings, error.message]
  if (error instanceof CouldNotReach || error instanceof CannotStartDatabase)
    return [exits.couldNotReach, error.message]
  if (error instanceof Refusal) {
    const untold = (error.details.fields ?? []).filter((fault) => !error.message.includes(fault.detail))
    const fields = untold.map((fault) => `\n  ${fault.pointer}: ${fault.detail}`)
    return [exits.negative, `${error.message}${fields.join('')}`]
  }
  const message = causes(error).map((cause) => cause.message)
  const network = causes(error).find((cause) => 'code' in cause && unreachable.has(String(cause.code)))
  if (network)
    return [
      exits.couldNotReach,
      `Could not reach what was needed: ${message.join(': ')}. Check that it runs, and try again.`,
    ]
  return [
    exits.bug,
    `Something in the program is wrong: ${message.join(': ')}. Nothing half was kept. Run it again with DEBUG=osaamispassi for the details, and report them.`,
  ]
}

/** The network's codes, and PostgreSQL's for a server that is stopping or starting. */
const unreachable = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EAI_AGAIN',
  '57P01',
  '57P03',
])

function causes(error: unknown): Error[] {
  if (!(error instanceof Error)) return error === undefined ? [] : [new Error(JSON.stringify(error))]
  return [error, ...causes(error.cause)]
}

function ofThisProcess(): Io {
  // The reader may have gone, as in `… | head`: that is no fault of ours.
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? exits.done : exits.bug))
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    stdin: process.stdin,
    env: environment(),
    isTerminal: process.stderr.isTTY,
  }
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2))
