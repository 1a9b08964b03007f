import type { PageContext } from '../http/pages.ts'
import { formatInstant, type Messages } from '../i18n/index.ts'
import { button, buttons, linkButton } from '../web/components/button.ts'
import { card, pageTitle } from '../web/components/card.ts'
import { choices } from '../web/components/choices.ts'
import { errorOf, type FieldError } from '../web/components/error-summary.ts'
import { input } from '../web/components/field.ts'
import { form, hiddenField } from '../web/components/form.ts'
import { list } from '../web/components/list.ts'
import { inset } from '../web/components/notice.ts'
import { summaryList } from '../web/components/summary-list.ts'
import { table } from '../web/components/table.ts'
import { tag } from '../web/components/tag.ts'
import { moment } from '../web/components/text.ts'
import { type Child, type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import { startReasons, stopReasons } from './issuing-switch.ts'
import type { LeakForm } from './leak-form.ts'
import type { KeyView } from './list.ts'
import type { SwitchState, SwitchTurn } from './switch-log.ts'

export type View = { readonly title: string; readonly main: Html }

/** `/hallinta/allekirjoitus`: every key with its state and dates, and the stop switch. */
export function keysPage(context: PageContext, keys: readonly KeyView[], state: SwitchState, now: Date): View {
  const words = context.t.signingKeys
  return {
    title: words.title,
    main: html`${pageTitle({ title: words.title, lead: words.lead })}
${card({ id: 'switch', title: words.switchCard, content: switchContent(context, state, now) })}
${card({ id: 'keys', title: words.list, content: keyTable(context, keys) })}
${buttons(linkButton({ label: context.t.administration.back, href: paths.administration(), look: 'plain' }))}`,
  }
}

function keyTable({ t, lang }: PageContext, keys: readonly KeyView[]): Html {
  const words = t.signingKeys
  const { kid, state, act } = words.columns
  const kinds = { active: 'done', retired: 'plain', compromised: 'bad' } as const
  return table({
    caption: words.list,
    columns: [kid, state, act],
    rows: keys.map((key): readonly Child[] => [
      html`<code class="break">${key.kid}</code><span class="block small soft">${words.algorithms[key.algorithm]}</span>`,
      html`${tag({ label: words.states[key.state], kind: kinds[key.state] })}${dateLines(words, key, lang)}`,
      html`${key.state === 'active' && actLink(paths.rotateKey(key.algorithm), words.rotateAction, key)}${actLink(paths.compromiseKey(key.kid), words.leak, key)}`,
    ]),
  })
}

function actLink(href: string, label: string, { kid }: KeyView): Html {
  return html`<span class="block tapline"><a href="${href}">${label}<span class="visually-hidden"> ${kid}</span></a></span>`
}

function dateLines(words: Messages['signingKeys'], key: KeyView, lang: PageContext['lang']): readonly Html[] {
  const time = (at: Date): { readonly time: string } => ({ time: formatInstant(at, lang) })
  const lines = [
    words.made(time(key.createdAt)),
    key.retiredAt === null ? undefined : words.retired(time(key.retiredAt)),
    key.compromisedAt === null ? undefined : words.compromised(time(key.compromisedAt)),
  ]
  return lines.filter((line) => line !== undefined).map((line) => html`<span class="block">${line}</span>`)
}

function switchContent({ t, lang }: PageContext, { stoppedAt, isStoppedForAll, turns }: SwitchState, now: Date): Html {
  const words = t.signingKeys
  const standing =
    stoppedAt === null
      ? html`<p>${tag({ label: words.switchOn, kind: 'done' })}</p>`
      : inset({ text: html`<p>${words.switchOff({ time: formatInstant(stoppedAt, lang, now) })}</p>`, kind: 'warning' })
  const link =
    stoppedAt === null
      ? linkButton({ label: words.stopLink, href: paths.issuing(), look: 'plain' })
      : linkButton({ label: words.startLink, href: paths.issuing() })
  return html`${isStoppedForAll && inset({ text: html`<p>${words.switchOffForAll}</p>`, kind: 'warning' })}${standing}${buttons(link)}${
    turns.length > 0 &&
    html`<h3>${words.switchLog}</h3>${list(turns.map((turn) => turnRow(t, turn, html`${moment(turn.at, lang, now)}`)))}`
  }`
}

function turnRow({ signingKeys: words }: Messages, { stopped, reason, by }: SwitchTurn, when: Html): Html {
  const all: Readonly<Record<string, string>> = { ...words.startReasons, ...words.stopReasons }
  const why = reason === undefined ? undefined : all[reason]
  return html`<div class="row"><span><b>${stopped ? words.switchStopped : words.switchStarted}</b> ${when}<span class="block small soft">${why !== undefined && `${words.switchWhy({ reason: why })}. `}${words.switchBy({ name: by ?? words.switchCommand })}</span></span></div>`
}

/** The check page before a key is replaced (PRODUCT, Principles 7). */
export function rotatePage({ t, csrf }: PageContext, key: KeyView): View {
  const words = t.signingKeys
  const title = words.rotateTitle({ name: words.algorithms[key.algorithm] })
  // The key's name goes along: the same form sent twice replaces it once.
  const content = html`${hiddenField('kid', key.kid)}${points(words.rotatePoints)}${buttons(
    button({ label: words.rotateAction }),
    linkButton({ label: words.back, href: paths.signingKeys(), look: 'plain' }),
  )}`
  return {
    title,
    main: html`${pageTitle({ title, lead: html`<code class="break">${key.kid}</code>` })}${form({ action: paths.rotateKey(key.algorithm), csrf, content })}`,
  }
}

/** First step: since when. */
export function leakPage({ t, csrf }: PageContext, key: KeyView, given: LeakForm, errors: readonly FieldError[]): View {
  const words = t.signingKeys
  const title = words.leakTitle
  const content = html`<div class="stack">${input({ t, name: 'day', type: 'date', label: words.leakDay, hint: words.leakDayHint, value: given.day, error: errorOf(errors, 'day') })}
${input({ t, name: 'time', label: words.leakTime, hint: words.leakTimeHint, optional: true, value: given.time, autocomplete: 'off', error: errorOf(errors, 'time') })}
${hiddenField('step', 'check')}${buttons(
  button({ label: words.leakNext }),
  linkButton({ label: words.back, href: paths.signingKeys(), look: 'plain' }),
)}</div>`
  return {
    title,
    main: html`${pageTitle({ title, lead: html`<code class="break">${key.kid}</code>` })}<p>${words.leakLead}</p>${form({ action: paths.compromiseKey(key.kid), csrf, content })}`,
  }
}

/** Second step: what will happen, and the key's name typed. */
export function leakCheckPage(
  { t, csrf, lang }: PageContext,
  key: KeyView,
  given: LeakForm & { readonly since: Date },
  errors: readonly FieldError[],
): View {
  const words = t.signingKeys
  const title = words.leakTitle
  const rows = [
    { label: words.columns.kid, value: html`<code class="break">${key.kid}</code>` },
    { label: words.algorithm, value: words.algorithms[key.algorithm] },
    { label: words.leakSince, value: formatInstant(given.since, lang) },
  ]
  const content = html`<div class="stack">${summaryList({ t, rows })}${points(words.leakPoints)}
${inset({ text: html`<p>${words.leakStop} <a href="${paths.issuing()}">${words.stopLink}</a></p>`, kind: 'warning' })}
${input({ t, name: 'confirm', label: words.leakAsk, hint: key.kid, value: given.confirm, autocomplete: 'off', spellcheck: false, error: errorOf(errors, 'confirm') })}
${hiddenField('day', given.day)}${hiddenField('time', given.time)}${hiddenField('step', 'send')}${buttons(
  button({ label: words.leakAction, look: 'danger' }),
  linkButton({ label: words.back, href: paths.signingKeys(), look: 'plain' }),
)}</div>`
  return {
    title,
    main: html`${pageTitle({ title, lead: words.leakCheck })}${form({ action: paths.compromiseKey(key.kid), csrf, content })}`,
  }
}

/** The stop switch: what follows, and why it is turned. */
export function issuingPage(
  { t, csrf }: PageContext,
  isStopped: boolean,
  chosen: string,
  errors: readonly FieldError[],
): View {
  const words = t.signingKeys
  const title = isStopped ? words.startTitle : words.stopTitle
  const labels: Readonly<Record<string, string>> = isStopped ? words.startReasons : words.stopReasons
  const reasons = isStopped ? startReasons : stopReasons
  const content = html`${hiddenField('turn', isStopped ? 'start' : 'stop')}${points(isStopped ? words.startPoints : words.stopPoints)}${choices(
    {
      t,
      kind: 'radio',
      name: 'reason',
      legend: words.reasonLegend,
      error: errorOf(errors, 'reason'),
      choices: reasons.map((value) => ({ value, label: labels[value] ?? value, checked: chosen === value })),
    },
  )}${buttons(
    isStopped ? button({ label: words.startAction }) : button({ label: words.stopAction, look: 'danger' }),
    linkButton({ label: words.back, href: paths.signingKeys(), look: 'plain' }),
  )}`
  return { title, main: html`${pageTitle({ title })}${form({ action: paths.issuing(), csrf, content })}` }
}

function points(all: readonly string[]): Html {
  return html`<div class="card"><ul class="points">${all.map((one) => html`<li>${one}</li>`)}</ul></div>`
}
