import type { PageContext } from '../http/pages.ts'
import { button, buttons, linkButton } from '../web/components/button.ts'
import { pageTitle } from '../web/components/card.ts'
import { choices } from '../web/components/choices.ts'
import { emptyState } from '../web/components/empty-state.ts'
import { errorOf, type FieldError } from '../web/components/error-summary.ts'
import { describe, hintAndError, input, textArea } from '../web/components/field.ts'
import { buttonForm, form } from '../web/components/form.ts'
import { inset } from '../web/components/notice.ts'
import { type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import { type Asker, paperKinds, waysToBeSure } from './paper.ts'
import type { RightsRequest } from './request.ts'
import type { View } from './views.ts'

/** The form as it was sent. */
export type PaperForm = {
  readonly client: string
  readonly kind: string
  readonly words: string
  readonly day: string
  readonly sure: string
}

/** `/hallinta/pyynnot/uusi`: whose request, what, when it came and how the person was known. */
export function paperRequestPage(
  context: PageContext,
  people: readonly Asker[],
  given: PaperForm,
  errors: readonly FieldError[],
): View {
  const { t, csrf } = context
  const words = t.paperRequests
  const title = pageTitle({ title: words.title, lead: words.lead })
  const back = linkButton({ label: t.ownData.staffBack, href: paths.rightsRequests(), look: 'plain' })
  if (people.length === 0)
    return {
      title: words.title,
      main: html`${title}${emptyState({ why: words.noPeople, what: words.noPeopleHelp })}${buttons(back)}`,
    }
  const content = html`<div class="stack">${clientField(context, people, given.client, errors)}
${choices({
  t,
  kind: 'radio',
  name: 'kind',
  legend: words.what,
  error: errorOf(errors, 'kind'),
  choices: paperKinds.map((kind) => ({
    value: kind,
    label: words.kinds[kind],
    detail: words.kindHints[kind],
    checked: given.kind === kind,
  })),
})}
${textArea({ t, name: 'words', label: words.words, hint: words.wordsHint, optional: true, value: given.words, error: errorOf(errors, 'words') })}
${input({ t, name: 'day', type: 'date', label: words.received, hint: words.receivedHint, value: given.day, error: errorOf(errors, 'day') })}
${choices({
  t,
  kind: 'radio',
  name: 'sure',
  legend: words.sure,
  error: errorOf(errors, 'sure'),
  choices: waysToBeSure.map((way) => ({ value: way, label: words.sureChoices[way], checked: given.sure === way })),
})}${buttons(button({ label: words.action }), back)}</div>`
  return { title: words.title, main: html`${title}${form({ action: paths.paperRequest(), csrf, content })}` }
}

function clientField(
  { t }: PageContext,
  people: readonly Asker[],
  chosen: string,
  errors: readonly FieldError[],
): Html {
  const words = t.paperRequests
  const about = { t, name: 'client', error: errorOf(errors, 'client') }
  return html`<div class="field${about.error !== undefined && ' in-error'}"><label for="client">${words.who}</label>${hintAndError(about)}<select class="input" id="client" name="client"${describe(about)}><option value="">${words.choose}</option>${people.map(
    (one) => html`<option value="${one.id}"${one.id === chosen && html` selected`}>${askerName(t, one)}</option>`,
  )}</select></div>`
}

/** Those without a name are told apart as on the list of people: by the end of a random number. */
function askerName({ relations }: PageContext['t'], { id, name }: Asker): string {
  return name ? `${name.given} ${name.family}` : `${relations.protectedTag} ${id.slice(-8)}`
}

/** What the coordinator does with a request for a copy. */
export function copyParts({ t, csrf }: PageContext, request: RightsRequest): Html {
  const words = t.paperRequests
  const given = buttonForm({
    action: paths.copyGiven(request.id),
    csrf,
    button: button({ label: words.copyGiven }),
  })
  return html`${inset({ text: html`<p>${words.copyLead} ${words.copyLogged}</p>` })}${buttons(
    linkButton({ label: words.copyPdf, href: paths.paperCopy(request.id, 'pdf'), look: 'plain', download: true }),
    linkButton({ label: words.copyJson, href: paths.paperCopy(request.id, 'json'), look: 'plain', download: true }),
  )}${buttons(given)}`
}
