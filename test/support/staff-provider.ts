import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair } from 'jose'
import { Provider } from 'oidc-provider'

/** Somebody as the organisation's own provider knows them. */
export type Person = { readonly sub: string; readonly email: string; readonly verified: boolean }

/** A real OpenID provider on loopback. Who signs in there is whom the test has put before it. */
export type StaffProvider = {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** Who sits at the browser from now on. */
  seat(person: Person): void
  /** Goes where the service sent the browser, signs in there, and gives the address that leads back. */
  signIn(url: string): Promise<string>
  close(): Promise<void>
}

/** `back` is where it may send people to; with `inToken` the e-mail stands in the ID token, else only at its userinfo address. */
export async function startProvider(back: string, { inToken = true } = {}): Promise<StaffProvider> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // The parsing door for what Node says of a server that listens.
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const [clientId, clientSecret] = ['osaamispassi', randomBytes(24).toString('base64url')]
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const people = new Map<string, Person>()
  let seated = ''
  const provider: Provider = new Provider(issuer, {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [back] }],
    adapter: memoryAdapter(),
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: 'one' }] },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    claims: { email: ['email', 'email_verified'] },
    conformIdTokenClaims: !inToken,
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    interactions: { url: (_: unknown, { uid }: { readonly uid: string }) => `/interaction/${uid}` },
    findAccount: async (_: unknown, sub: string) => {
      const { email, verified } = people.get(sub) ?? {}
      return await Promise.resolve({ accountId: sub, claims: () => ({ sub, email, email_verified: verified }) })
    },
    loadExistingGrant: async () => {
      const grant = new provider.Grant({ accountId: seated, clientId })
      grant.addOIDCScope('openid email')
      await grant.save()
      return grant
    },
  })
  const answer = provider.callback()
  server.on('request', (request, response) => {
    if (request.url?.startsWith('/interaction/') !== true) return answer(request, response)
    const login = { accountId: seated }
    void provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false })
  })
  return {
    issuer,
    clientId,
    clientSecret,
    seat: (person) => {
      people.set(person.sub, person)
      seated = person.sub
    },
    signIn: async (url) => await follow(url, issuer),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

type Stored = Readonly<Record<string, unknown>>

/** What the provider keeps, for the length of a test. */
function memoryAdapter(): new (kind: string) => object {
  const kept = new Map<string, Stored>()
  return class {
    readonly kind: string
    constructor(kind: string) {
      this.kind = kind
    }
    async upsert(id: string, stored: Stored): Promise<void> {
      await Promise.resolve(kept.set(`${this.kind} ${id}`, stored))
    }
    async find(id: string): Promise<Stored | undefined> {
      return await Promise.resolve(kept.get(`${this.kind} ${id}`))
    }
    async findByUid(uid: string): Promise<Stored | undefined> {
      return await Promise.resolve([...kept.values()].find((one) => one['uid'] === uid))
    }
    async consume(id: string): Promise<void> {
      const stored = await this.find(id)
      if (stored) await this.upsert(id, { ...stored, consumed: Math.floor(Date.now() / 1000) })
    }
    async destroy(id: string): Promise<void> {
      await Promise.resolve(kept.delete(`${this.kind} ${id}`))
    }
    async revokeByGrantId(grantId: string): Promise<void> {
      for (const [id, one] of kept) if (one['grantId'] === grantId) kept.delete(id)
      await Promise.resolve()
    }
  }
}

/** A browser of its own at the provider: follows its redirects with its cookies until it leads elsewhere. */
async function follow(start: string, issuer: string): Promise<string> {
  const cookies = new Map<string, string>()
  for (let url = start, steps = 0; steps < 10; steps += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie } })
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    const location = answer.headers.get('location')
    if (location === null) throw new Error(`${url} answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`)
    url = new URL(location, url).href
    if (new URL(url).origin !== issuer) return url
  }
  throw new Error('the provider leads around in circles')
}
