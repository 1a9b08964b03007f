import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/**
 * Envelope encryption (S-20): every client and every signing key has a data key of its own; data keys lie wrapped by a key-encryption key
 * (KEK) from outside the database. AES-256-GCM throughout; the associated data names tenant, owner and purpose, so that a value moved to
 * another row, tenant or use does not open.
 */
export type Kek = { readonly version: string; readonly key: Buffer }

/** Whose data key it is: a client's id or a signing key's kid. */
export type Owner = { readonly tenant: string; readonly owner: string }
export type WrappedKey = Owner & { readonly dataKey: Buffer; readonly kekVersion: string }

export type Vault = {
  /** A fresh data key, wrapped by the current KEK. */
  newDataKey(owner: Owner): WrappedKey
  /** The same data key, wrapped by the current KEK; what it seals stays as it is (S-21). The same object when it is so already. */
  rewrap(key: WrappedKey): WrappedKey
  /** Version of the KEK that wraps. */
  readonly kekVersion: string
  /** Seals bytes under a wrapped data key for one purpose, such as `observation.note`. */
  seal(key: WrappedKey, purpose: string, plain: Uint8Array): Buffer
  /** Opens what `seal` made. Throws when key, tenant, owner or purpose differ, or a byte changed. */
  open(key: WrappedKey, purpose: string, sealed: Uint8Array): Buffer
  /** The same for words. */
  sealText(key: WrappedKey, purpose: string, words: string): Buffer
  openText(key: WrappedKey, purpose: string, sealed: Uint8Array): string
}

/** Something is wrapped by a key-encryption key that the settings do not give (S-21). */
export class NoSuchKek extends Error {
  readonly version: string

  constructor(version: string) {
    super(`no key-encryption key of version ${version} is given`)
    this.name = 'NoSuchKek'
    this.version = version
  }
}

const ivLength = 12
const tagLength = 16

/** A vault over the KEKs of the settings. The current one wraps; all of them unwrap (S-21). */
export function createVault(current: Kek, previous: readonly Kek[] = []): Vault {
  const keks = new Map([current, ...previous].map((kek) => [kek.version, kek.key]))

  function unwrap(wrapped: WrappedKey): Buffer {
    const kek = keks.get(wrapped.kekVersion)
    if (!kek) throw new NoSuchKek(wrapped.kekVersion)
    return decrypt(kek, label(wrapped, 'data-key'), wrapped.dataKey)
  }

  function wrap({ tenant, owner }: Owner, dataKey: Buffer): WrappedKey {
    const wrapped = encrypt(current.key, label({ tenant, owner }, 'data-key'), dataKey)
    return { tenant, owner, dataKey: wrapped, kekVersion: current.version }
  }

  const vault: Vault = {
    kekVersion: current.version,
    newDataKey: (owner) => wrap(owner, randomBytes(32)),
    rewrap: (key) => (key.kekVersion === current.version ? key : wrap(key, unwrap(key))),
    seal: (key, purpose, plain) => encrypt(unwrap(key), label(key, purpose), plain),
    open: (key, purpose, sealed) => decrypt(unwrap(key), label(key, purpose), sealed),
    sealText: (key, purpose, words) => vault.seal(key, purpose, Buffer.from(words, 'utf8')),
    openText: (key, purpose, sealed) => vault.open(key, purpose, sealed).toString('utf8'),
  }
  return vault
}

function label({ tenant, owner }: Owner, purpose: string): Buffer {
  return Buffer.from(JSON.stringify([tenant, owner, purpose]), 'utf8')
}

function encrypt(key: Buffer, associated: Buffer, plain: Uint8Array): Buffer {
  const iv = randomBytes(ivLength)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(associated)
  const body = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), body])
}

function decrypt(key: Buffer, associated: Buffer, sealed: Uint8Array): Buffer {
  const iv = sealed.subarray(0, ivLength)
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagLength }).setAAD(associated)
  decipher.setAuthTag(sealed.subarray(ivLength, ivLength + tagLength))
  return Buffer.concat([decipher.update(sealed.subarray(ivLength + tagLength)), decipher.final()])
}
