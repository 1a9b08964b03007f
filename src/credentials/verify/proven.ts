import type { Check } from '../verdict.ts'
import { notChecked } from './checks.ts'

/** What a proof showed: that it is right, that its key is the issuer's, and how the issuer was reached. */
export type Proven = { readonly signature: Check; readonly key: Check; readonly issuer: Check }

export const keyNotReached: Check = notChecked('key', 'not-reached')
export const issuerNotShown: Check = notChecked('issuer', 'issuer-not-shown')

/** No key, so that nothing could be compared. */
export function withoutKey(key: Check, issuer: Check = issuerNotShown): Proven {
  return { signature: notChecked('signature', 'no-key'), key, issuer }
}
