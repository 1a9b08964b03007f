import { hasIdentityCode } from '../clients/identity-code.ts'
import type { PageContext } from '../http/pages.ts'
import { refusalSentence } from '../i18n/index.ts'
import { Refusal } from '../refusal.ts'

/** As the schemas of decision and revocation have it. */
const longest = 2000

/** What to mend in words that a client will read; undefined when they are all right. The same rule as the API's `Reason`. */
export function wordsFault({ t }: PageContext, words: string): string | undefined {
  if (words.length < 3) return t.error.writeReason
  if (words.length > longest) return t.error.tooLong({ count: longest })
  return hasIdentityCode(words) ? t.error.identityCode : undefined
}

/** A rule's no as a sentence for the page. Anything else is a bug and goes on. */
export function refusalWords({ t }: PageContext, error: unknown): string {
  if (!(error instanceof Refusal)) throw error
  return refusalSentence(t, error.kind, error.code)
}
