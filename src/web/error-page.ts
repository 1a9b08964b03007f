import type { Messages } from '../i18n/index.ts'
import { type Html, html } from './html.ts'
import { paths } from './paths.ts'

/** An error page's title and content (PRODUCT §5, Error pages): what happened, that nothing is lost, what to do. */
export function errorPage(props: {
  readonly t: Messages
  readonly status: number
  /** Stable code of the problem (PRODUCT §7, Errors). */
  readonly code: string
  /** The rule's own sentence, when there is one. */
  readonly words: string | undefined
  readonly requestId: string
}): { readonly title: string; readonly main: Html } {
  const { t, status, code, words, requestId } = props
  // An old form is nobody else's page.
  const { title, help } = code === 'csrf' ? { title: t.error.failed, help: undefined } : wordsFor(t, status)
  // The kinds without a finer reason would only say the same twice.
  const showWords = words !== undefined && status !== 404 && status !== 500 && code !== 'forbidden'
  return {
    title,
    main: html`<div class="stack"><h1>${title}</h1>${showWords && html`<p>${words}</p>`}${help !== undefined && html`<p>${help}</p>`}
<p><a class="btn" href="${paths.home()}">${t.app.frontPage}</a></p>
${status >= 500 && html`<p class="small soft"><code>${requestId}</code></p>`}</div>`,
  }
}

function wordsFor(t: Messages, status: number): { readonly title: string; readonly help: string } {
  const { error } = t
  switch (status) {
    case 401:
      return { title: error.notSignedIn, help: error.notFoundHelp }
    case 403:
      return { title: error.forbidden, help: error.forbiddenHelp }
    case 404:
      return { title: error.notFound, help: error.notFoundHelp }
    case 410:
      return { title: error.gone, help: error.goneHelp }
    case 429:
      return { title: error.busyTitle, help: error.busy({ seconds: 60 }) }
    case 503:
      return { title: error.unavailableTitle, help: error.unavailable }
    case 500:
      return { title: error.serverTitle, help: error.server }
    default:
      return { title: error.failed, help: error.failedHelp }
  }
}
