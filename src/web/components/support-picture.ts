import type { Html } from '../html.ts'
import { html } from '../html.ts'

const figures = {
  minor: html`<circle cx="20" cy="12" r="6.5" class="own-figure"/><path d="M8 36c0-10 5-15 12-15s12 5 12 15Z" class="own-figure"/>`,
  general: html`<circle cx="26" cy="13" r="6" class="own-figure"/><path d="M15 36c0-9 4.5-14 11-14s11 5 11 14Z" class="own-figure"/><path d="M4 6h13v9h-6l-4 4v-4H4Z" class="help-figure"/>`,
  enhanced: html`<circle cx="27" cy="13" r="6" class="own-figure"/><path d="M17 36c0-9 4-14 10-14s10 5 10 14Z" class="own-figure"/><circle cx="12" cy="11" r="6" class="help-figure"/><path d="M2 36c0-10 4-15 10-15s9 4 10 11l-4 4Z" class="help-figure"/>`,
} as const

/** One figure alone, with a word of advice, or two together: how much help the work needed, beside the words that say it. */
export function supportPicture(level: keyof typeof figures): Html {
  return html`<svg class="pic" viewBox="0 0 40 40" width="40" height="40" aria-hidden="true" focusable="false">${figures[level]}</svg>`
}
