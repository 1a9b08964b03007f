import type { LightMyRequestResponse } from 'fastify'
import { buildApp } from '../../src/app.ts'
import { type Config, loadConfig } from '../../src/config.ts'
import { createDeps, type Deps } from '../../src/deps.ts'
import type { App } from '../../src/http/app-type.ts'
import { createVault } from '../../src/keys/vault.ts'
import type { Secrets } from '../../src/secrets.ts'
import { freshDatabase, type TestDatabase } from './database.ts'
import { watchedLog } from './log-watch.ts'
import { authenticatorCode } from './staff.ts'

export { signInByPage } from './staff.ts'

/** A statement that the service sent. */
export type Asked = { readonly text: string; readonly values: readonly unknown[] }

/** The whole service on a database of its own, with a clock that the test sets. */
export type TestService = {
  readonly app: App
  readonly deps: Deps
  readonly database: TestDatabase
  /** Sets what time it is for the service. */
  at(now: Date | string): void
  /** Every line of the log so far, as it would be written. */
  logged(): readonly string[]
  /** From now on: which SQL statements the service sends. */
  statements(): () => readonly string[]
  /** The same with their values. */
  queries(): () => readonly Asked[]
  /** A program's way in: JSON with a bearer token. */
  api(token?: string): ApiClient
  /** A browser without JavaScript: keeps cookies, fills in forms. */
  browser(): Browser
  close(): Promise<void>
}

export type ApiClient = {
  get(path: string, headers?: Record<string, string>): Promise<LightMyRequestResponse>
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<LightMyRequestResponse>
  put(path: string, body: unknown): Promise<LightMyRequestResponse>
  delete(path: string): Promise<LightMyRequestResponse>
}

export type Browser = {
  get(path: string): Promise<LightMyRequestResponse>
  /** Sends a form with the token of the page it stands on. Fields with a list are sent several times. */
  submit(action: string, fields: Readonly<Record<string, string | readonly string[]>>): Promise<LightMyRequestResponse>
  /** Sends a body as it is, such as a form with a file. */
  send(
    url: string,
    body: { readonly headers: Readonly<Record<string, string>>; readonly payload: Buffer },
  ): Promise<LightMyRequestResponse>
  /** The code that the authenticator app of this member of staff shows now. */
  authenticator(signInName: string): Promise<string>
}

/** A test sends more in its one minute than a person would; the limits have a test of their own (S-60). */
const noLimits = 'verify=0,pages=0,api=0,bulk=0'

/** Nothing outside is fetched, unless the test brings a door that leads somewhere. */
export async function startService(
  overrides: Partial<Config> = {},
  { oidcClientSecret, ...parts }: Partial<Pick<Deps, 'door'>> & Pick<Secrets, 'oidcClientSecret'> = {},
): Promise<TestService> {
  const seen: Asked[] = []
  const database = await freshDatabase({
    log: ({ query }) => void seen.push({ text: query.sql, values: query.parameters }),
  })
  const config = { ...loadConfig({ LOG_LEVEL: 'silent', EGRESS: 'off', RATE_LIMITS: noLimits }), ...overrides }
  const secrets = { ...database.secrets, ...(oidcClientSecret !== undefined && { oidcClientSecret }) }
  const vault = createVault(database.secrets.kekCurrent, database.secrets.kekPrevious)
  let clock = new Date('2026-11-22T09:00:00Z')
  const log = watchedLog()
  const deps = createDeps({ config, secrets, db: database.db, vault, log: log.log }, { now: () => clock, ...parts })
  const app = await buildApp(deps)
  await app.ready()
  return {
    app,
    deps,
    database,
    at: (now) => {
      clock = new Date(now)
    },
    logged: () => log.lines,
    statements: () => {
      const start = seen.length
      return () => seen.slice(start).map(({ text }) => text)
    },
    queries: () => {
      const start = seen.length
      return () => seen.slice(start)
    },
    api: (token) => apiClient(app, token),
    browser: () =>
      newBrowser(app, config.pagesOrigin, async (name) => await authenticatorCode({ deps, database }, name)),
    close: async () => {
      await app.close()
      await database.close()
      log.expectNoPersons()
    },
  }
}

function apiClient(app: App, token?: string): ApiClient {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const send =
    (method: 'POST' | 'PUT') =>
    async (url: string, body: unknown, headers: Record<string, string> = {}): Promise<LightMyRequestResponse> =>
      await app.inject({
        method,
        url,
        payload: JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...authorization, ...headers },
      })
  return {
    get: async (url, headers = {}) => await app.inject({ url, headers: { ...authorization, ...headers } }),
    post: send('POST'),
    put: send('PUT'),
    delete: async (url) => await app.inject({ method: 'DELETE', url, headers: authorization }),
  }
}

function newBrowser(app: App, origin: string, authenticator: Browser['authenticator']): Browser {
  const jar = new Map<string, string>()
  const keep = (response: LightMyRequestResponse): LightMyRequestResponse => {
    for (const { name, value, maxAge, expires } of response.cookies) {
      if (maxAge === 0 || (expires && expires.getTime() < 1000) || value === '') jar.delete(name)
      else jar.set(name, value)
    }
    return response
  }
  let token = ''
  const headers = (): Record<string, string> => ({
    accept: 'text/html',
    origin,
    cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
  })
  const get = async (url: string): Promise<LightMyRequestResponse> => {
    const response = keep(await app.inject({ url, headers: headers() }))
    token = /name="_csrf" value="([^"]+)"/.exec(response.body)?.[1] ?? token
    return response
  }
  return {
    get,
    authenticator,
    send: async (url, body) =>
      keep(
        await app.inject({ method: 'POST', url, payload: body.payload, headers: { ...headers(), ...body.headers } }),
      ),
    submit: async (action, fields) => {
      const form = new URLSearchParams({ _csrf: token })
      for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) form.append(name, one)
      const response = keep(
        await app.inject({
          method: 'POST',
          url: action,
          payload: form.toString(),
          headers: { ...headers(), 'content-type': 'application/x-www-form-urlencoded' },
        }),
      )
      token = /name="_csrf" value="([^"]+)"/.exec(response.body)?.[1] ?? token
      return response
    },
  }
}
