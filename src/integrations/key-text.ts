import { randomBytes } from 'node:crypto'
import { keyedDigest } from '../accounts/sign-in-code.ts'
import type { KeyMode } from './tables.ts'

/** `op_live_` or `op_test_`, the tenant's code, and 256 random bits: found in a leak by its beginning, and in the database without a directory. */
const shape = /^op_(?:test|live)_([0-9a-z]{4})[\w-]{43}$/

/** Draws a new key for a tenant. */
export function newKeyText(mode: KeyMode, tenant: string): string {
  return `op_${mode}_${tenant}${randomBytes(32).toString('base64url')}`
}

/** The tenant whose code the key carries; undefined for what is no key. */
export function tenantOfKey(text: string): string | undefined {
  return shape.exec(text)?.[1]
}

/** What is kept of a key (S-13). */
export function digestOfKey(pepper: Uint8Array, text: string): Buffer {
  return keyedDigest(pepper, 'api-key', text)
}
