import type { Child, Html } from '../html.ts'
import { html } from '../html.ts'

/** Nothing here yet: why, what to do, and one button (PRODUCT 5, Empty state). */
export function emptyState({
  why,
  what,
  action,
}: {
  readonly why: Child
  readonly what: Child
  readonly action?: Html
}): Html {
  return html`<div class="empty-state stack-s"><p><b>${why}</b></p><p>${what}</p>${action && html`<p class="gap-top">${action}</p>`}</div>`
}
