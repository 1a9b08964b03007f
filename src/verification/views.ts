import type { CredentialSummary } from '../credentials/verdict.ts'
import type { PageContext } from '../http/pages.ts'
import type { Messages } from '../i18n/index.ts'
import { button, buttons, linkButton } from '../web/components/button.ts'
import { card, columns, pageTitle } from '../web/components/card.ts'
import { errorOf, type FieldError } from '../web/components/error-summary.ts'
import { fileField, textArea } from '../web/components/field.ts'
import { form } from '../web/components/form.ts'
import { inset } from '../web/components/notice.ts'
import { summaryList, type SummaryRow } from '../web/components/summary-list.ts'
import { tag } from '../web/components/tag.ts'
import { outsideLink } from '../web/components/text.ts'
import { checkTable, verdictBox } from '../web/components/verdict.ts'
import { type Child, type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import { dayOr, decisiveCheck, headline, kindOf, plainText, type PresentedVerdict } from './present.ts'

type View = { readonly title: string; readonly main: Html }

/** `/tarkista`: a link or text, or a file, in one form (PRODUCT S1). `text` is what was typed or came with the link to this page. */
export function askView(
  { t, csrf }: PageContext,
  given: { readonly text?: string | undefined; readonly errors?: readonly FieldError[] },
): View {
  const { verify } = t
  const fields = html`${textArea({ t, name: 'badge', label: verify.input, hint: verify.inputHint, value: given.text, rows: 5, mono: true, error: errorOf(given.errors, 'badge') })}
${fileField({ t, name: 'file', label: verify.upload, hint: verify.uploadHint, accept: '.png,.json,.jwt,.jws,.txt,image/png,application/json', error: errorOf(given.errors, 'file') })}
${buttons(button({ label: verify.action, icon: 'shield' }))}`
  return {
    title: verify.title,
    main: html`${pageTitle({ title: verify.title, lead: verify.lead })}
<div class="card">${form({ action: paths.verify(), csrf, multipart: true, content: html`<div class="stack">${fields}</div>` })}</div>`,
  }
}

/** The answer: the verdict in words first, then what to do, what the badge says, and each check with its reason (PRODUCT S1, S-28). */
export function answerView(context: PageContext, verdict: PresentedVerdict, picture: string | undefined): View {
  const { t } = context
  const title = headline(t, verdict.verdict)
  const kind = kindOf(verdict.verdict)
  const { credential } = verdict
  const next = html`<p>${t.verify.next[kind]}</p>${buttons(linkButton({ label: t.verify.again, href: paths.verify(), look: 'plain' }))}<p class="soft">${t.verify.notStored}</p>`
  const rows = verdict.checks.map(({ id, outcome, reason }) => ({
    name: t.verify.checks[id],
    outcome,
    sentence: reason,
  }))
  return {
    title,
    main: html`${verdictBox({ kind, title, text: explanation(t, verdict) })}
${columns({
  main: html`${credential && card({ id: 'badge', title: t.verify.credentialTitle, content: facts(context, credential, { kind, picture }) })}
${card({ id: 'checks', title: t.verify.checksTitle, content: checkTable({ t, rows }) })}`,
  side: html`${card({ id: 'next', title: t.verify.nextTitle, content: next })}${credential && inset({ text: html`<p>${t.verify.whose}</p>` })}`,
})}`,
  }
}

/** What the verdict means and, where it is not good, the reason that made it so. */
function explanation({ verify }: Messages, verdict: PresentedVerdict): Html {
  const meaning = verify.verdicts[verdict.verdict]
  const reason = decisiveCheck(verdict)?.reason
  if (reason === undefined || meaning.startsWith(reason)) return html`${meaning}`
  return html`<span class="break">${reason.startsWith(meaning) ? reason : `${meaning} ${reason}`}</span>`
}

type Shown = { readonly kind: ReturnType<typeof kindOf>; readonly picture: string | undefined }

function facts(context: PageContext, credential: CredentialSummary, { kind, picture }: Shown): Html {
  const { t } = context
  const isGenuine = kind === 'ok' || kind === 'note'
  const rows = rowsOf(context, credential).filter((row): row is SummaryRow => row !== undefined)
  const list = summaryList({ t, rows })
  return html`${isGenuine ? undefined : inset({ kind: 'warning', text: html`<p>${t.verify.untrusted}</p>` })}
${isGenuine && picture !== undefined ? html`<div class="badge-face beside"><img src="${picture}" alt="" width="400" height="400"><div>${list}</div></div>` : list}`
}

function rowsOf({ t, lang }: PageContext, credential: CredentialSummary): readonly (SummaryRow | undefined)[] {
  const { verify } = t
  const text = (value: string | undefined): Html | undefined => own(value, credential.language)
  const { issuer, awardedOn, validUntil, alignments } = credential
  return [
    row(verify.name, text(credential.name)),
    row(verify.issuer, html`${text(issuer.name)} ${issuer.host !== undefined && tag({ label: issuer.host })}`),
    row(verify.issuerAddress, issuer.id === '' ? undefined : outsideLink(issuer.id)),
    row(verify.awardedOn, awardedOn === undefined ? undefined : dayOr(awardedOn, lang)),
    row(verify.validUntil, validUntil === undefined ? t.publicBadge.forever : dayOr(validUntil, lang)),
    row(verify.reason, text(credential.revocationReason)),
    row(verify.tier, text(credential.tier)),
    row(verify.description, text(credential.description)),
    row(verify.criteria, text(credential.criteria)),
    row(
      verify.alignment,
      alignments.length === 0
        ? undefined
        : html`<ul class="plain">${alignments.map((one) => html`<li>${outsideLink(one.targetUrl, plainText(one.targetName) || one.targetUrl)}${one.targetFramework !== undefined && html` <span class="block small soft">${plainText(one.targetFramework)}</span>`}</li>`)}</ul>`,
    ),
  ]
}

function row(label: string, value: Child): SummaryRow | undefined {
  return value === undefined ? undefined : { label, value }
}

/** A text of the badge, apart from ours: in its own language, and unable to turn the direction of what stands around it. */
function own(value: string | undefined, language: string | undefined): Html | undefined {
  if (value === undefined || value === '') return undefined
  const lang =
    language !== undefined && /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$/.test(language) ? language : undefined
  return html`<bdi${lang !== undefined && html` lang="${lang}"`}>${plainText(value)}</bdi>`
}
