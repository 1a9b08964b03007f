import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FeatureDeps } from '../features.ts'
import { accessSeconds } from '../http/access-tokens.ts'
import type { MachineActor } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { problemOf, refusalOf } from '../http/problem.ts'
import { type Scope, scopes } from '../http/scopes.ts'
import { Refusal } from '../refusal.ts'
import { findMachine } from './machine.ts'
import { TokenAnswer, TokenRequest } from './schema.ts'

/**
 * `POST /api/v1/oauth/token`: OAuth 2.0 client credentials (RFC 6749 §4.4) for a short access token (S-13). The client id is the key's id and
 * the secret is the key, by Basic authentication; `scope` asks for less than the key has. Errors are those of RFC 6749 §5.2 with the
 * members of our other problems beside them.
 */
export function tokenRoute(app: App, deps: FeatureDeps): void {
  app.post(
    '/api/v1/oauth/token',
    {
      schema: { body: TokenRequest, response: { 200: TokenAnswer } },
      config: { permit: 'public', bodyTypes: ['application/x-www-form-urlencoded'] },
      errorHandler: oauthErrors(deps.config.publicOrigin),
    },
    async (request, reply) => {
      const { grant_type: grant, scope } = request.body
      const machine = await authenticate(deps, request)
      if (grant !== 'client_credentials')
        throw new Refusal('unreadable', 'Send grant_type=client_credentials', {
          code: grant === undefined ? 'invalid_request' : 'unsupported_grant_type',
        })
      const granted = scope === undefined ? machine.scopes : wantedScopes(machine, scope)
      const token = app.accessTokens.sign({ tenant: machine.tenant, keyId: machine.keyId, scopes: granted })
      return await reply
        .header('cache-control', 'no-store')
        .header('pragma', 'no-cache')
        .send({ access_token: token, token_type: 'Bearer', expires_in: accessSeconds, scope: granted.join(' ') })
    },
  )
}

/** RFC 6749 §2.3.1: both parts of Basic authentication are form-encoded. An unknown, ended and wrong one answer alike. */
async function authenticate(deps: FeatureDeps, request: FastifyRequest): Promise<MachineActor> {
  const base64 = /^Basic ([\w+/-]{1,1000}=*)$/i.exec(request.headers.authorization ?? '')?.[1]
  const [, id = '', secret = ''] =
    /^([^:]+):(.+)$/.exec(Buffer.from(base64 ?? '', 'base64').toString('utf8'))?.map(formDecoded) ?? []
  const machine = secret === '' ? undefined : await findMachine(deps, { key: secret })
  if (machine?.keyId === id.toLowerCase()) return machine
  throw new Refusal('not-signed-in', 'The client id and the key do not belong to a live key', {
    code: 'invalid_client',
  })
}

function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    // No percent-encoding that can be read: as it stands it is no key either.
    return ''
  }
}

function wantedScopes(machine: MachineActor, text: string): readonly Scope[] {
  const wanted = new Set(text.split(' ').filter((word) => word !== ''))
  const granted = scopes.filter((scope) => wanted.has(scope) && machine.scopes.includes(scope))
  if (wanted.size > 0 && granted.length === wanted.size) return granted
  throw new Refusal('unreadable', 'Ask for scopes that the key has', { code: 'invalid_scope' })
}

/** RFC 6749 §5.2. What is no rule's no goes on to the handler of all bugs. */
function oauthErrors(origin: string) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const given = refusalOf(error)
    if (!given) throw error
    const refusal = asOauth(given)
    const { retryAfter } = refusal.details
    if (retryAfter !== undefined) void reply.header('retry-after', String(retryAfter))
    const problem = problemOf(refusal, request, origin)
    if (problem.status === 401) void reply.header('www-authenticate', 'Basic realm="osaamispassi", charset="UTF-8"')
    void reply
      .code(problem.status)
      .header('content-type', 'application/json; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(JSON.stringify({ error: problem.code, error_description: problem.detail, ...problem }))
  }
}

/** Codes of RFC 6749 §5.2; a request that could not be read or was too large is invalid to it. */
function asOauth(refusal: Refusal): Refusal {
  if (refusal.code.startsWith('invalid_') || refusal.code === 'unsupported_grant_type') return refusal
  const { retryAfter } = refusal.details
  if (retryAfter !== undefined)
    return new Refusal(refusal.kind, refusal.message, { code: 'temporarily_unavailable', retryAfter })
  return new Refusal('unreadable', refusal.message, { code: 'invalid_request' })
}
