import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  discovery,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client'
import { z } from 'zod'
import type { Deps } from '../deps.ts'
import { Refusal } from '../refusal.ts'

/** What the browser keeps between leaving for the provider and coming back. */
export const Kept = z.strictObject({
  state: z.string().min(1),
  nonce: z.string().min(1),
  verifier: z.string().min(1),
  next: z.string(),
})
export type Kept = z.infer<typeof Kept>

/** Who the provider says it is. The subject is for ever; the e-mail counts only when the provider has verified it. */
export type ProvenSubject = {
  readonly issuer: string
  readonly subject: string
  readonly verifiedEmail: string | undefined
}

/** Sign-in by an organisation's own provider (OpenID Connect, authorization code with PKCE). */
export type Provider = {
  begin(next: string): Promise<{ readonly url: URL; readonly kept: Kept }>
  /** `back` is the address that the browser came back to. */
  finish(back: URL, kept: Kept): Promise<ProvenSubject>
}

const EmailClaims = z.object({ email: z.string().optional(), email_verified: z.boolean().optional() })
const IdClaims = EmailClaims.extend({ iss: z.string(), sub: z.string().min(1).max(255) })

/** The provider of the settings; undefined where there is none. `back` is our address that it sends people to. */
export function createProvider(deps: Pick<Deps, 'config' | 'secrets'>, back: string): Provider | undefined {
  const { oidc } = deps.config
  const secret = deps.secrets.oidcClientSecret
  if (!oidc || secret === undefined) return undefined
  const issuer = new URL(oidc.issuer)
  const discover = onceFound(async () => {
    // http is taken on loopback only, where the settings let it through: for trying.
    const execute = issuer.protocol === 'http:' ? [allowInsecureRequests] : []
    const found = await discovery(issuer, oidc.clientId, undefined, bySecret(secret), { execute, timeout: 5 })
    const door = new URL(found.serverMetadata().authorization_endpoint ?? 'about:blank')
    // S-43: people are sent to the configured provider and nowhere else.
    if (door.origin !== issuer.origin) throw new Error('the provider asks people in at another host')
    return found
  })
  return {
    async begin(next) {
      const configuration = await reached(discover)
      const [state, nonce, verifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()]
      const url = buildAuthorizationUrl(configuration, {
        redirect_uri: back,
        scope: 'openid email',
        state,
        nonce,
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      })
      return { url, kept: { state, nonce, verifier, next } }
    },
    async finish(cameBack, { state, nonce, verifier }) {
      const configuration = await reached(discover)
      return await proven(async () => {
        const granted = await authorizationCodeGrant(configuration, cameBack, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        })
        const { iss, sub, ...said } = IdClaims.parse(granted.claims())
        // Some providers tell the e-mail only at their userinfo address (OpenID Connect Core §5.4).
        const asked = said.email === undefined ? await fetchUserInfo(configuration, granted.access_token, sub) : {}
        const { email, email_verified: isVerified } = { ...said, ...EmailClaims.parse(asked) }
        return { issuer: iss, subject: sub, verifiedEmail: isVerified === true ? email : undefined }
      })
    },
  }
}

/** Finds it at the first need and keeps it; a failure is not kept. */
function onceFound(find: () => Promise<Configuration>): () => Promise<Configuration> {
  let found: Promise<Configuration> | undefined
  return async () => {
    found ??= find()
    try {
      return await found
    } catch (error) {
      found = undefined
      throw error
    }
  }
}

async function reached(discover: () => Promise<Configuration>): Promise<Configuration> {
  try {
    return await discover()
  } catch (cause) {
    const refusal = new Refusal('busy', 'The sign-in service of your organisation does not answer', {
      code: 'provider-away',
      retryAfter: 30,
    })
    refusal.cause = cause
    throw refusal
  }
}

/** A wrong state, nonce, signature, code or refusal by the provider all read alike: the person signs in again. */
async function proven(prove: () => Promise<ProvenSubject>): Promise<ProvenSubject> {
  try {
    return await prove()
  } catch (cause) {
    const refusal = new Refusal('not-signed-in', 'The sign-in was not finished', { code: 'provider-refused' })
    refusal.cause = cause
    throw refusal
  }
}

/** In the header (RFC 6749 §2.3.1) unless the provider takes it in the body only. */
function bySecret(secret: string): ClientAuth {
  const [basic, post] = [ClientSecretBasic(secret), ClientSecretPost(secret)]
  return (server, ...rest) => {
    const taken = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
    return (taken.includes('client_secret_basic') ? basic : post)(server, ...rest)
  }
}
