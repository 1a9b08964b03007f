import type { PageContext } from '../http/pages.ts'
import { button, buttons, linkButton } from '../web/components/button.ts'
import { card, pageTitle } from '../web/components/card.ts'
import { emptyState } from '../web/components/empty-state.ts'
import { errorOf, type FieldError } from '../web/components/error-summary.ts'
import { textArea } from '../web/components/field.ts'
import { form } from '../web/components/form.ts'
import { list, personRow } from '../web/components/list.ts'
import { inset } from '../web/components/notice.ts'
import { tag } from '../web/components/tag.ts'
import { html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import type { RightsRequest } from './request.ts'
import { copyParts } from './paper-views.ts'
import { askedWords, endsAndStays, type View } from './views.ts'

/** `/hallinta/pyynnot`: what clients ask about their own data, oldest first. */
export function requestsPage(context: PageContext, requests: readonly RightsRequest[]): View {
  const { t } = context
  const words = t.ownData
  const rows = requests.map((one) =>
    personRow({
      name: one.isProtected ? t.relations.protectedTag : nameOf(one),
      href: paths.rightsRequest(one.id),
      hidden: words.requestKinds[one.kind],
      detail: askedWords(context, one),
      end: tag({ label: words.requestKinds[one.kind], kind: one.kind === 'erasure' ? 'bad' : 'info' }),
    }),
  )
  const content = rows.length > 0 ? list(rows) : emptyState({ why: words.staffNone, what: words.staffNoneHelp })
  return {
    title: words.staffTitle,
    main: html`${pageTitle({ title: words.staffTitle, lead: words.staffLead })}
${buttons(linkButton({ label: t.paperRequests.add, href: paths.paperRequest(), look: 'plain' }))}<div class="card">${content}</div>
${buttons(linkButton({ label: t.administration.back, href: paths.administration(), look: 'plain' }))}`,
  }
}

/** One request: an answer to a correction, or the way to the erasing. */
export function requestPage(
  context: PageContext,
  request: RightsRequest,
  { answer, errors }: { readonly answer: string; readonly errors: readonly FieldError[] },
): View {
  const { t, csrf } = context
  const words = t.ownData
  const title = `${words.requestKinds[request.kind]}: ${nameOf(request)}`
  const lead = askedWords(context, request)
  const back = linkButton({ label: words.staffBack, href: paths.rightsRequests(), look: 'plain' })
  if (request.state !== 'open') {
    const state = tag({ label: words.requestStates[request.state] })
    return { title, main: html`${pageTitle({ title, lead })}<p>${state}</p>${buttons(back)}` }
  }
  if (request.kind === 'copy')
    return { title, main: html`${pageTitle({ title, lead })}${copyParts(context, request)}${buttons(back)}` }
  if (request.kind === 'erasure') {
    const go = linkButton({ label: words.staffEraseNext, href: paths.eraseClient(request.id) })
    return {
      title,
      main: html`${pageTitle({ title, lead })}${inset({ text: html`<p>${words.staffEraseAsk}</p>` })}${buttons(go, back)}`,
    }
  }
  const content = html`${textArea({
    t,
    name: 'answer',
    label: words.staffAnswer,
    hint: words.staffAnswerHint,
    value: answer,
    error: errorOf(errors, 'answer'),
  })}${buttons(button({ label: words.staffAnswerAction }), back)}`
  return {
    title,
    main: html`${pageTitle({ title, lead })}
${card({ id: 'wrote', title: words.staffWrote, content: html`<p>${request.words}</p>` })}
${form({ action: paths.rightsRequest(request.id), csrf, content })}`,
  }
}

/** The second step of two: what goes and what stays, and the button (PRODUCT, Principles 7). */
export function eraseClientPage({ t, csrf }: PageContext, request: RightsRequest): View {
  const words = t.ownData
  const title = words.staffErase({ name: nameOf(request) })
  const content = buttons(
    button({ label: words.staffEraseAction, look: 'danger' }),
    linkButton({ label: words.staffBack, href: paths.rightsRequests(), look: 'plain' }),
  )
  return {
    title,
    main: html`${pageTitle({ title, lead: words.staffEraseLead })}<p>${words.staffEraseTold}</p>${endsAndStays(t)}${form({ action: paths.eraseClient(request.id), csrf, content })}`,
  }
}

function nameOf({ clientName: { given, family } }: RightsRequest): string {
  return `${given} ${family}`
}
