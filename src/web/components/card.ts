import type { Child, Html } from '../html.ts'
import { html } from '../html.ts'

/** A part of a page with its own heading. `id` names the heading; `aside` stands at the other end of the heading's line. */
export function card(props: {
  readonly id: string
  readonly title: Child
  readonly content: Child
  readonly aside?: Child
}): Html {
  const heading = html`<h2 id="${props.id}">${props.title}</h2>`
  return html`<section class="card stack" aria-labelledby="${props.id}">${
    props.aside === undefined ? heading : html`<div class="row head">${heading}<p class="soft">${props.aside}</p></div>`
  }
${props.content}
</section>`
}

/** The page's one `h1` and the sentence under it. */
export function pageTitle({ title, lead }: { readonly title: Child; readonly lead?: Child }): Html {
  return html`<div class="stack-s"><h1>${title}</h1>${lead !== undefined && html`<p class="lead">${lead}</p>`}</div>`
}

/** Main content and what stands beside it on a wide screen, after it on a narrow one. */
export function columns({ main, side }: { readonly main: Child; readonly side: Child }): Html {
  return html`<div class="grid grid-2"><div class="section-gap">${main}</div><div class="section-gap">${side}</div></div>`
}

/** Cards of equal weight side by side. */
export function halves(...cards: readonly Child[]): Html {
  return html`<div class="grid halves">${cards}</div>`
}

/** More that most people do not need; opens without script. */
export function details({
  summary,
  content,
  open,
}: {
  readonly summary: string
  readonly content: Child
  readonly open?: boolean
}): Html {
  return html`<details${open && html` open`}><summary>${summary}</summary><div class="stack">${content}</div></details>`
}
