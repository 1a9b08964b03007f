import type { Child, Html } from '../html.ts'
import { html } from '../html.ts'
import { asset } from '../paths.ts'
import { stones } from './meter.ts'

/** The card on top of the passport: one next step, how far it is, one main button (PRODUCT A1). */
export function nextStep(props: {
  readonly id: string
  readonly heading: string
  readonly what: Child
  /** Stones are drawn only where there is something to count. */
  readonly progress?: { readonly done: number; readonly of: number }
  readonly text: Child
  readonly actions?: Html
}): Html {
  const { id, progress } = props
  return html`<section class="card next" aria-labelledby="${id}"><img class="land" src="${asset('landscape.svg')}" alt="" width="900" height="170"><div class="inner stack">
<h2 id="${id}">${props.heading}</h2>
<p class="what">${props.what}</p>
<div class="steps">${progress && stones(progress)}<p>${props.text}</p></div>
${props.actions}
</div></section>`
}
