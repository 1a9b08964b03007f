import { type Config, loadConfig } from '../src/config.ts'
import type { OpenedDatabase } from '../src/database-server.ts'
import type { Secrets } from '../src/secrets.ts'

/** Raised, not off: taking allowance is part of what is measured (S-60). */
const raised = 'verify=999999999,pages=999999999,api=999999999,bulk=999999999'

/** What a measured process is told: the database that the bench opened, its secrets, and settings as in production. */
export function serviceSettings(settings: Readonly<Record<string, unknown>>): {
  readonly config: Config
  readonly opened: OpenedDatabase
} {
  const { urls, secrets } = settings as {
    urls: Pick<OpenedDatabase, 'ownerUrl' | 'serviceUrl' | 'jobsUrl'>
    secrets: string
  }
  const config = {
    ...loadConfig({
      PORT: '0',
      PUBLIC_ORIGIN: 'https://bench.example',
      LOG_LEVEL: 'error',
      EGRESS: 'off',
      RATE_LIMITS: raised,
      POOL_SIZE: '16',
    }),
    port: 0,
  }
  const opened: OpenedDatabase = {
    ...urls,
    secrets: readSecrets(secrets),
    migrated: [],
    stop: async () => await Promise.resolve(),
  }
  return { config, opened }
}

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
