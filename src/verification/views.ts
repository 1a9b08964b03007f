import type { CredentialSummary } from '../credentials/verdict.ts'
import type { PageContext } from '../http/pages.ts'
import type { Messages } from '../i18n/index.ts'
import { button, buttons, linkButton } from '../web/components/button.ts'
import { card, columns, details, pageTitle } from '../web/components/card.ts'
import { errorOf, type FieldError } from '../web/components/error-summary.ts'
import { fileField, input, textArea } from '../web/components/field.ts'
import { form } from '../web/components/form.ts'
import { inset } from '../web/components/notice.ts'
import { summaryList, type SummaryRow } from '../web/components/summary-list.ts'
import { table } from '../web/components/table.ts'
import { tag } from '../web/components/tag.ts'
import { outsideLink } from '../web/components/text.ts'
import { checkTable, verdictBox, type VerdictKind } from '../web/components/verdict.ts'
import { type Child, type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import { isAddressWithoutScheme } from './found.ts'
import { dayOr, decisiveCheck, headline, kindOf, plainText, type PresentedVerdict } from './present.ts'

type View = { readonly title: string; readonly main: Html }

type Given = {
  readonly text?: string | undefined
  readonly recipient?: string | undefined
  readonly errors?: readonly FieldError[]
}

/** `/tarkista`: a link or text, or a file, in one form (PRODUCT S1). `text` is what was typed or came with the link to this page. */
export function askView(context: PageContext, given: Given): View {
  const { verify } = context.t
  return {
    title: verify.title,
    main: html`${pageTitle({ title: verify.title, lead: verify.lead })}
${columns({
  main: html`<div class="card">${askForm(context, given)}</div>`,
  side: inset({ text: html`<p>${verify.whose}</p>` }),
})}`,
  }
}

function askForm({ t, csrf }: PageContext, given: Given): Html {
  const { verify } = t
  const error = errorOf(given.errors, 'recipient')
  const recipient = details({
    summary: verify.recipientMore,
    open: error !== undefined || (given.recipient ?? '') !== '',
    content: input({
      t,
      name: 'recipient',
      label: verify.recipient,
      hint: verify.recipientHint,
      autocomplete: 'off',
      spellcheck: false,
      value: given.recipient,
      error,
    }),
  })
  const fields = html`${textArea({ t, name: 'badge', label: verify.input, hint: verify.inputHint, value: given.text, rows: 5, mono: true, error: errorOf(given.errors, 'badge') })}
${fileField({ t, name: 'file', label: verify.upload, hint: verify.uploadHint, accept: '.png,.svg,.json,.jwt,.jws,.txt,image/png,image/svg+xml,application/json', error: errorOf(given.errors, 'file') })}
${recipient}${buttons(button({ label: verify.action, icon: 'shield' }))}`
  return form({ action: paths.verify(), csrf, multipart: true, content: html`<div class="stack">${fields}</div>` })
}

/**
 * No badge was in what was given: nothing was judged, so no checks are shown, which would call it a faulty badge; the form comes again, to
 * be put right.
 */
export function nothingFoundView(context: PageContext, given: Given): View {
  const { verify } = context.t
  const scheme = isAddressWithoutScheme(given.text ?? '') && html` ${verify.withoutScheme}`
  const text = html`${verify.nothingFoundHelp}${scheme}`
  return {
    title: verify.nothingFound,
    main: html`${verdictBox({ kind: 'unknown', title: verify.nothingFound, text })}
${againCard(context, given)}`,
  }
}

/** The link of a page of ours was given (PRODUCT A4): the page itself shows whether its badges are genuine. `page` is a path of our own. */
export function pageLinkView(context: PageContext, page: string, given: Given): View {
  const { verify } = context.t
  return {
    title: verify.pageLink,
    main: html`${verdictBox({ kind: 'unknown', title: verify.pageLink, text: verify.pageLinkHelp })}
${buttons(linkButton({ label: verify.pageLinkAction, href: page }))}
${againCard(context, given)}`,
  }
}

function againCard(context: PageContext, given: Given): Html {
  return card({ id: 'again', title: context.t.verify.tryAgain, content: askForm(context, given) })
}

/**
 * The answer: the verdict in words first, then what the badge says and what to do, then each check with its reason (PRODUCT S1, S-28).
 * `picture` is a path of our own.
 */
export function answerView(context: PageContext, verdict: PresentedVerdict, picture: string | undefined): View {
  const { t } = context
  const { verify } = t
  const title = headline(t, verdict.verdict)
  const kind = kindOf(verdict.verdict)
  const { credential } = verdict
  // Whose it is was asked and answered.
  const isShown = verdict.checks.some(({ id, outcome }) => id === 'recipient' && outcome === 'passed')
  const rows = verdict.checks.map(({ id, outcome, reason }) => ({ name: verify.checks[id], outcome, sentence: reason }))
  const next = html`<p>${verify.next[kind]}</p>${credential && kind !== 'bad' && !isShown && html`<p>${verify.whose}</p>`}${buttons(linkButton({ label: verify.again, href: paths.verify(), look: 'plain' }))}<p class="soft">${verify.notStored}</p>`
  const nextCard = card({ id: 'next', title: verify.nextTitle, content: next })
  const inside = verdict.credentials && insideCard(context, verdict.credentials)
  const checks = html`${inside}${card({ id: 'checks', title: verify.checksTitle, content: checkTable({ t, rows }) })}`
  return {
    title,
    main: html`${verdictBox({ kind, title, text: explanation(t, verdict) })}
${
  credential
    ? html`${columns({
        main: card({ id: 'badge', title: verify.credentialTitle, content: facts(context, credential, kind) }),
        side: html`${isSigned(verdict.verdict) && picture !== undefined && html`<p class="badge-aside"><img src="${picture}" alt="" width="400" height="400"></p>`}${nextCard}`,
      })}${checks}`
    : columns({ main: checks, side: nextCard })
}`,
  }
}

/** The badges inside a collection, each with its own answer (CONFORMANCE 10.4). */
function insideCard({ t, lang }: PageContext, verdicts: readonly PresentedVerdict[]): Html {
  const rows = verdicts.map((verdict): readonly Child[] => {
    const { credential } = verdict
    const name = own(credential?.name, credential?.language) ?? '–'
    const by = own(credential?.issuer.name ?? credential?.issuer.id, undefined) ?? '–'
    const on = credential?.awardedOn === undefined ? '–' : dayOr(credential.awardedOn, lang)
    const isGood = verdict.verdict === 'valid'
    const answer = isGood
      ? tag({ label: t.verify.outcomes.passed, kind: 'done', icon: 'check' })
      : html`<span class="break">${decisiveCheck(verdict)?.reason ?? t.verify.verdicts[verdict.verdict]}</span>`
    return [name, by, on, answer]
  })
  const { columns: heads, checks, name, issuer, awardedOn } = t.verify
  return card({
    id: 'credentials',
    title: checks.credentials,
    content: table({ caption: checks.credentials, columns: [name, issuer, awardedOn, heads.outcome], rows }),
  })
}

function isGenuine(kind: VerdictKind): boolean {
  return kind === 'ok' || kind === 'note'
}

/** Its issuer did sign it, whatever became of it since: who looks at a revoked or ended badge sees what it looked like (CONFORMANCE 6.9). */
function isSigned(word: PresentedVerdict['verdict']): boolean {
  return word !== 'invalid' && word !== 'issuer-not-recognised' && word !== 'could-not-check'
}

/** What the verdict means and, where it is not good, the reason that made it so. */
function explanation({ verify }: Messages, verdict: PresentedVerdict): Html {
  const meaning = verify.verdicts[verdict.verdict]
  const reason = decisiveCheck(verdict)?.reason
  if (reason === undefined || meaning.startsWith(reason)) return html`${meaning}`
  return html`<span class="break">${reason.startsWith(meaning) ? reason : `${meaning} ${reason}`}</span>`
}

function facts(context: PageContext, credential: CredentialSummary, kind: VerdictKind): Html {
  const { t } = context
  const rows = rowsOf(context, credential).filter((row): row is SummaryRow => row !== undefined)
  const warning = inset({ kind: 'warning', text: html`<p>${t.verify.untrusted}</p>` })
  return html`${!isGenuine(kind) && warning}${summaryList({ t, rows })}`
}

function rowsOf({ t, lang }: PageContext, credential: CredentialSummary): readonly (SummaryRow | undefined)[] {
  const { verify } = t
  const text = (value: string | undefined): Html | undefined => own(value, credential.language)
  const { issuer, awardedOn, validUntil, alignments, endorsements = [] } = credential
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
        : html`${alignments.map((one) => html`<p>${outsideLink(one.targetUrl, plainText(one.targetName) || one.targetUrl)}${one.targetFramework !== undefined && html` <span class="block small soft">${plainText(one.targetFramework)}</span>`}</p>`)}`,
    ),
    row(
      verify.checks.endorsements,
      endorsements.length === 0
        ? undefined
        : html`${endorsements.map(({ endorser, comment }) => html`<p>${text(comment)}<span class="block small soft">${own(endorser.name ?? endorser.id, undefined)}${endorser.host !== undefined && html` ${tag({ label: endorser.host })}`}</span></p>`)}`,
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
