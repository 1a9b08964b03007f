import type { Language } from '../../i18n/index.ts'
import { formatDay, formatInstant, pickText } from '../../i18n/index.ts'
import type { Html } from '../html.ts'
import { html } from '../html.ts'

/** A text from the data in the page's language where it exists, else marked with the language that it is in. */
export function localText(texts: Readonly<Record<string, string | null | undefined>>, lang: Language): Html {
  const picked = pickText(texts, lang)
  return picked.lang === lang ? html`${picked.text}` : html`<span lang="${picked.lang}">${picked.text}</span>`
}

/** A calendar day for people and for machines. */
export function day(value: Date | string, lang: Language): Html {
  const machine = typeof value === 'string' ? value.slice(0, 10) : value.toISOString()
  return html`<time datetime="${machine}">${formatDay(value, lang)}</time>`
}

/** Day and time, today and yesterday by name when `now` is given. */
export function moment(value: Date, lang: Language, now?: Date): Html {
  return html`<time datetime="${value.toISOString()}">${formatInstant(value, lang, now)}</time>`
}

/** A foreign address as a link: only http and https lead anywhere (S-40); anything else is shown as text. */
export function outsideLink(address: string, label: string = address): Html {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) return html`<span class="break">${label}</span>`
  return html`<a class="break" href="${url.href}" rel="noreferrer nofollow">${label}</a>`
}
