import type { PageContext } from '../http/pages.ts'
import type { Page } from '../http/list.ts'
import { type Scope, scopes } from '../http/scopes.ts'
import { button, buttons, linkButton } from '../web/components/button.ts'
import { card, pageTitle } from '../web/components/card.ts'
import { choices } from '../web/components/choices.ts'
import { emptyState } from '../web/components/empty-state.ts'
import { errorOf, type FieldError } from '../web/components/error-summary.ts'
import { input } from '../web/components/field.ts'
import { form } from '../web/components/form.ts'
import { inset } from '../web/components/notice.ts'
import { summaryList } from '../web/components/summary-list.ts'
import { table } from '../web/components/table.ts'
import { tag } from '../web/components/tag.ts'
import { day, moment } from '../web/components/text.ts'
import { type Child, type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import { type ApiKey, keyModes } from './schema.ts'

type View = { readonly title: string; readonly main: Html }

/** The form as it was sent. */
export type Given = {
  readonly name: string
  readonly mode: string
  readonly scopes: readonly string[]
  readonly days: string
}

/** Lives that the page offers, in days; the API takes any up to a year. */
export const lifetimes = [30, 90, 365] as const

type KeysData = { readonly keys: Page<ApiKey>; readonly may: { readonly write: boolean }; readonly now: Date }

/** The list of keys and the form for a new one. */
export function keysView(context: PageContext, data: KeysData, given: Given, errors: readonly FieldError[]): View {
  const { apiKeys: words } = context.t
  const { keys, may } = data
  const older = keys.page.next
  const shown =
    keys.data.length === 0
      ? emptyState({ why: words.none, what: may.write ? words.noneHelp : words.noneToSee })
      : html`${keyTable(context, data)}${
          older !== null && html`<p><a href="${paths.apiKeys()}?ennen=${older}">${words.older}</a></p>`
        }`
  return {
    title: words.title,
    main: html`${pageTitle({ title: words.title, lead: words.lead })}
${card({ id: 'keys', title: words.list, content: shown })}
${may.write && newKeyForm(context, given, errors)}`,
  }
}

function keyTable({ t, lang }: PageContext, { keys, may, now }: KeysData): Html {
  const words = t.apiKeys
  const { name, mode, scopes: may_do, expires, used, state } = words.columns
  return table({
    caption: words.list,
    columns: [name, mode, may_do, expires, used, state],
    rows: keys.data.map((key): readonly Child[] => [
      key.name,
      words.modes[key.mode],
      key.scopes.map((scope) => html`<span class="block">${words.scopeNames[scope]}</span>`),
      day(key.expiresAt, lang),
      key.lastUsedAt === null ? words.neverUsed : moment(new Date(key.lastUsedAt), lang, now),
      html`${tag({ label: words.states[key.state], kind: key.state === 'active' ? 'done' : 'plain' })}${
        may.write &&
        key.state === 'active' &&
        html` <a href="${paths.endApiKey(key.id)}">${words.end}<span class="visually-hidden">: ${key.name}</span></a>`
      }`,
    ]),
  })
}

function newKeyForm({ t, csrf }: PageContext, given: Given, errors: readonly FieldError[]): Html {
  const words = t.apiKeys
  const hints: Readonly<Partial<Record<Scope, string>>> = words.scopeHints
  const content = html`${input({
    t,
    name: 'name',
    label: words.name,
    hint: words.nameHint,
    value: given.name,
    error: errorOf(errors, 'name'),
  })}
${choices({
  t,
  kind: 'radio',
  name: 'mode',
  legend: words.mode,
  error: errorOf(errors, 'mode'),
  choices: keyModes.map((mode) => ({
    value: mode,
    label: words.modes[mode],
    detail: words.modeHints[mode],
    checked: given.mode === mode,
  })),
})}
${choices({
  t,
  kind: 'checkbox',
  name: 'scopes',
  legend: words.scopes,
  hint: words.scopesHint,
  error: errorOf(errors, 'scopes'),
  choices: scopes.map((scope) => ({
    value: scope,
    label: words.scopeNames[scope],
    ...(hints[scope] !== undefined && { detail: hints[scope] }),
    checked: given.scopes.includes(scope),
  })),
})}
${choices({
  t,
  kind: 'radio',
  name: 'days',
  legend: words.life,
  narrow: true,
  choices: lifetimes.map((days) => ({
    value: String(days),
    label: words.days({ days }),
    checked: given.days === String(days),
  })),
})}
${buttons(button({ label: words.makeAction }))}`
  return html`<section class="section-gap" aria-labelledby="new-key"><h2 id="new-key">${words.make}</h2>
${form({ action: paths.apiKeys(), csrf, content })}</section>`
}

/** The new key, once, with a command that works as it is (PRODUCT I1). */
export function madeView(
  { t }: PageContext,
  made: { readonly key: string; readonly row: ApiKey; readonly origin: string },
): View {
  const words = t.apiKeys
  const { key, row, origin } = made
  const title = words.made({ name: row.name })
  const rows = [
    { label: words.key, value: html`<code class="break">${key}</code>` },
    { label: words.clientId, value: html`<code class="break">${row.id}</code>` },
  ]
  const call = firstCall(row.scopes)
  const command = call === undefined ? undefined : `curl -H 'Authorization: Bearer ${key}' '${origin}${call}'`
  return {
    title,
    main: html`${pageTitle({ title })}${inset({ text: html`<p>${words.madeLead}</p>`, kind: 'warning' })}
<div class="card stack">${summaryList({ t, rows })}<p>${words.clientIdHelp}</p></div>
${command !== undefined && card({ id: 'try', title: words.tryIt, content: html`<p><code class="break">${command}</code></p>` })}
${buttons(linkButton({ label: words.toList, href: paths.apiKeys(), look: 'plain' }))}`,
  }
}

/** An address that the key can read without knowing anything else. */
function firstCall(granted: readonly Scope[]): string | undefined {
  const readable = [
    ['modules:read', '/api/v1/modules'],
    ['applications:read', '/api/v1/applications'],
    ['awards:read', '/api/v1/awards'],
  ] as const
  return readable.find(([scope]) => granted.includes(scope))?.[1]
}

/** The check page before a key ends: it cannot be undone (PRODUCT, Principles 7). */
export function endView({ t, csrf, lang }: PageContext, key: ApiKey): View {
  const words = t.apiKeys
  const title = words.endTitle({ name: key.name })
  const back = linkButton({ label: words.toList, href: paths.apiKeys(), look: 'plain' })
  const rows = [
    { label: words.columns.mode, value: words.modes[key.mode] },
    { label: words.columns.scopes, value: key.scopes.map((scope) => words.scopeNames[scope]).join(', ') },
    {
      label: words.columns.used,
      value: key.lastUsedAt === null ? words.neverUsed : moment(new Date(key.lastUsedAt), lang),
    },
  ]
  const summary = html`<div class="card">${summaryList({ t, rows })}</div>`
  if (key.state === 'revoked')
    return { title, main: html`${pageTitle({ title, lead: words.alreadyEnded })}${summary}${buttons(back)}` }
  const content = html`${summary}${buttons(button({ label: words.endAction, look: 'danger' }), back)}`
  return {
    title,
    main: html`${pageTitle({ title, lead: words.endLead })}${form({ action: paths.endApiKey(key.id), csrf, content })}`,
  }
}
