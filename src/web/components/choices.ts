import type { Messages } from '../../i18n/index.ts'
import type { Child, Html } from '../html.ts'
import { html } from '../html.ts'
import { hintAndError, optionalMark } from './field.ts'

export type Choice = {
  readonly value: string
  readonly label: string
  readonly detail?: Child
  readonly checked?: boolean
  /** A small picture at the end of the card. */
  readonly picture?: Html
}

export type ChoicesProps = {
  readonly t: Messages
  readonly kind: 'radio' | 'checkbox'
  readonly name: string
  readonly legend: string
  readonly hint?: Child
  readonly error?: string | undefined
  readonly optional?: boolean
  readonly choices: readonly Choice[]
  /** Short labels stand side by side where there is room. */
  readonly narrow?: boolean
  /** The one question of its page: the legend is the page's `h1`. */
  readonly asTitle?: boolean
  /** What comes after the choices inside the same card: a search, a link. */
  readonly after?: Child
}

/**
 * A question with choices as cards (PRODUCT, mock-up of `/kirjaa`). Nothing is chosen before the person does it. The first choice has
 * the name of the field as its id, so that the error summary leads to it.
 */
export function choices(props: ChoicesProps): Html {
  const { name, hint, error, kind } = props
  const described = [hint !== undefined && `${name}-hint`, error !== undefined && `${name}-error`].filter(
    (id) => id !== false,
  )
  return html`<fieldset class="card${error !== undefined && ' in-error'}"${kind === 'radio' && html` role="radiogroup"`}${
    described.length > 0 && html` aria-describedby="${described.join(' ')}"`
  }${kind === 'radio' && error !== undefined && html` aria-invalid="true"`}>
${legend(props)}${hintAndError(props)}<div class="choices${props.narrow && ' narrow'}">${props.choices.map((choice, index) => card(props, choice, index))}</div>
${props.after !== undefined && html`<div class="gap-top">${props.after}</div>`}</fieldset>`
}

/** Several fields that belong together, as a card with a heading. */
export function fieldGroup({ legend, content }: { readonly legend: Child; readonly content: Child }): Html {
  return html`<fieldset class="card"><legend>${legend}</legend><div class="stack">${content}</div></fieldset>`
}

function legend({ t, legend, optional, asTitle }: ChoicesProps): Html {
  const words = html`${legend}${optional && optionalMark(t)}`
  return html`<legend${asTitle && html` class="title"`}>${asTitle ? html`<h1>${words}</h1>` : words}</legend>`
}

function card({ kind, name, error }: ChoicesProps, choice: Choice, index: number): Html {
  const id = index === 0 ? name : `${name}-${index + 1}`
  return html`<label class="choice"><input type="${kind}" id="${id}" name="${name}" value="${choice.value}"${choice.checked && html` checked`}${
    kind === 'checkbox' && error !== undefined && html` aria-invalid="true"`
  }><span><b>${choice.label}</b>${choice.detail !== undefined && html`<span class="small">${choice.detail}</span>`}</span>${choice.picture}</label>`
}
