import type { Language } from '../credentials/facts.ts'

/** One way to break a text into two lines. `rank` 0: between words or at a written hyphen, 1: at a soft hyphen, 2: by rule. */
export type Break = { readonly lines: readonly [string, string]; readonly rank: 0 | 1 | 2 }

export const SOFT_HYPHEN = '\u00ad'
const vowel = /[aeiouyåäöéü]/i
const consonant = /[bcčdfghjklmnpqrsštvwxzž]/i

/**
 * Every place where a text may be broken into two lines. Between syllables only in Finnish, whose rule is sure enough without a
 * word list (a syllable begins before a consonant and a vowel); in other languages a soft hyphen must show the place.
 */
export function breaksOf(text: string, language: Language | undefined): readonly Break[] {
  const breaks: Break[] = []
  for (let at = 1; at < text.length; at += 1) {
    const rank = rankAt(text, at, language)
    if (rank === undefined) continue
    const before = text.slice(0, at)
    const head = rank === 0 ? before.trimEnd() : `${before.replace(/\u00ad$/, '')}-`
    breaks.push({ lines: [plain(head), plain(text.slice(at).trimStart())], rank })
  }
  return breaks
}

/** The text without its soft hyphens, as it is drawn. */
export function plain(text: string): string {
  return text.replaceAll(SOFT_HYPHEN, '')
}

function rankAt(text: string, at: number, language: Language | undefined): Break['rank'] | undefined {
  const last = text[at - 1]
  if (last === ' ' || (last === '-' && text[at] !== ' ')) return 0
  if (last === SOFT_HYPHEN) return 1
  return language === 'fi' && isFinnishSyllableStart(text, at) ? 2 : undefined
}

/** At least three letters and a vowel stay on each side, so that no line begins or ends with a lonely scrap. */
function isFinnishSyllableStart(text: string, at: number): boolean {
  if (!consonant.test(text[at] ?? '') || !vowel.test(text[at + 1] ?? '')) return false
  const head = /\p{L}+$/u.exec(text.slice(0, at))?.[0] ?? ''
  const tail = /^\p{L}+/u.exec(text.slice(at))?.[0] ?? ''
  return head.length >= 3 && tail.length >= 3 && vowel.test(head)
}
