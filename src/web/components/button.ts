import type { Child, Html } from '../html.ts'
import { html } from '../html.ts'
import type { IconName } from './icons.ts'
import { icon } from './icons.ts'

type Look = {
  readonly label: string
  /** `main` once on a page, `plain` beside it, `danger` for what cannot be undone, `link` inside a sentence. */
  readonly look?: 'main' | 'plain' | 'danger' | 'link'
  readonly icon?: IconName
  /** Words that only a screen reader says, where many buttons have the same label. */
  readonly hidden?: string
}

const classes = { main: 'btn', plain: 'btn plain', danger: 'btn danger', link: 'linkbtn' } as const

/** A button that sends its form. Its label names the act. */
export function button(props: Look & { readonly name?: string; readonly value?: string }): Html {
  const { look = 'main', name, value } = props
  return html`<button class="${classes[look]}" type="submit"${name !== undefined && html` name="${name}" value="${value ?? ''}"`}>${content(props)}</button>`
}

/** A link that looks like a button: goes somewhere, changes nothing. */
export function linkButton(props: Look & { readonly href: string; readonly download?: boolean }): Html {
  const { look = 'main', href } = props
  return html`<a class="${classes[look]}" href="${href}"${props.download && html` download`}>${content(props)}</a>`
}

/** Buttons side by side, one under another on a phone. */
export function buttons(...shown: readonly Child[]): Html {
  return html`<div class="btns">${shown}</div>`
}

/** The bar with the main button that stays in sight on a long form. */
export function saveBar({ button, text }: { readonly button: Html; readonly text?: Child }): Html {
  return html`<div class="savebar"><div class="row">${button}${text !== undefined && html`<span class="soft">${text}</span>`}</div></div>`
}

function content({ label, icon: name, hidden }: Look): Html {
  return html`${name && icon(name)}${label}${hidden !== undefined && html`<span class="visually-hidden"> ${hidden}</span>`}`
}
