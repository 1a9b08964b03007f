import { loadConfig } from '../src/config.ts'
import type { OpenedDatabase } from '../src/database-server.ts'
import { startService } from '../src/main.ts'
import type { Secrets } from '../src/secrets.ts'
import { beMeasured } from './process.ts'

/** The service as it is, in a process of its own; the queue is another process's and not measured. */
beMeasured(async (settings) => {
  const { urls, secrets } = settings as {
    urls: Pick<OpenedDatabase, 'ownerUrl' | 'serviceUrl' | 'jobsUrl'>
    secrets: string
  }
  const config = {
    ...loadConfig({ PORT: '0', PUBLIC_ORIGIN: 'https://bench.example', LOG_LEVEL: 'error', POOL_SIZE: '16' }),
    port: 0,
  }
  const opened: OpenedDatabase = {
    ...urls,
    secrets: readSecrets(secrets),
    migrated: [],
    stop: async () => await Promise.resolve(),
  }
  return await startService(config, opened, { out: (line) => void process.stderr.write(line) }, { jobs: false })
})

/** Secrets cross the pipe as JSON; keys become bytes again. */
function readSecrets(json: string): Secrets {
  const bytes = (value: unknown): unknown =>
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    value.type === 'Buffer' &&
    'data' in value &&
    Array.isArray(value.data)
      ? Buffer.from(value.data as number[])
      : value
  return JSON.parse(json, (_, value: unknown) => bytes(value)) as Secrets
}
