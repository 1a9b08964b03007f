import type { Child, Html } from '../html.ts'
import { html } from '../html.ts'

export type FormProps = {
  readonly action: string
  /** Token of the session; a search form by GET has none. */
  readonly csrf: string
  /** Sent back as it is: the same form posted twice does one thing. */
  readonly idempotencyKey?: string | undefined
  readonly multipart?: boolean
  readonly content: Child
}

/** A form that changes something: POST, checked by the server only, with its CSRF token (S-42) and idempotency key. */
export function form({ action, csrf, idempotencyKey, multipart, content }: FormProps): Html {
  return html`<form method="post" action="${action}" novalidate class="section-gap"${multipart && html` enctype="multipart/form-data"`}>
${csrfField(csrf)}${idempotencyKey !== undefined && hiddenField('idempotencyKey', idempotencyKey)}
${content}
</form>`
}

/** A form of one button beside other things, such as undo. */
export function buttonForm(props: {
  readonly action: string
  readonly csrf: string
  readonly button: Html
  readonly hidden?: Readonly<Record<string, string>>
}): Html {
  const hidden = Object.entries(props.hidden ?? {}).map(([name, value]) => hiddenField(name, value))
  return html`<form class="inline" method="post" action="${props.action}">${csrfField(props.csrf)}${hidden}${props.button}</form>`
}

/** The CSRF token where `@fastify/csrf-protection` looks for it. */
export function csrfField(csrf: string): Html {
  return hiddenField('_csrf', csrf)
}

/** A value that travels with the form unseen. */
export function hiddenField(name: string, value: string): Html {
  return html`<input type="hidden" name="${name}" value="${value}">`
}
