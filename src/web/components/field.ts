import type { Messages } from '../../i18n/index.ts'
import type { Child, Html } from '../html.ts'
import { html } from '../html.ts'

type FieldProps = {
  readonly t: Messages
  /** Also the id of the control, so that the error summary finds it. */
  readonly name: string
  readonly label: string
  readonly hint?: Child
  readonly error?: string | undefined
  readonly optional?: boolean
  readonly value?: string | undefined
}

export type InputProps = FieldProps & {
  readonly type?: 'text' | 'search' | 'date' | 'email' | 'password' | 'url'
  readonly autocomplete?: string
  readonly spellcheck?: false
  readonly max?: string
  /** Digits only: a telephone shows its number keys. */
  readonly numeric?: true
  /** For a code that is read from paper or screen: big, spaced letters. */
  readonly code?: boolean
}

/** One line of text, a date, an address. Label above, hint and error tied to the control (PRODUCT 5). */
export function input(props: InputProps): Html {
  const { name, type = 'text', value, autocomplete, max } = props
  return field(
    props,
    html`<input class="input${props.code && ' code'}" type="${type}" id="${name}" name="${name}" value="${value ?? ''}"${describe(props)}${autocomplete !== undefined && html` autocomplete="${autocomplete}"`}${max !== undefined && html` max="${max}"`}${props.numeric === true && html` inputmode="numeric"`}${props.spellcheck === false && html` spellcheck="false" autocapitalize="off"`}>`,
  )
}

/** Several lines of text. */
export function textArea(props: FieldProps & { readonly rows?: number; readonly mono?: boolean }): Html {
  const { name, value, rows = 3 } = props
  return field(
    props,
    html`<textarea class="input${props.mono && ' mono'}" id="${name}" name="${name}" rows="${rows}"${describe(props)}${props.mono && html` spellcheck="false" autocapitalize="off"`}>${value ?? ''}</textarea>`,
  )
}

/** A file from the device. `accept` helps the person to find it; the server looks at the bytes. */
export function fileField(props: FieldProps & { readonly accept: string }): Html {
  return field(
    props,
    html`<input class="input" type="file" id="${props.name}" name="${props.name}" accept="${props.accept}"${describe(props)}>`,
  )
}

/** The ids that tell more about a control, and that it needs mending. */
export function describe({ name, hint, error }: Pick<FieldProps, 'name' | 'hint' | 'error'>): Html | false {
  const ids = [hint !== undefined && `${name}-hint`, error !== undefined && `${name}-error`].filter(
    (id) => id !== false,
  )
  return (
    ids.length > 0 && html` aria-describedby="${ids.join(' ')}"${error !== undefined && html` aria-invalid="true"`}`
  )
}

/** Hint and error as they stand between the label and the control. */
export function hintAndError({ t, name, hint, error }: Pick<FieldProps, 't' | 'name' | 'hint' | 'error'>): Html {
  return html`${hint !== undefined && html`<p class="hint" id="${name}-hint">${hint}</p>`}${
    error !== undefined &&
    html`<p class="error-text" id="${name}-error"><span class="visually-hidden">${t.error.titlePrefix} </span>${error}</p>`
  }`
}

/** "(ei pakollinen)" after a label: what is not marked is needed. */
export function optionalMark(t: Messages): Html {
  return html` <span class="soft regular">(${t.app.optional})</span>`
}

function field(props: FieldProps, control: Html): Html {
  const { t, name, label, error, optional } = props
  return html`<div class="field${error !== undefined && ' in-error'}">
<label for="${name}">${label}${optional && optionalMark(t)}</label>
${hintAndError(props)}${control}
</div>`
}
