import type { Html } from '../html.ts'
import { html } from '../html.ts'

/** How well, as filled steps and in words. `own` is the client's view (four steps), `coach` the coach's (three). The words carry it. */
export function meter(props: {
  readonly whose: 'own' | 'coach'
  readonly value: number
  readonly of: number
  readonly label: string
}): Html {
  const steps = Array.from({ length: props.of }, (_, index) => html`<i${index < props.value && html` class="on"`}></i>`)
  return html`<span class="${props.whose}"><span class="meter of-${props.of}" aria-hidden="true">${steps}</span><span>${props.label}</span></span>`
}

/** Stones laid and stones still to lay; the sentence beside them says the same. More than eight are not drawn. */
export function stones({ done, of }: { readonly done: number; readonly of: number }): Html | undefined {
  if (of < 1 || of > 8) return undefined
  const drawn = Array.from(
    { length: of },
    (_, index) =>
      html`<ellipse cx="${20 + index * 40}" cy="20" rx="17" ry="11" class="${index < done ? 'laid' : 'open'}"/>`,
  )
  return html`<svg class="stones" viewBox="0 0 ${of * 40} 40" width="${of * 40}" height="40" aria-hidden="true" focusable="false">${drawn}</svg>`
}
