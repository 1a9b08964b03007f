import type { Html } from '../html.ts'
import { html } from '../html.ts'
import type { IconName } from './icons.ts'
import { icon } from './icons.ts'

/** A state in a word or two. The word says it; the colour repeats it. */
export function tag(props: {
  readonly label: string
  readonly kind?: 'done' | 'now' | 'info' | 'bad' | 'plain'
  readonly icon?: IconName
}): Html {
  const { label, kind = 'plain' } = props
  return html`<span class="tag ${kind}">${props.icon && icon(props.icon)}${label}</span>`
}

/** Done, with its tick. */
export function doneTag(label: string): Html {
  return tag({ label, kind: 'done', icon: 'check' })
}
