import { createHmac, randomInt } from 'node:crypto'

/** No look-alikes: no 0 O, 1 I L, 2 Z, 5 S, 8 B, U V. */
const letters = '34679ACDEFGHJKMNPQRTWXY'

/** How long a handed-out code works, milliseconds (S-17). */
export const codeLifetime = 15 * 60 * 1000

/** A new one-time code: 8 characters without look-alikes (S-17). */
export function newSignInCode(): string {
  return Array.from({ length: 8 }, () => letters[randomInt(letters.length)]).join('')
}

/** What a person typed, as the code was made: spaces, hyphens and case do not matter. */
export function tidyCode(typed: string): string {
  return typed.toUpperCase().replaceAll(/[\s-]/g, '')
}

/** As it is shown: two groups of four. */
export function spellCode(code: string): string {
  return `${code.slice(0, 4)} ${code.slice(4)}`
}

/** Keyed digest for looking something up without keeping it: a code, a sign-in name, a network address. `use` keeps them apart. */
export function keyedDigest(pepper: Uint8Array, use: 'code' | 'name' | 'source' | 'browser', value: string): Buffer {
  return createHmac('sha256', pepper).update(`${use}\0${value}`).digest()
}
