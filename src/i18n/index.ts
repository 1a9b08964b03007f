import { en } from './en.ts'
import type { Messages } from './fi.ts'
import { fi } from './fi.ts'
import type { Language } from './languages.ts'
import { sv } from './sv.ts'

export { dayInHelsinki, formatDay, formatInstant, formatTime } from './dates.ts'
export type { Messages } from './fi.ts'
export type { Language } from './languages.ts'
export { languageNames, languages, pickLanguage, pickText } from './languages.ts'

const catalogues: Readonly<Record<Language, Messages>> = { fi, sv, en }

/** All texts in one language. */
export function messages(language: Language): Messages {
  return catalogues[language]
}

/** The sentence for what a check of a verification found; the code itself when it is newer than the catalogue. */
export function checkSentence(t: Messages, code: string, values: Readonly<Record<string, string>> = {}): string {
  return fill(find(t.checks, code) ?? code, values)
}

/** What to tell a person whom a rule refused: by the finer code when there are words for it, else by its kind. */
export function refusalSentence(t: Messages, kind: keyof Messages['error']['kinds'], code: string = kind): string {
  return find(t.error.codes, code) ?? t.error.kinds[kind]
}

function find(sentences: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(sentences, key) ? sentences[key] : undefined
}

/** Puts values in place of `{word}`; a word without a value leaves nothing behind. */
function fill(sentence: string, values: Readonly<Record<string, string>>): string {
  if (!sentence.includes('{')) return sentence
  return sentence.replaceAll(/\{(\w+)\}/g, (_, word: string) => values[word] ?? '').trimEnd()
}
