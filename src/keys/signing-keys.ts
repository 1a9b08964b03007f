import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import type { KeyAlgorithm } from './tables.ts'
import type { Vault, WrappedKey } from './vault.ts'

const generate = promisify(generateKeyPair)

/** A new key pair as it is stored: the private half sealed (S-20), the public half as a JWK without private members. */
export type NewSigningKey = {
  readonly kid: string
  readonly algorithm: KeyAlgorithm
  readonly publicJwk: Readonly<Record<string, string>>
  readonly wrapped: WrappedKey
  readonly sealed: Buffer
}

/** The columns of `signing_key` that are needed to sign. */
export type StoredSigningKey = {
  readonly tenant_id: string
  readonly kid: string
  readonly algorithm: KeyAlgorithm
  readonly data_key: Buffer
  readonly kek_version: string
  readonly private_sealed: Buffer
}

export type OpenedKey = { readonly privateKey: KeyObject; readonly publicKey: KeyObject }

const purpose = 'signing-key'

/** Makes a key pair for one organisation and seals it. `kid` is its short name: lower-case letters, digits and hyphens. */
export async function newSigningKey(
  vault: Vault,
  tenant: string,
  kid: string,
  algorithm: KeyAlgorithm,
): Promise<NewSigningKey> {
  const { privateKey, publicKey } = await generatePair(algorithm)
  const wrapped = vault.newDataKey({ tenant, owner: kid })
  const sealed = vault.seal(wrapped, purpose, privateKey.export({ format: 'der', type: 'pkcs8' }))
  return { kid, algorithm, publicJwk: publicJwkOf(publicKey), wrapped, sealed }
}

/** `rsa-2026-11-22-7f3a09c1`: what it is, when it was made, and a random end so that two of a day differ. */
export function newKid(algorithm: KeyAlgorithm, now: Date): string {
  const kind = { RS256: 'rsa', ES256: 'p256', EdDSA: 'ed25519' }[algorithm]
  return `${kind}-${now.toISOString().slice(0, 10)}-${randomBytes(4).toString('hex')}`
}

let lastTurn: Promise<unknown> = Promise.resolve()

/**
 * One after the other in this process. Making an RSA key takes a core for a good part of a second: many at once would keep everything else
 * that works in the thread pool waiting, new connections to the database too.
 */
export async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turn = lastTurn.then(work, work)
  lastTurn = turn.catch(() => undefined)
  return await turn
}

async function generatePair(algorithm: KeyAlgorithm): Promise<OpenedKey> {
  switch (algorithm) {
    case 'RS256':
      return await generate('rsa', { modulusLength: 2048 })
    case 'ES256':
      return await generate('ec', { namedCurve: 'P-256' })
    case 'EdDSA':
      return await generate('ed25519')
  }
}

function publicJwkOf(key: KeyObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(key.export({ format: 'jwk' })).filter(
      (member): member is [string, string] => typeof member[1] === 'string',
    ),
  )
}

/**
 * Opens stored keys. What was opened stays in memory for as long as the stored bytes are the same, since parsing an RSA key costs more
 * than the signature's share of an award; a row whose bytes were swapped is opened anew, and fails (S-20).
 */
export function createKeyOpener(vault: Vault): (stored: StoredSigningKey) => OpenedKey {
  const opened = new Map<string, { readonly sealed: Buffer; readonly key: OpenedKey }>()
  return (stored) => {
    const name = `${stored.tenant_id}/${stored.kid}`
    const known = opened.get(name)
    if (known?.sealed.equals(stored.private_sealed)) return known.key
    const wrapped = {
      tenant: stored.tenant_id,
      owner: stored.kid,
      dataKey: stored.data_key,
      kekVersion: stored.kek_version,
    }
    const privateKey = createPrivateKey({
      key: vault.open(wrapped, purpose, stored.private_sealed),
      format: 'der',
      type: 'pkcs8',
    })
    const key = { privateKey, publicKey: createPublicKey(privateKey) }
    opened.set(name, { sealed: stored.private_sealed, key })
    return key
  }
}

const openers = new WeakMap<Vault, ReturnType<typeof createKeyOpener>>()

/** One opener for each vault, for those that have none of their own. */
export function openerOf(vault: Vault): ReturnType<typeof createKeyOpener> {
  const opener = openers.get(vault) ?? createKeyOpener(vault)
  openers.set(vault, opener)
  return opener
}
