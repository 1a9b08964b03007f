import { Secret, TOTP } from 'otpauth'

type Who = { readonly name: string; readonly password: string }

/** Recovery codes of those who have set up their second factor, each in a database of its own: a code of the app opens once in half a minute. */
const kept = new WeakMap<Who, string[]>()

/** A coordinator's bearer token: the first time the second factor is set up on the way (S-17), later a recovery code is given. */
export async function coordinatorToken(api: string, who: Who): Promise<string> {
  const code = kept.get(who)?.pop()
  const signedIn = await post(`${api}/tokens`, code === undefined ? who : { ...who, code })
  const token = wordIn(signedIn, 'token')
  if (code !== undefined) return token
  const secret = Secret.fromBase32(wordIn(await post(`${api}/second-factor`, {}, token), 'secret'))
  const set = await post(`${api}/second-factor/confirmation`, { code: new TOTP({ secret }).generate() }, token)
  kept.set(who, wordsIn(set, 'recoveryCodes'))
  return wordIn(set, 'token')
}

async function post(url: string, body: object, token?: string): Promise<unknown> {
  const bearer = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const headers = { 'content-type': 'application/json', ...bearer }
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body), headers })
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`)
  return await answer.json()
}

function wordIn(answer: unknown, name: string): string {
  const word = memberOf(answer, name)
  if (typeof word === 'string') return word
  throw new Error(`the answer has no ${name}`)
}

function wordsIn(answer: unknown, name: string): string[] {
  const words = memberOf(answer, name)
  return Array.isArray(words) ? words.filter((word) => typeof word === 'string') : []
}

function memberOf(answer: unknown, name: string): unknown {
  return typeof answer === 'object' && answer !== null ? Reflect.get(answer, name) : undefined
}
