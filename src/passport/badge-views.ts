import type { AwardView } from '../awards/list.ts'
import type { RecipientKind } from '../awards/recipient.ts'
import type { JsonObject } from '../credentials/json.ts'
import { endorsementSummary } from '../credentials/verify/summary.ts'
import type { PageContext } from '../http/pages.ts'
import { formatDay, type Messages, pickText } from '../i18n/index.ts'
import { button, buttons, linkButton } from '../web/components/button.ts'
import { card, halves, pageTitle } from '../web/components/card.ts'
import { buttonForm } from '../web/components/form.ts'
import { icon } from '../web/components/icons.ts'
import { list } from '../web/components/list.ts'
import { inset } from '../web/components/notice.ts'
import { summaryList } from '../web/components/summary-list.ts'
import { doneTag, tag } from '../web/components/tag.ts'
import { day, localText } from '../web/components/text.ts'
import { type Child, type Html, html } from '../web/html.ts'
import { type BadgeFile, paths } from '../web/paths.ts'
import { type RecipientForm, recipientSection } from './recipient-views.ts'
import { pictureOfAward } from './words.ts'

type View = { readonly title: string; readonly main: Html }

/** The state of a badge in a word or two. */
export function awardTag(t: Messages, award: AwardView, now: Date): Html {
  switch (stateOf(award, now)) {
    case 'offered':
      return tag({ label: t.badges.offeredTag, kind: 'now' })
    case 'declined':
      return tag({ label: t.badges.declinedTag })
    case 'revoked':
      return tag({ label: t.badges.revoked })
    case 'expired':
      return tag({ label: t.badges.expired })
    case 'valid':
      return doneTag(t.badges.valid)
  }
}

/** The same for a tile, where what the client should do comes first. */
export function awardTileTag(t: Messages, award: AwardView, now: Date): Html {
  const isOld = stateOf(award, now) === 'valid' && award.downloadAgainSince !== null
  return isOld ? tag({ label: t.badges.downloadAgainTag, kind: 'now' }) : awardTag(t, award, now)
}

function stateOf(award: AwardView, now: Date): 'offered' | 'declined' | 'revoked' | 'expired' | 'valid' {
  if (award.revokedAt) return 'revoked'
  if (award.state !== 'accepted') return award.state
  return award.validUntil !== null && award.validUntil <= now ? 'expired' : 'valid'
}

/** `/merkit/{id}`: one badge of the client's own: what it is, what to answer, its files, who sees it (PRODUCT, Principles 3 and 4). */
export function badgeView(
  context: PageContext,
  award: AwardView,
  props: {
    readonly now: Date
    readonly publicAddress: string
    /** The coordinator's own words about a revocation. */
    readonly note: string | undefined
    /** What schools say of this award. */
    readonly endorsements: readonly JsonObject[]
    readonly recipient: RecipientKind
    /** The form for the e-mail address as it was sent. */
    readonly form?: RecipientForm | undefined
  },
): View {
  const { t, lang } = context
  const state = stateOf(award, props.now)
  const name = pickText(award.name, lang).text
  const isTaken = state === 'valid' || state === 'expired'
  return {
    title: name,
    main: html`${pageTitle({ title: localText(award.name, lang), lead: state === 'offered' ? t.badges.offeredLead : undefined })}
${state === 'revoked' && revokedInset(t, award, props.note)}
${isTaken && award.downloadAgainSince !== null && inset({ kind: 'warning', text: t.badges.downloadAgain({ date: formatDay(award.downloadAgainSince, lang) }) })}
<section class="card"><div class="badge-face"><img src="${pictureOfAward(award)}" alt="${t.badges.pictureAlt({ name, issuer: award.issuerName })}" width="400" height="400">
<div class="stack">${state === 'offered' && answerButtons(context, award)}${facts(context, award, props)}</div></div></section>
${state === 'offered' && recipientSection(context, award, props)}
${isTaken && endorsementsCard(context, props.endorsements)}
${isTaken && halves(downloads(context, award), visibility(context, award, props.publicAddress))}
${backToBadges(t)}`,
  }
}

function revokedInset(t: Messages, award: AwardView, note: string | undefined): Html {
  const reason = award.revocationReason === null ? '' : t.awards.reasons[award.revocationReason]
  return inset({
    kind: 'warning',
    text: html`<div class="stack-s"><p>${t.badges.revokedLead({ reason })}.</p>${note !== undefined && html`<p>${note}</p>`}</div>`,
  })
}

function answerButtons({ t, csrf }: PageContext, award: AwardView): Html {
  const accept = button({ label: t.badges.accept, name: 'answer', value: 'accept' })
  return buttons(
    buttonForm({ action: paths.answerBadge(award.id), csrf, button: accept }),
    linkButton({ label: t.badges.decline, href: paths.answerBadge(award.id), look: 'plain' }),
  )
}

function facts(
  { t, lang }: PageContext,
  award: AwardView,
  { now, recipient }: { readonly now: Date; readonly recipient: RecipientKind },
): Html {
  const rows: { readonly label: string; readonly value: Child }[] = [
    { label: t.applications.state, value: awardTag(t, award, now) },
    { label: t.badges.awardedBy, value: award.issuerName },
    { label: t.badges.awardedOnLabel, value: day(award.awardedAt, lang) },
    {
      label: t.badges.validUntil,
      value: award.validUntil ? day(award.validUntil, lang) : t.badges.validForever,
    },
    { label: t.tier.word, value: t.tier[award.tier] },
    { label: t.badges.criteria, value: localText(award.criteria, lang) },
    ...(recipient === 'email' ? [{ label: t.badges.emailMark, value: t.badges.emailCarried }] : []),
  ]
  return summaryList({ t, rows })
}

/** The badge's own files; a badge in a language of its own is downloaded in that language (PRODUCT A5). */
function downloads({ t }: PageContext, award: AwardView): Html {
  const row = (file: BadgeFile, label: string, isThere: boolean): Html =>
    isThere
      ? html`<li><a class="file" href="${paths.badgeFile(award.id, file)}" download>${icon('download')}<span>${label}</span></a></li>`
      : html`<li><span class="file soft">${icon('clock')}<span>${label} ${tag({ label: t.badges.coming })}<span class="block small">${t.badges.comingHint}</span></span></span></li>`
  const content = html`<p>${t.badges.downloadLead}</p><ul class="files">${[
    row('png', t.badges.downloadPng, true),
    row('svg', t.badges.downloadSvg, true),
    row('jwt', t.badges.downloadJwt, true),
    row('json', t.badges.downloadJson, award.hasEmbedded),
    row('jws', t.badges.downloadJws, true),
  ]}</ul>`
  return card({ id: 'files', title: t.badges.downloadTitle, content })
}

/** What schools that were shown the badge say of it; it goes along in the passport's file. */
function endorsementsCard({ t, lang }: PageContext, signed: readonly JsonObject[]): Html | false {
  if (signed.length === 0) return false
  const rows = signed.map((document) => {
    const { endorser, comment, on } = endorsementSummary(document)
    return html`<p class="break">${comment}<span class="block small soft">${endorser.name ?? endorser.id}${on !== undefined && html` · ${day(new Date(on), lang)}`}</span></p>`
  })
  return card({ id: 'endorsements', title: t.endorsements.badgeTitle, content: list(rows) })
}

function visibility({ t, csrf }: PageContext, award: AwardView, address: string): Html {
  const hide = button({ label: t.badges.makePrivate, look: 'plain', name: 'public', value: 'no' })
  const content = award.isPublic
    ? html`${tag({ label: t.badges.public, kind: 'info', icon: 'eye' })}<p>${t.badges.publicOn}</p><p class="tapline"><a class="break" href="${paths.publicBadge(award.publicId)}">${address}</a></p>${buttonForm({ action: paths.badgeVisibility(award.id), csrf, button: hide })}`
    : html`${tag({ label: t.badges.private, icon: 'lock' })}<p>${t.badges.publicOff}</p>${buttons(linkButton({ label: t.badges.makePublic, href: paths.badgeVisibility(award.id), look: 'plain' }))}`
  return card({ id: 'visibility', title: t.badges.publicTitle, content })
}

/** `/merkit/{id}/vastaus`: asks once, because declining is final for that award (DESIGN, The award path 5). */
export function declineCheckView({ t, lang, csrf }: PageContext, award: AwardView): View {
  const title = t.badges.declineTitle({ name: pickText(award.name, lang).text })
  const decline = button({ label: t.badges.decline, look: 'danger', name: 'answer', value: 'decline' })
  return {
    title,
    main: html`${pageTitle({ title })}
<div class="card stack"><p>${t.badges.declineNote}</p><p>${t.badges.declineFinal}</p>${buttons(
      buttonForm({ action: paths.answerBadge(award.id), csrf, button: decline }),
      linkButton({ label: t.badges.keep, href: paths.badge(award.id), look: 'plain' }),
    )}</div>`,
  }
}

/** `/merkit/{id}/julkisuus`: tells what others will see, and that the issuer's name may tell of clientship (DOMAIN §9.3). */
export function publicCheckView({ t, lang, csrf }: PageContext, award: AwardView, recipient: RecipientKind): View {
  const title = t.badges.publicCheckTitle({ name: pickText(award.name, lang).text })
  const publish = button({ label: t.badges.makePublic, name: 'public', value: 'yes' })
  return {
    title,
    main: html`${pageTitle({ title })}
<div class="card stack"><h2>${t.badges.publicSeen}</h2><ul class="points">${t.badges.publicSeenRows.map((row) => html`<li>${row}</li>`)}</ul><p>${t.badges.publicNote}</p>${recipient === 'email' && html`<p>${t.badges.emailGuess}</p>`}
${inset({ kind: 'warning', text: t.badges.publicIssuer({ issuer: award.issuerName }) })}
<p>${t.badges.publicUndo}</p>${buttons(
      buttonForm({ action: paths.badgeVisibility(award.id), csrf, button: publish }),
      linkButton({ label: t.badges.keep, href: paths.badge(award.id), look: 'plain' }),
    )}</div>`,
  }
}

function backToBadges(t: Messages): Html {
  return html`<p class="tapline"><a href="${paths.badges()}">${t.passport.allBadges}</a></p>`
}
