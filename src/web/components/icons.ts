import type { Html } from '../html.ts'
import { html } from '../html.ts'

/** 24 px, 2 px round stroke; always beside a word, never alone (PRODUCT 6). */
const shapes = {
  passport: html`<rect x="5" y="3" width="14" height="18" rx="2.5"/><circle cx="12" cy="10" r="3"/><path d="M8.5 17h7"/>`,
  pen: html`<path d="M4 20h4L19 9l-4-4L4 16v4ZM13 7l4 4"/>`,
  people: html`<circle cx="9" cy="8" r="3.5"/><path d="M2.5 20c0-4 3-6 6.5-6s6.5 2 6.5 6M16 5a3.5 3.5 0 0 1 0 6.5M17.5 14.5c2.5.6 4 2.6 4 5.5"/>`,
  person: html`<circle cx="12" cy="8" r="4"/><path d="M4.5 21c0-4.5 3.5-7 7.5-7s7.5 2.5 7.5 7"/>`,
  badge: html`<circle cx="12" cy="9" r="6"/><path d="m8.5 14-1.5 7 5-2.5 5 2.5-1.5-7"/>`,
  inbox: html`<path d="M4 13 6.5 4h11L20 13v7H4v-7ZM4 13h5l1.5 3h3L15 13h5"/>`,
  layers: html`<path d="m12 3 9 5-9 5-9-5 9-5ZM3.5 12.5 12 17l8.5-4.5M3.5 16.5 12 21l8.5-4.5"/>`,
  shield: html`<path d="M12 3 4.5 6v5.5c0 4.5 3 8 7.5 9.5 4.5-1.5 7.5-5 7.5-9.5V6L12 3Z"/><path d="m8.5 12 2.5 2.5 4.5-5"/>`,
  check: html`<path d="m4 12.5 5.5 5.5L20 6.5"/>`,
  cross: html`<path d="m6 6 12 12M18 6 6 18"/>`,
  warning: html`<path d="M12 3.5 2.5 20h19L12 3.5ZM12 10v4.5M12 17.4v.1"/>`,
  question: html`<circle cx="12" cy="12" r="9"/><path d="M9.3 9.5c.2-1.6 1.3-2.5 2.8-2.5 1.6 0 2.7 1 2.7 2.4 0 2-2.7 2.2-2.7 4.4M12 17v.1"/>`,
  info: html`<circle cx="12" cy="12" r="9"/><path d="M12 11v6M12 7.5v.1"/>`,
  download: html`<path d="M12 3v12m-4-4 4 4 4-4M5 20h14"/>`,
  eye: html`<path d="M2.5 12c2.5-4.5 5.7-6.5 9.5-6.5s7 2 9.5 6.5c-2.5 4.5-5.7 6.5-9.5 6.5s-7-2-9.5-6.5Z"/><circle cx="12" cy="12" r="3"/>`,
  lock: html`<rect x="5" y="10.5" width="14" height="10" rx="2"/><path d="M8 10.5V7.5a4 4 0 0 1 8 0v3"/>`,
  search: html`<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5.5 5.5"/>`,
  clock: html`<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.5 2"/>`,
  pin: html`<path d="M12 21s-6-8.5-6-13a6 6 0 0 1 12 0c0 4.5-6 13-6 13Z"/><circle cx="12" cy="8" r="2.2"/>`,
} as const

export type IconName = keyof typeof shapes

/** An icon for the eye only; the word beside it carries the meaning. */
export function icon(name: IconName): Html {
  return html`<svg class="icon" viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">${shapes[name]}</svg>`
}
