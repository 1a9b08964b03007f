import { hasIdentityCode } from '../clients/identity-code.ts'
import type { Messages } from '../i18n/index.ts'

const longest = 1000

/** What is wrong with somebody's words, if anything: nobody's identity code belongs there either (DOMAIN 9.5). */
export function wordsFault(words: string, t: Messages, missing: string): string | undefined {
  if (words === '') return missing
  if (words.length > longest) return t.error.tooLong({ count: longest })
  return hasIdentityCode(words) ? t.error.identityCode : undefined
}
