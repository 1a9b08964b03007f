import type { LightMyRequestResponse } from 'fastify'
import { expect } from 'vitest'
import { buildApp } from '../../src/app.ts'
import { type Config, loadConfig } from '../../src/config.ts'
import { createDeps, type Deps } from '../../src/deps.ts'
import type { App } from '../../src/http/app-type.ts'
import { createVault } from '../../src/keys/vault.ts'
import { freshDatabase, type TestDatabase } from './database.ts'

/** The whole service on a database of its own, with a clock that the test sets. */
export type TestService = {
  readonly app: App
  readonly deps: Deps
  readonly database: TestDatabase
  /** Sets what time it is for the service. */
  at(now: Date | string): void
  /** From now on: which SQL statements the service sends. */
  statements(): () => readonly string[]
  /** A program's way in: JSON with a bearer token. */
  api(token?: string): ApiClient
  /** A browser without JavaScript: keeps cookies, fills in forms. */
  browser(): Browser
  close(): Promise<void>
}

export type ApiClient = {
  get(path: string, headers?: Record<string, string>): Promise<LightMyRequestResponse>
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<LightMyRequestResponse>
}

export type Browser = {
  get(path: string): Promise<LightMyRequestResponse>
  /** Sends a form with the token of the page it stands on. Fields with a list are sent several times. */
  submit(action: string, fields: Readonly<Record<string, string | readonly string[]>>): Promise<LightMyRequestResponse>
}

export async function startService(overrides: Partial<Config> = {}): Promise<TestService> {
  const seen: string[] = []
  const database = await freshDatabase({ log: (event) => void seen.push(event.query.sql) })
  const config = { ...loadConfig({ LOG_LEVEL: 'silent' }), ...overrides }
  const vault = createVault(database.secrets.kekCurrent, database.secrets.kekPrevious)
  let clock = new Date('2026-11-22T09:00:00Z')
  const silent = { info: ignore, warn: ignore, error: ignore }
  const deps = createDeps(
    { config, secrets: database.secrets, db: database.db, vault, log: silent },
    { now: () => clock },
  )
  const app = await buildApp(deps)
  await app.ready()
  return {
    app,
    deps,
    database,
    at: (now) => {
      clock = new Date(now)
    },
    statements: () => {
      const start = seen.length
      return () => seen.slice(start)
    },
    api: (token) => apiClient(app, token),
    browser: () => newBrowser(app, config.pagesOrigin),
    close: async () => {
      await app.close()
      await database.close()
    },
  }
}

function ignore(): void {
  // The test looks at answers, not at the log.
}

function apiClient(app: App, token?: string): ApiClient {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
  return {
    get: async (url, headers = {}) => await app.inject({ url, headers: { ...authorization, ...headers } }),
    post: async (url, body, headers = {}) =>
      await app.inject({
        method: 'POST',
        url,
        payload: JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...authorization, ...headers },
      }),
  }
}

function newBrowser(app: App, origin: string): Browser {
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

/** The whole way of signing in as a person would, by the page's own form. */
export async function signInByPage(browser: Browser, name: string, password: string): Promise<void> {
  await browser.get('/kirjaudu')
  const response = await browser.submit('/kirjaudu', { email: name, password })
  expect(response.statusCode).toBe(303)
}
