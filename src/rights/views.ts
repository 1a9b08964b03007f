import { moveCard } from '../clients/move-card.ts'
import type { PageContext } from '../http/pages.ts'
import { formatDay } from '../i18n/index.ts'
import { button, buttons, linkButton } from '../web/components/button.ts'
import { card, pageTitle } from '../web/components/card.ts'
import { errorOf, type FieldError } from '../web/components/error-summary.ts'
import { textArea } from '../web/components/field.ts'
import { buttonForm, form } from '../web/components/form.ts'
import { list } from '../web/components/list.ts'
import { inset } from '../web/components/notice.ts'
import { tag } from '../web/components/tag.ts'
import { type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import type { RightsRequest } from './request.ts'

export type View = { readonly title: string; readonly main: Html }

type OwnPage = {
  readonly organisation: string
  readonly requests: readonly RightsRequest[]
  readonly words: string
  readonly errors: readonly FieldError[]
}

/** `/tiedot`: what is kept, a copy, a correction, and the way to be erased (S-51, S-52). */
export function ownDataPage(context: PageContext, own: OwnPage): View {
  const { t } = context
  const words = t.ownData
  const kept = html`<p>${words.keptBy({ name: own.organisation })}</p>
<ul class="points">${Object.values(words.keptWhat).map((what) => html`<li>${what}</li>`)}</ul>
<p>${words.notKept}</p><p class="tapline"><a href="${paths.handOuts()}">${words.looksLink}</a></p><p class="tapline"><a href="${paths.ownEvidence()}">${t.evidence.ownLink}</a></p>`
  const copy = html`<p>${words.copyLead}</p>${buttons(
    linkButton({ label: words.copyPdf, href: paths.ownCopy('pdf'), download: true }),
    linkButton({ label: words.copyJson, href: paths.ownCopy('json'), look: 'plain', download: true }),
  )}`
  return {
    title: words.title,
    main: html`${pageTitle({ title: words.title, lead: words.lead })}
${card({ id: 'kept', title: words.kept, content: kept })}
${card({ id: 'copy', title: words.copy, content: copy })}
${card({ id: 'correct', title: words.correct, content: correctForm(context, own) })}
${own.requests.length > 0 && card({ id: 'requests', title: words.requests, content: list(own.requests.map((one) => requestRow(context, one))) })}
${moveCard(context)}
${card({ id: 'erase', title: words.erase, content: eraseContent(context, own.requests) })}`,
  }
}

function correctForm({ t, csrf }: PageContext, { words: value, errors }: OwnPage): Html {
  const words = t.ownData
  const content = html`${textArea({
    t,
    name: 'words',
    label: words.correctLabel,
    value,
    error: errorOf(errors, 'words'),
  })}${buttons(button({ label: words.correctAction }))}`
  return html`<p>${words.correctLead}</p>${form({ action: paths.askCorrection(), csrf, content })}`
}

/** When it was asked, and who entered it where it came on paper. */
export function askedWords({ t, lang }: PageContext, { askedAt, onPaper }: RightsRequest): string {
  if (onPaper === null) return t.ownData.requestAsked({ day: formatDay(askedAt, lang) })
  return t.paperRequests.onPaper({ day: formatDay(onPaper.day, lang), name: onPaper.name })
}

function requestRow(context: PageContext, one: RightsRequest): Html {
  const words = context.t.ownData
  return html`<div class="row"><span class="record"><b>${words.requestKinds[one.kind]}</b><span class="block small soft">${askedWords(context, one)}</span>${
    one.words !== null && html`<span class="block">${one.words}</span>`
  }${one.answer !== null && html`<span class="block">${words.requestAnswer({ answer: one.answer })}</span>`}</span>${tag({ label: words.requestStates[one.state], kind: one.state === 'open' ? 'info' : 'plain' })}</div>`
}

function eraseContent({ t, csrf }: PageContext, requests: readonly RightsRequest[]): Html {
  const words = t.ownData
  if (!requests.some(({ kind, state }) => kind === 'erasure' && state === 'open'))
    return html`<p>${words.eraseLead}</p>${buttons(linkButton({ label: words.eraseLink, href: paths.askErasure(), look: 'plain' }))}`
  return html`<p>${words.eraseWaits}</p>${buttons(
    buttonForm({
      action: paths.withdrawErasure(),
      csrf,
      button: button({ label: words.eraseWithdraw, look: 'plain' }),
    }),
  )}`
}

/** `/tiedot/poisto`: what ends and what stays, before anything is asked (S-52). */
export function eraseCheckPage({ t, csrf }: PageContext): View {
  const words = t.ownData
  const content = buttons(
    button({ label: words.eraseConfirm, look: 'danger' }),
    linkButton({ label: words.eraseBack, href: paths.ownData(), look: 'plain' }),
  )
  return {
    title: words.eraseTitle,
    main: html`${pageTitle({ title: words.eraseTitle, lead: words.eraseCheckLead })}
${endsAndStays(t)}
${inset({ text: html`<p>${words.eraseNoEffect} <a href="${paths.badges()}">${words.eraseFirst}</a></p>` })}
${form({ action: paths.askErasure(), csrf, content })}`,
  }
}

/** The same words for the client who asks and the coordinator who carries it out. */
export function endsAndStays({ ownData: words }: PageContext['t']): Html {
  const items = (all: readonly string[]): Html =>
    html`<ul class="points">${all.map((one) => html`<li>${one}</li>`)}</ul>`
  return html`${card({ id: 'ends', title: words.eraseEnds, content: items(words.eraseEndsList) })}
${card({ id: 'stays', title: words.eraseStays, content: items(words.eraseStaysList) })}`
}
