import type { Child, Html } from '../html.ts'
import { html } from '../html.ts'
import { icon } from './icons.ts'
import { doneTag, tag } from './tag.ts'

export type PathStep = {
  readonly name: Child
  readonly state: 'done' | 'current' | 'ahead'
  /** Words of the state: "Valmis", "Olet tässä: 2 / 3", "Seuraavaksi". */
  readonly label: string
  /** Small picture of the badge that was earned. */
  readonly picture?: string | undefined
  readonly href?: string | undefined
}

/** A way with its steps, as an ordered list: standing on a phone, lying on a wide screen. */
export function path(steps: readonly PathStep[]): Html {
  return html`<ol class="path">${steps.map(step)}</ol>`
}

function step({ name, state, label, picture, href }: PathStep): Html {
  const title = href === undefined ? html`<b>${name}</b>` : html`<a href="${href}"><b>${name}</b></a>`
  return html`<li class="${state}"${state === 'current' && html` aria-current="step"`}>${dot(state, picture)}<div class="txt">${title}${stateTag(state, label)}</div></li>`
}

function dot(state: PathStep['state'], picture: string | undefined): Html {
  if (picture !== undefined) return html`<span class="dot"><img src="${picture}" alt="" width="64" height="64"></span>`
  if (state === 'current') return html`<span class="dot live">${icon('pin')}</span>`
  if (state === 'done') return html`<span class="dot full">${icon('check')}</span>`
  return html`<span class="dot empty"></span>`
}

function stateTag(state: PathStep['state'], label: string): Html {
  if (state === 'done') return doneTag(label)
  return tag({ label, kind: state === 'current' ? 'now' : 'plain' })
}
