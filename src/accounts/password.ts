import { hash, verify } from '@node-rs/argon2'
import { Refusal } from '../refusal.ts'

/** argon2id, 19 MiB, two passes, one lane (S-17). */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

const common: ReadonlySet<string> = new Set([
  'password1234',
  '123456789012',
  'qwertyuiop12',
  'salasana1234',
  'salasanasalasana',
  'passwordpassword',
  'osaamispassi',
  'osaamispassi1',
  'letmeinletmein',
  'administrator',
])

/** Hashes a new password. Refuses under 12 and over 128 characters and common ones (S-17). */
export async function hashPassword(password: string): Promise<string> {
  const length = Array.from(password).length
  if (length < 12) throw new Refusal('content', 'A password has at least 12 characters', { code: 'password-short' })
  if (length > 128) throw new Refusal('content', 'A password has at most 128 characters', { code: 'password-long' })
  if (common.has(password.toLowerCase())) {
    throw new Refusal('content', 'Many people use this password. Choose another', { code: 'password-common' })
  }
  return await hash(password.normalize('NFKC'), cost)
}

// Hashed once: an unknown name costs the same as a wrong password (S-17).
const nobody = hash('nobody has this password', cost)

/** Is it this account's password? Takes the same time when there is no such account. */
export async function isPassword(stored: string | undefined, password: string): Promise<boolean> {
  const matches = await verify(stored ?? (await nobody), password.normalize('NFKC'))
  return matches && stored !== undefined
}
