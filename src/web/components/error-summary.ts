import type { Messages } from '../../i18n/index.ts'
import type { Html } from '../html.ts'
import { html } from '../html.ts'

/** One thing to mend: the name of the field (which is also the id of its first control) and what to do. */
export type FieldError = { readonly field: string; readonly message: string }

/** The box on top of a form that came back (PRODUCT 5, Errors). It takes the focus, is read out, and links to each field. */
export function errorSummary({ t, errors }: { readonly t: Messages; readonly errors: readonly FieldError[] }): Html {
  return html`<div class="error-summary" role="alert" tabindex="-1" autofocus aria-labelledby="error-summary-title">
<h2 id="error-summary-title">${t.error.summary}</h2>
<ul>${errors.map(({ field, message }) => html`<li><a href="#${field}">${message}</a></li>`)}</ul>
</div>`
}

/** The message of one field, for the field itself. */
export function errorOf(errors: readonly FieldError[] | undefined, field: string): string | undefined {
  return errors?.find((error) => error.field === field)?.message
}
