import { randomUUID } from 'node:crypto'
import type { LightMyRequestResponse } from 'fastify'
import { Secret, TOTP } from 'otpauth'
import type { App } from '../../http/app-type.ts'

/** A program that speaks to the service's own API, as anybody's program would. */
export type Api = {
  get<T>(path: string): Promise<T>
  post<T>(path: string, body: unknown): Promise<T>
}

/** The API answered no: the demo's world is not as it should be. */
export class ApiSaidNo extends Error {
  constructor(path: string, status: number, body: string) {
    super(`${path} answered ${status}: ${body.slice(0, 500)}`)
    this.name = 'ApiSaidNo'
  }
}

/** Speaks to the running service with a bearer token. Every POST carries a fresh Idempotency-Key. */
export function apiOf(app: App, token?: string): Api {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
  return {
    get: async <T>(url: string): Promise<T> =>
      accepted(url, await app.inject({ url, headers: authorization })).json<T>(),
    post: async <T>(url: string, body: unknown): Promise<T> => {
      const payload = JSON.stringify(body)
      const headers = { ...authorization, 'content-type': 'application/json', 'idempotency-key': randomUUID() }
      return accepted(url, await app.inject({ method: 'POST', url, payload, headers })).json<T>()
    },
  }
}

function accepted(path: string, response: LightMyRequestResponse): LightMyRequestResponse {
  if (response.statusCode >= 300) throw new ApiSaidNo(path, response.statusCode, response.body)
  return response
}

/** What a person would have in an authenticator app and on paper. */
export type SecondFactor = { readonly key: string; readonly recoveryCodes: readonly string[] }

/** Signs a member of staff in and speaks for them. */
export async function asStaff(app: App, name: string, password: string): Promise<Api> {
  const { token } = await apiOf(app).post<{ token: string }>('/api/v1/tokens', { name, password })
  return apiOf(app, token)
}

/** The first sign-in of a coordinator: sets up the second factor as a person with an authenticator app does (S-17), and speaks for them. */
export async function asCoordinator(
  app: App,
  name: string,
  password: string,
  now: () => Date,
): Promise<{ readonly api: Api; readonly secondFactor: SecondFactor }> {
  const waiting = await asStaff(app, name, password)
  const { secret } = await waiting.post<{ secret: string }>('/api/v1/second-factor', {})
  const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: now().getTime() })
  const set = await waiting.post<{ token: string; recoveryCodes: readonly string[] }>(
    '/api/v1/second-factor/confirmation',
    { code },
  )
  return { api: apiOf(app, set.token), secondFactor: { key: secret, recoveryCodes: set.recoveryCodes } }
}

/** A coach hands out a one-time code; the client signs in with it (S-17). */
export async function asClient(app: App, coach: Api, clientId: string): Promise<Api> {
  const { code } = await coach.post<{ code: string }>(`/api/v1/clients/${clientId}/codes`, {})
  const { token } = await apiOf(app).post<{ token: string }>('/api/v1/tokens/code', { code })
  return apiOf(app, token)
}
