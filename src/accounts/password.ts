import { hash, verify } from '@node-rs/argon2'
import { Refusal } from '../refusal.ts'
import { isCommonPassword } from './common-passwords.ts'

/** argon2id, 19 MiB, two passes, one lane (S-17). */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** Lengths of a password in characters (S-17). */
export const passwordLength = { least: 12, most: 128 } as const

/**
 * Hashes a new password. Refuses `content` under 12 and over 128 characters, and common ones; `about` is what a guesser knows of the person,
 * such as the sign-in name (S-17).
 */
export async function hashPassword(password: string, about: readonly string[] = []): Promise<string> {
  const length = Array.from(password).length
  if (length < passwordLength.least)
    throw new Refusal('content', 'A password has at least 12 characters', { code: 'password-short' })
  if (length > passwordLength.most)
    throw new Refusal('content', 'A password has at most 128 characters', { code: 'password-long' })
  if (isCommonPassword(password, about))
    throw new Refusal('content', 'Many people use such a password. Choose another', { code: 'password-common' })
  return await hash(password.normalize('NFKC'), cost)
}

// Hashed once: an unknown name costs the same as a wrong password (S-17).
const nobody = hash('nobody has this password', cost)

/** Is it this account's password? One hash is computed, also when there is no such account. */
export async function isPassword(stored: string | undefined, password: string): Promise<boolean> {
  const matches = await verify(stored ?? (await nobody), password.normalize('NFKC'))
  return matches && stored !== undefined
}
