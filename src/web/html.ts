import { isStringObject } from 'node:util/types'
import { html as tag } from 'hono/html'

/**
 * Markup that is safe to send: everything in it was escaped or written by us. At run time it is a String object, so it is never used
 * as a string; `renderPage` makes one at the end.
 */
export type Html = { readonly isEscaped: true; toString(): string }

/** What may stand between `${` and `}`. No promise, no date, no object: text is chosen by the caller. `true` is left out so that an attribute never goes empty by mistake. */
export type Child = Html | string | number | false | null | undefined | readonly Child[]

/**
 * The only way to make markup: text is escaped, `Html` is kept, arrays are joined, `false`, `null` and `undefined` show nothing.
 * Throws on anything else, also when a type was got round, because data that says `isEscaped` of itself must not pass (S-40).
 */
export function html(strings: TemplateStringsArray, ...values: readonly Child[]): Html {
  for (const value of values) refuseForeign(value)
  const made = tag(strings, ...values)
  if (made instanceof Promise) throw new TypeError('A page is made of what is already known: await before the template')
  return made
}

/** Parts one after the other with something between them; the separator is escaped like all text. */
export function join(parts: readonly Child[], separator: Child = ''): Html {
  return html`${parts.map((part, index) => (index === 0 ? part : html`${separator}${part}`))}`
}

/** The text that is sent. */
export function renderPage(page: Html): string {
  return page.toString()
}

function refuseForeign(value: Child): void {
  if (Array.isArray(value)) return value.forEach(refuseForeign)
  if (typeof value !== 'object' || value === null || isStringObject(value)) return
  throw new TypeError('Only text, numbers and Html can stand in a template')
}
