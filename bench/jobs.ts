import { setTimeout } from 'node:timers/promises'
import { connect } from '../src/db/connect.ts'
import { createDeps } from '../src/deps.ts'
import { startRunner, type Tasks } from '../src/jobs/runner.ts'
import { createVault } from '../src/keys/vault.ts'
import { createTasks } from '../src/tasks.ts'
import { beMeasured } from './process.ts'
import { serviceSettings } from './service-settings.ts'

/** The queue as `npm start` works on it, in a process of its own: it works for as long as it is told and counts what it got done. */
beMeasured(async (settings) => {
  const { config, opened } = serviceSettings(settings)
  const onError = (error: Error): void => void process.stderr.write(`${error.message}\n`)
  const db = connect(opened.serviceUrl, { max: 4, applicationName: 'bench', onError })
  const { secrets } = opened
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined, debug: () => undefined }
  const deps = createDeps({
    config,
    secrets,
    db,
    vault: createVault(secrets.kekCurrent, secrets.kekPrevious),
    log: quiet,
  })
  let done = 0
  const counted: Tasks = Object.fromEntries(
    Object.entries(createTasks(deps)).map(([name, task]) => [
      name,
      async (payload: unknown) => {
        await task(payload)
        done += 1
      },
    ]),
  )
  return await Promise.resolve({
    work: async (milliseconds: number) => {
      done = 0
      const runner = await startRunner(opened.jobsUrl, counted, quiet)
      await setTimeout(milliseconds)
      await runner.stop()
      return done
    },
    stop: async () => await db.destroy(),
  })
})
