import * as oauth from 'openid-client'
import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation, password } from '../support/given.ts'
import { givenKey, type GivenKey } from './given-key.ts'

// S-13: OAuth 2.0 client credentials (RFC 6749 §4.4): a key is changed for an access token of 15 minutes.

const origin = 'https://osaamispassi.example'
const address = '/api/v1/oauth/token'
let service: TestService
let foundation: Foundation
let given: GivenKey
beforeAll(async () => {
  service = await startService({ publicOrigin: origin, pagesOrigin: origin })
  foundation = await givenFoundation(service, { module: false })
  given = await givenKey(service, foundation, { scopes: ['modules:read', 'applications:read'] })
})
afterAll(async () => await service.close())

const basic = (id: string, secret: string): string => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`

async function ask(
  form: Record<string, string>,
  authorization: string | undefined = basic(given.id, given.key),
): Promise<LightMyRequestResponse> {
  return await service.app.inject({
    method: 'POST',
    url: address,
    payload: new URLSearchParams(form).toString(),
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(authorization === '' ? {} : { authorization }),
    },
  })
}

async function token(form: Record<string, string> = {}): Promise<string> {
  const answer = await ask({ grant_type: 'client_credentials', ...form })
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json<{ access_token: string }>().access_token
}

const partOf = (jwt: string, index: number): Record<string, unknown> =>
  JSON.parse(Buffer.from(jwt.split('.')[index] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>

const statusWith = async (bearer: string): Promise<number> =>
  (await service.api(bearer).get('/api/v1/modules')).statusCode

describe('S-13: client credentials', () => {
  test('give a program an access token, as another implementation of OAuth reads it', async () => {
    const config = new oauth.Configuration(
      { issuer: origin, token_endpoint: `${origin}${address}` },
      given.id,
      {},
      oauth.ClientSecretBasic(given.key),
    )
    config[oauth.customFetch] = async (url, { method, headers, body }) => {
      const { pathname } = new URL(url)
      const sent = {
        method: 'POST',
        url: pathname,
        headers,
        payload: new URLSearchParams(body as URLSearchParams).toString(),
      } as const
      expect(method).toBe('POST')
      const answer = await service.app.inject(sent)
      const told = Object.entries(answer.headers).map(([name, value]) => [name, String(value)] as [string, string])
      return new Response(answer.body, { status: answer.statusCode, headers: told })
    }
    const answer = await oauth.clientCredentialsGrant(config, { scope: 'modules:read' })
    expect(answer).toMatchObject({ token_type: 'bearer', expires_in: 900, scope: 'modules:read' })
    expect(await statusWith(answer.access_token)).toBe(200)
    await expect(oauth.clientCredentialsGrant(config, { scope: 'awards:read' })).rejects.toMatchObject({
      error: 'invalid_scope',
    })
  })

  test('the token has one algorithm, its own typ, issuer, audience and end, and is kept by nobody on the way', async () => {
    const answer = await ask({ grant_type: 'client_credentials' })
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(answer.json()).toMatchObject({
      token_type: 'Bearer',
      expires_in: 900,
      scope: 'modules:read applications:read',
    })
    const { access_token: jwt } = answer.json<{ access_token: string }>()
    expect(partOf(jwt, 0)).toEqual({ alg: 'HS256', typ: 'at+jwt' })
    const now = Date.parse('2026-11-22T09:00:00Z') / 1000
    expect(partOf(jwt, 1)).toEqual({
      iss: origin,
      aud: `${origin}/api/v1`,
      sub: given.id,
      client_id: given.id,
      ten: foundation.code,
      scope: 'modules:read applications:read',
      iat: now,
      exp: now + 900,
    })
  })

  test('the token ends after 15 minutes', async () => {
    const jwt = await token()
    service.at('2026-11-22T09:14:59Z')
    expect(await statusWith(jwt)).toBe(200)
    service.at('2026-11-22T09:15:01Z')
    expect(await statusWith(jwt)).toBe(401)
    service.at('2026-11-22T09:00:00Z')
  })

  test('a person’s token lasts as long, and the page’s cookie to the end of its session', async () => {
    const signedIn = await service.api().post('/api/v1/tokens', { name: foundation.email('pekka'), password })
    const claims = partOf(signedIn.json<{ token: string }>().token, 1)
    expect(Number(claims['exp']) - Number(claims['iat'])).toBe(900)
    const browser = service.browser()
    await browser.get('/kirjaudu')
    const entered = await browser.submit('/kirjaudu', { email: foundation.email('pekka'), password })
    const cookie = entered.cookies.find(({ name }) => name === '__Host-op_session')?.value ?? ''
    const { exp, iat } = partOf(cookie, 1)
    expect(Number(exp) - Number(iat)).toBe(12 * 3600)
  })

  test('the token ends with its key, at once', async () => {
    const own = await givenKey(service, foundation, { name: 'Hetken' })
    const answer = await ask({ grant_type: 'client_credentials' }, basic(own.id, own.key))
    const { access_token: jwt } = answer.json<{ access_token: string }>()
    expect(await statusWith(jwt)).toBe(200)
    const revoked = { revoked_at: new Date('2026-11-22T09:00:00Z') }
    await service.database.ownerDb.updateTable('api_key').set(revoked).where('id', '=', own.id).execute()
    expect(await statusWith(jwt)).toBe(401)
    expect((await ask({ grant_type: 'client_credentials' }, basic(own.id, own.key))).statusCode).toBe(401)
  })

  test('the token opens no more than was asked for, nor more than its key', async () => {
    const narrow = service.api(await token({ scope: 'modules:read' }))
    expect((await narrow.get('/api/v1/modules')).statusCode).toBe(200)
    expect((await narrow.get('/api/v1/applications')).statusCode).toBe(403)
    const jwt = await token()
    const scopes = { scopes: ['modules:read' as const] }
    await service.database.ownerDb.updateTable('api_key').set(scopes).where('id', '=', given.id).execute()
    expect((await service.api(jwt).get('/api/v1/applications')).statusCode).toBe(403)
    const both = { scopes: ['modules:read' as const, 'applications:read' as const] }
    await service.database.ownerDb.updateTable('api_key').set(both).where('id', '=', given.id).execute()
  })

  test('tokens of one purpose are nothing to another: session, page, key and access token', async () => {
    const jwt = await token()
    const signedIn = await service.api().post('/api/v1/tokens', { name: foundation.email('pekka'), password })
    const { token: session } = signedIn.json<{ token: string }>()
    const page = await service.app.inject({
      url: '/kirjaa',
      headers: { accept: 'text/html', cookie: `__Host-op_session=${jwt}` },
    })
    expect(page.statusCode).toBe(303)
    // The session's token with the access token's head, and the other way round: signed with other keys.
    const [head = '', , signature = ''] = jwt.split('.')
    const mixed = [head, session.split('.')[1], signature].join('.')
    const turned = [session.split('.')[0], jwt.split('.')[1], jwt.split('.')[2]].join('.')
    const none = [Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url'), jwt.split('.')[1], ''].join('.')
    const changed = `${jwt.slice(0, -2)}${jwt.endsWith('AA') ? 'BB' : 'AA'}`
    for (const wrong of [mixed, turned, none, changed]) expect(await statusWith(wrong)).toBe(401)
    // A key is no secret of another client.
    const other = await givenKey(service, foundation, { name: 'Toinen' })
    expect((await ask({ grant_type: 'client_credentials' }, basic(given.id, other.key))).statusCode).toBe(401)
  })
})

describe('errors are those of RFC 6749 §5.2', () => {
  const grant = { grant_type: 'client_credentials' }
  const nobody = '0190a0a0-0000-7000-8000-000000000000'
  test.each([
    ['no credentials', grant, '', 401, 'invalid_client'],
    ['a wrong key', grant, basic(nobody, 'op_live_zzzz'), 401, 'invalid_client'],
    ['a broken header', grant, 'Basic ???', 401, 'invalid_client'],
    ['a bearer token', grant, 'Bearer x', 401, 'invalid_client'],
    ['another grant', { grant_type: 'password' }, undefined, 400, 'unsupported_grant_type'],
    ['no grant', {}, undefined, 400, 'invalid_request'],
    ['an unknown scope', { ...grant, scope: 'modules:read everything' }, undefined, 400, 'invalid_scope'],
    ['a scope that the key has not', { ...grant, scope: 'awards:read' }, undefined, 400, 'invalid_scope'],
    ['an empty scope', { ...grant, scope: '' }, undefined, 400, 'invalid_scope'],
  ])('%s', async (_, form, authorization, status, error) => {
    const answer = await ask(form, authorization)
    expect(answer.statusCode, answer.body).toBe(status)
    expect(answer.json()).toMatchObject({ error, code: error, status })
    expect(answer.headers['content-type']).toContain('application/json')
    expect(answer.headers['cache-control']).toBe('no-store')
    if (status === 401) expect(answer.headers['www-authenticate']).toMatch(/^Basic /)
  })

  test('JSON is not taken, and what is not known is passed over', async () => {
    const json = await service.api().post(address, grant)
    expect(json.statusCode).toBe(400)
    expect(json.json()).toMatchObject({ error: 'invalid_request' })
    expect((await ask({ ...grant, audience: 'x' })).statusCode).toBe(200)
  })
})
