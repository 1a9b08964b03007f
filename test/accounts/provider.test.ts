import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { disableAccount, makeAccount } from '../../src/accounts/account.ts'
import type { Role } from '../../src/http/permissions.ts'
import { type Browser, startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation, password } from '../support/given.ts'
import { startProvider, type StaffProvider } from '../support/staff-provider.ts'

// S-17, S-41, S-43: staff sign in by the organisation's own provider (OpenID Connect).

const back = 'http://localhost:4000/kirjaudu/organisaatio/paluu'
let provider: StaffProvider
let service: TestService
let foundation: Foundation
const opened: TestService[] = []

beforeAll(async () => {
  provider = await startProvider(back)
  service = await withProvider(provider)
  foundation = await givenFoundation(service, { module: false })
})
afterAll(async () => {
  for (const one of opened) await one.close()
  await provider.close()
})

async function withProvider(at: Pick<StaffProvider, 'issuer' | 'clientId' | 'clientSecret'>): Promise<TestService> {
  const { issuer, clientId, clientSecret } = at
  const made = await startService({ oidc: { issuer, clientId } }, { oidcClientSecret: clientSecret })
  opened.push(made)
  return made
}

let count = 0
async function account(role: Exclude<Role, 'client'> = 'coach'): Promise<{ email: string; sub: string; id: string }> {
  count += 1
  const email = `nro${count}@${foundation.code}.example`
  const wanted = { signInName: email, password, displayName: 'Outi O.', roles: [role] }
  return { email, sub: `subject-${count}`, id: await makeAccount(service.deps, foundation.code, wanted) }
}

async function begin(browser: Browser, next = '/ryhma'): Promise<URL> {
  const begun = await browser.get(`/kirjaudu/organisaatio?next=${encodeURIComponent(next)}`)
  expect(begun.statusCode, begun.body).toBe(303)
  return new URL(String(begun.headers.location))
}

/** Leaves for the provider, signs in there, and comes back. */
async function signIn(
  browser: Browser,
  who: { readonly sub: string; readonly email: string },
  verified = true,
): Promise<LightMyRequestResponse> {
  provider.seat({ ...who, verified })
  const { pathname, search } = new URL(await provider.signIn((await begin(browser)).href))
  return await browser.get(`${pathname}${search}`)
}

const failed = '/kirjaudu?virhe=1'

describe('the way there', () => {
  test('begins by a link on the sign-in page, with state, nonce and PKCE, to the configured provider (S-41, S-43)', async () => {
    const browser = service.browser()
    const page = await browser.get('/kirjaudu?next=%2Fryhma')
    expect(page.body).toContain('href="/kirjaudu/organisaatio?next=%2Fryhma"')
    const url = await begin(browser)
    expect(url.origin).toBe(provider.issuer)
    const asked = Object.fromEntries(url.searchParams)
    expect(asked).toMatchObject({
      response_type: 'code',
      client_id: provider.clientId,
      redirect_uri: back,
      code_challenge_method: 'S256',
      scope: 'openid email',
    })
    for (const name of ['state', 'nonce', 'code_challenge']) expect(asked[name]?.length).toBeGreaterThan(40)
    const again = await begin(browser)
    for (const name of ['state', 'nonce', 'code_challenge']) expect(again.searchParams.get(name)).not.toBe(asked[name])
  })

  test('takes our own address from the settings, never from the request, and leads to our own paths only', async () => {
    const answer = await service.app.inject({
      url: '/kirjaudu/organisaatio',
      headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example' },
    })
    expect(new URL(String(answer.headers.location)).searchParams.get('redirect_uri')).toBe(back)
    const who = await account()
    const browser = service.browser()
    provider.seat({ ...who, verified: true })
    const { pathname, search } = new URL(await provider.signIn((await begin(browser, 'https://evil.example/')).href))
    expect((await browser.get(`${pathname}${search}`)).headers.location).toBe('/')
  })

  test('is not there without a provider', async () => {
    const plain = await startService()
    opened.push(plain)
    expect((await plain.browser().get('/kirjaudu/organisaatio')).statusCode).toBe(404)
    expect((await plain.browser().get('/kirjaudu')).body).not.toContain('/kirjaudu/organisaatio')
  })
})

describe('the account', () => {
  test('is found by the verified e-mail the first time, and by the subject ever after', async () => {
    const who = await account()
    const first = service.browser()
    expect((await signIn(first, who)).headers.location).toBe('/ryhma')
    expect((await first.get('/ryhma')).statusCode).toBe(200)
    const second = service.browser()
    const moved = { sub: who.sub, email: 'new.name@elsewhere.example' }
    expect((await signIn(second, moved, false)).headers.location).toBe('/ryhma')
    expect((await second.get('/')).body).toContain('Outi O.')
    const rows = await service.database.ownerDb.selectFrom('sign_in_subject').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(who.sub)
  })

  test('of another subject with the same e-mail is not opened: a mailbox may have a new owner', async () => {
    const who = await account()
    expect((await signIn(service.browser(), who)).headers.location).toBe('/ryhma')
    expect((await signIn(service.browser(), { ...who, sub: 'somebody-else' })).headers.location).toBe(failed)
    expect((await signIn(service.browser(), who)).headers.location).toBe('/ryhma')
  })

  test('is not opened by an e-mail that the provider has not verified, nor one that nobody here has', async () => {
    const who = await account()
    const browser = service.browser()
    expect((await signIn(browser, who, false)).headers.location).toBe(failed)
    expect((await signIn(browser, { sub: 'x', email: 'nobody@elsewhere.example' })).headers.location).toBe(failed)
    expect((await browser.get(failed)).body).toContain('Kirjautuminen ei onnistunut.')
    expect((await browser.get('/tili')).statusCode).toBe(303)
  })

  test('that is closed is not opened', async () => {
    const who = await account()
    expect((await signIn(service.browser(), who)).headers.location).toBe('/ryhma')
    await disableAccount(service.deps, foundation.code, who.id)
    expect((await signIn(service.browser(), who)).headers.location).toBe(failed)
  })

  test('of a coordinator is open at once: the second factor is the provider’s business', async () => {
    const browser = service.browser()
    await signIn(browser, await account('coordinator'))
    expect((await browser.get('/hakemukset')).statusCode).toBe(200)
  })

  test('is found also where the provider tells the e-mail at its userinfo address only', async () => {
    const strict = await startProvider(back, { inToken: false })
    const other = await withProvider(strict)
    const theirs = await givenFoundation(other, { module: false })
    const browser = other.browser()
    strict.seat({ sub: 'pekka', email: theirs.email('pekka').toUpperCase(), verified: true })
    const { pathname, search } = new URL(await strict.signIn((await begin(browser)).href))
    expect((await browser.get(`${pathname}${search}`)).headers.location).toBe('/ryhma')
    await strict.close()
  })
})

describe('the way back', () => {
  test('opens nothing without the browser that left, a second time, or with another state or code', async () => {
    const who = await account()
    provider.seat({ ...who, verified: true })
    const browser = service.browser()
    const { pathname, search } = new URL(await provider.signIn((await begin(browser)).href))
    const stranger = service.browser()
    expect((await stranger.get(`${pathname}${search}`)).headers.location).toBe(failed)
    await begin(stranger)
    expect((await stranger.get(`${pathname}${search}`)).headers.location).toBe(failed)
    expect((await browser.get(`${pathname}${search}`)).headers.location).toBe('/ryhma')
    expect((await browser.get(`${pathname}${search}`)).headers.location).toBe(failed)
    for (const broken of [
      '',
      '?error=access_denied',
      '?code=x',
      '?state=x&code=x',
      `${search}x`,
      search.replace(/iss=[^&]+/, 'iss=https%3A%2F%2Fevil.example'),
    ]) {
      const tried = service.browser()
      const left = await begin(tried)
      const state = left.searchParams.get('state') ?? ''
      const query = broken.replace(/state=[^&]+/, `state=${broken.includes('evil') ? state : 'other'}`)
      expect((await tried.get(`${pathname}${query}`)).headers.location, query).toBe(failed)
    }
  })
})

test('it vouches for the staff of the named organisations only, whatever address it says is verified', async () => {
  const { issuer, clientId, clientSecret } = provider
  const settings = { oidc: { issuer, clientId }, oidcOrganisations: ['own1'] }
  const named = await startService(settings, { oidcClientSecret: clientSecret })
  opened.push(named)
  const come = async (code: string): Promise<unknown> => {
    const organisation = await givenFoundation(named, { module: false, code, name: `Säätiö ${code}` })
    const browser = named.browser()
    provider.seat({ sub: `subject-of-${code}`, email: organisation.email('pekka'), verified: true })
    const { pathname, search } = new URL(await provider.signIn((await begin(browser)).href))
    return (await browser.get(`${pathname}${search}`)).headers.location
  }
  expect(await come('own1')).toBe('/ryhma')
  expect(await come('oth1')).toBe(failed)
})

describe('a provider', () => {
  const listening: Server[] = []
  afterAll(() => {
    for (const server of listening) server.close()
  })

  /** Answers its metadata, which `metadata` makes of its own address. */
  async function fake(metadata: (issuer: string) => object): Promise<TestService> {
    const server = createServer((_, response) => {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(metadata(issuer)))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    listening.push(server)
    // The parsing door for what Node says of a server that listens.
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    return await withProvider({ issuer, clientId: 'x', clientSecret: 'y'.repeat(32) })
  }

  test('that sends people to another host is not followed (S-43)', async () => {
    const away = await fake((issuer) => ({
      issuer,
      authorization_endpoint: 'https://evil.example/authorize',
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
    }))
    const answer = await away.browser().get('/kirjaudu/organisaatio')
    expect(answer.statusCode).toBe(503)
    expect(answer.body).not.toContain('evil.example')
  })

  test('that names another issuer is not believed', async () => {
    const other = await fake(() => ({ issuer: 'https://evil.example' }))
    expect((await other.browser().get('/kirjaudu/organisaatio')).statusCode).toBe(503)
  })

  test('that does not answer is said to be away; when it is there again, sign-in goes on', async () => {
    const gone = await startProvider(back)
    await gone.close()
    const waiting = await withProvider(gone)
    const answer = await waiting.browser().get('/kirjaudu/organisaatio')
    expect(answer.statusCode).toBe(503)
    expect(answer.headers['retry-after']).toBe('30')
    expect(answer.body).toContain('Organisaatiosi kirjautumispalvelu ei vastaa.')
    const { port } = new URL(gone.issuer)
    const server = createServer((_, response) => {
      response.setHeader('content-type', 'application/json')
      const { issuer } = gone
      response.end(
        JSON.stringify({ issuer, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token` }),
      )
    })
    await new Promise<void>((resolve) => server.listen(Number(port), '127.0.0.1', resolve))
    listening.push(server)
    expect((await begin(waiting.browser())).origin).toBe(gone.issuer)
  })
})
