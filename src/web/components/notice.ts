import type { Child, Html } from '../html.ts'
import { html } from '../html.ts'
import { icon } from './icons.ts'

const icons = { done: 'check', info: 'info', warning: 'warning' } as const

export type NoticeProps = {
  readonly text: Child
  readonly kind?: keyof typeof icons
  /** A small form after the text, such as undo (see `buttonForm`). */
  readonly action?: Html | undefined
}

/** What just happened. A status message: a screen reader says it without moving the focus. */
export function notice({ text, kind = 'done', action }: NoticeProps): Html {
  return html`<div class="notice ${kind}" role="status">${icon(icons[kind])}<div><p>${text}</p>${action}</div></div>`
}

/** Something to know before going on; part of the page, not news. */
export function inset({ text, kind = 'info' }: Omit<NoticeProps, 'action'>): Html {
  return html`<div class="notice ${kind}">${icon(icons[kind])}<div>${text}</div></div>`
}
