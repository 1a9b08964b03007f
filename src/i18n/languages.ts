/** Languages of the pages, in the order in which a missing text is looked for. */
export const languages = ['fi', 'sv', 'en'] as const
export type Language = (typeof languages)[number]

/** Each language by its own name, for the language switch. */
export const languageNames: Readonly<Record<Language, string>> = { fi: 'Suomi', sv: 'Svenska', en: 'English' }

/** Language of a page (PRODUCT 3): `?lang`, else the cookie, else `Accept-Language`, else Finnish. Unknown words are passed over. */
export function pickLanguage(wishes: {
  readonly query?: unknown
  readonly cookie?: unknown
  readonly acceptLanguage?: string | undefined
}): Language {
  return known(wishes.query) ?? known(wishes.cookie) ?? fromHeader(wishes.acceptLanguage ?? '') ?? 'fi'
}

/**
 * A text that exists in some languages, in the wanted one or else fi, sv, en or any that there is, and the language it is in, so that
 * the page can mark it with `lang`. Empty when there is no text at all.
 */
export function pickText(
  texts: Readonly<Record<string, string | null | undefined>>,
  wanted: Language,
): { readonly text: string; readonly lang: string } {
  for (const lang of [wanted, ...languages, ...Object.keys(texts)]) {
    const text = texts[lang]
    if (text !== undefined && text !== null && text !== '') return { text, lang }
  }
  return { text: '', lang: wanted }
}

function known(word: unknown): Language | undefined {
  return languages.find((language) => language === word)
}

function fromHeader(header: string): Language | undefined {
  if (header === '') return undefined
  const wanted = header
    .split(',')
    .slice(0, 20)
    .map((item) => {
      const [range = '', ...parameters] = item.split(';').map((piece) => piece.trim().toLowerCase())
      const weight = Number(parameters.find((piece) => piece.startsWith('q='))?.slice(2) ?? '1')
      return { language: known(range.split('-')[0]), weight: Number.isFinite(weight) ? weight : 0 }
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
  return wanted.find(({ language }) => language !== undefined)?.language
}
