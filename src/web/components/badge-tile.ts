import type { Child, Html } from '../html.ts'
import { html } from '../html.ts'

export type BadgeTile = {
  readonly href: string
  readonly picture: string
  readonly name: string
  readonly detail?: Child
  readonly tag?: Html | undefined
}

/** Badges as pictures with their names; each opens its page. */
export function badgeTiles(tiles: readonly BadgeTile[]): Html {
  return html`<ul class="badges">${tiles.map(
    ({ href, picture, name, detail, tag }) =>
      html`<li><a href="${href}"><img src="${picture}" alt="" width="400" height="400"><b>${name}</b>${detail !== undefined && html`<span class="block small soft">${detail}</span>`}${tag}</a></li>`,
  )}</ul>`
}
