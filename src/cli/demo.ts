import { access, constants, mkdir, readFile } from 'node:fs/promises'
import { spellCode } from '../accounts/sign-in-code.ts'
import { loadConfig } from '../config.ts'
import { openDatabase } from '../database-server.ts'
import { connect } from '../db/connect.ts'
import { type Running, startService } from '../main.ts'
import { loadModule } from '../modules/load.ts'
import { parseModuleFile, parseShortNames } from '../modules/module-file.ts'
import { parseCriteria } from '../qualifications/eperusteet/parse.ts'
import { importCriteria } from '../qualifications/import.ts'
import { defineCommand, exits, type Io, WrongUse } from './command.ts'
import { asStaff } from './demo/api.ts'
import { makeFiles, writeFiles } from './demo/files.ts'
import { doMainJob } from './demo/main-job.ts'
import { demoPassword, modules, organisations } from './demo/people.ts'
import { holdPort } from './demo/port.ts'
import { foundAll, openWorkshop, type Tell, type Workshop } from './demo/story.ts'
import { progress } from './progress.ts'

const data = (name: string): URL => new URL(`../../demo/${name}`, import.meta.url)

export const command = defineCommand({
  summary: 'show the whole main job on a database of its own, with invented people',
  usage: '[--exit] [--out DIR]',
  help: `Imports real qualification criteria, awards, verifies and revokes real badges, and leaves the service running to look at.
The database is thrown away at the end; your own data is never touched.
  --exit       stop afterwards
  --out DIR    write the badges, what an outside verifier would fetch (world.json) and a summary
PUBLIC_ORIGIN may be set to a host that need not exist: the addresses inside the badges are then of that host.`,
  examples: ['npm run demo', 'npm run demo -- --exit --out out'],
  options: { exit: { type: 'boolean' }, out: { type: 'string' } },
  positionals: 0,
  run: async ({ values }, io) => {
    // Before all the work: a folder that cannot be made is told at once.
    if (values.out !== undefined) await makeFolder(values.out)
    const stopAsked = nextSignal()
    const running = await start(io)
    try {
      const performed = await Promise.race([perform(running.service, running.ownerUrl, io, values.out), stopAsked])
      if (performed === 'stop') {
        io.err('Stopped before the end. Nothing of the demo is left.\n')
        return exits.negative
      }
      const { counts, verdicts, workshop } = performed
      const unexpected = Object.entries(verdicts).filter(
        ([name, verdict]) => verdict !== (name === 'revoked.png' ? 'revoked' : 'valid'),
      )
      if (unexpected.length > 0) {
        io.err(`Not as it should be: ${unexpected.map(([name, verdict]) => `${name} is ${verdict}`).join(', ')}\n`)
        return exits.negative
      }
      io.err(
        `Done: ${Object.entries(counts)
          .map(([what, count]) => `${count} ${what}`)
          .join(', ')}.\n`,
      )
      if (values.exit !== true) {
        await invite(running.service, workshop, io)
        await stopAsked
      }
      return exits.done
    } finally {
      await running.service.stop()
    }
  },
})

async function start(io: Io): Promise<{ readonly service: Running; readonly ownerUrl: string }> {
  const given = io.env['PORT']
  const held = given === undefined || given === '' || given === '0' ? await holdPort(4000) : undefined
  const port = held ? String(held.port) : given
  // People meet the demo here, whatever origin the badges carry (DESIGN, Origins).
  // Nothing outside this machine is looked up, unless somebody says so.
  const egress = io.env['EGRESS'] === '' ? undefined : io.env['EGRESS']
  // Months of work are told in a minute: more than people would send (S-60).
  const rateLimits = io.env['RATE_LIMITS'] === '' ? undefined : io.env['RATE_LIMITS']
  const env = {
    LOG_LEVEL: 'error',
    ...io.env,
    EGRESS: egress ?? 'off',
    RATE_LIMITS: rateLimits ?? 'api=6000,bulk=1000',
    PORT: port,
    PAGES_ORIGIN: `http://localhost:${port}`,
  }
  const config = loadConfig(env)
  io.err('Starting a database of the demo’s own …\n')
  const opened = await openDatabase(config, env, { temporary: true })
  await held?.letGo()
  // `startService` stops the database when it cannot start.
  return { service: await startService(config, opened, { out: io.err }), ownerUrl: opened.ownerUrl }
}

async function perform(
  running: Running,
  ownerUrl: string,
  io: Io,
  out: string | undefined,
): Promise<{
  readonly counts: Readonly<Record<string, number>>
  readonly verdicts: Readonly<Record<string, string>>
  readonly workshop: Workshop
}> {
  const tell: Tell = (line) => io.err(`· ${line}\n`)
  const { deps } = running
  const now = deps.now()
  const ownerDb = connect(ownerUrl, { max: 1, applicationName: 'osaamispassi-demo', onError: () => undefined })
  try {
    const requirements = await importAll(running, now, io, tell)
    const accounts = await foundAll(running, ownerDb, tell)
    const badges = await loadModules(running, now, io, tell)
    const first = await openWorkshop(running, 'rev1', accounts)
    const second = await openWorkshop(running, 'tun2', accounts)
    tell(`${first.people.length + second.people.length} invented people came to the workshops.`)
    const job = await doMainJob(running, first, second, now, tell)
    const counts = {
      requirements,
      'badge classes': badges,
      people: first.people.length + second.people.length,
      observations: job.observations,
      awards: job.awards,
    }
    const { files, summary } = await makeFiles(running, job, counts)
    for (const [name, verdict] of Object.entries(summary.verdicts)) tell(`${name}: ${verdict}`)
    if (running.deps.config.publicOrigin.startsWith('http:'))
      tell('These badges carry an address of this machine: they are for trying only.')
    if (out !== undefined) {
      await writeFiles(out, files)
      tell(`Wrote ${files.size} files to ${out}`)
    }
    return { counts, verdicts: summary.verdicts, workshop: first }
  } finally {
    await ownerDb.destroy()
  }
}

async function importAll(running: Running, now: Date, io: Io, tell: Tell): Promise<number> {
  let requirements = 0
  for (const { criteria, qualification } of modules) {
    const parsed = parseCriteria(await readFile(data(`criteria/${criteria}`)))
    const imported = await importCriteria(running.deps, parsed, {
      now,
      onProgress: progress(io, `Importing ${qualification}`),
    })
    tell(
      `${qualification}: ${imported.units} units, ${imported.unitsWithRequirements} with requirements, ${imported.requirements} requirements.`,
    )
    requirements += imported.requirements
  }
  return requirements
}

async function loadModules(running: Running, now: Date, io: Io, tell: Tell): Promise<number> {
  const shortNames = parseShortNames(await readFile(data('short-names.json')))
  let badges = 0
  for (const { code, name } of organisations.filter((one) => one.kind === 'foundation')) {
    for (const { file } of modules) {
      const module = parseModuleFile(await readFile(data(`modules/${file}`)), shortNames)
      const options = { tenant: code, now, onProgress: progress(io, `Drawing the badges of ${module.slug}`) }
      const loaded = await loadModule(running.deps, module, options)
      badges += loaded.badges
      tell(
        `${name} took the module ${module.name['fi'] ?? module.slug} into use: ${loaded.tasks} tasks mapped to ${loaded.requirements} requirements, ${loaded.badges} badges.`,
      )
    }
  }
  return badges
}

/** Where to look, and as whom. */
async function invite(running: Running, workshop: Workshop, io: Io): Promise<void> {
  const { pagesOrigin } = running.deps.config
  const coach = await asStaff(running.app, 'pekka@demo.example', demoPassword)
  const [maija] = workshop.people
  const { key, recoveryCodes } = workshop.secondFactor
  const codes = recoveryCodes.slice(0, 3).map(spellCode)
  const { code } = await coach.post<{ code: string }>(`/api/v1/clients/${maija?.id ?? ''}/codes`, {})
  io.out(`
Osaamispassi runs at ${pagesOrigin}

  Coach         ${pagesOrigin}/kirjaudu        pekka@demo.example   ${demoPassword}
  Coordinator   ${pagesOrigin}/kirjaudu        kaisa@demo.example   ${demoPassword}
                Second step: a code of an authenticator app with the key ${spellCode(key)}
                or one of these, each once: ${codes.join(', ')}
  School        ${pagesOrigin}/kirjaudu        niemi@demo.example   ${demoPassword}
  Client        ${pagesOrigin}/kirjaudu/koodi  ${spellCode(code)}   (15 minutes, once; the coach hands out the next one in /ryhma)

  Check a badge without signing in: ${pagesOrigin}/tarkista

Stop with Ctrl+C: everything of the demo is then gone.
`)
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    await access(folder, constants.W_OK)
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new WrongUse(`--out: the folder ${folder} cannot be made or written into (${why}).`)
  }
}

async function nextSignal(): Promise<'stop'> {
  return await new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve('stop'))
  })
}
