import type { AwardView } from '../awards/list.ts'
import type { PageContext } from '../http/pages.ts'
import { formatInstant, pickText } from '../i18n/index.ts'
import { pictureOfAward } from '../passport/words.ts'
import { verdictTag } from '../verification/verdict-tag.ts'
import { button, buttons, linkButton } from '../web/components/button.ts'
import { card, details, pageTitle } from '../web/components/card.ts'
import { choices } from '../web/components/choices.ts'
import { emptyState } from '../web/components/empty-state.ts'
import { errorOf, type FieldError } from '../web/components/error-summary.ts'
import { buttonForm, form } from '../web/components/form.ts'
import { list } from '../web/components/list.ts'
import { inset } from '../web/components/notice.ts'
import { qrCode } from '../web/components/qr.ts'
import { summaryList } from '../web/components/summary-list.ts'
import { tag } from '../web/components/tag.ts'
import { day, localText } from '../web/components/text.ts'
import { type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import { lifetimeNames } from './schema.ts'
import { type OpenedShare, type Share, stateOf } from './share.ts'

type View = { readonly title: string; readonly main: Html }

/** The form as the person sent it. */
export type Given = { readonly awards: readonly string[]; readonly lifetime: string }

/** `/nayta`: which links there are, until when, and how often each was opened; the way to a new one. */
export function sharesView(
  context: PageContext,
  {
    shares,
    awards,
    now,
  }: { readonly shares: readonly Share[]; readonly awards: readonly AwardView[]; readonly now: Date },
): View {
  const { t } = context
  const names = new Map(awards.map((award) => [award.id, pickText(award.name, context.lang).text]))
  const make = linkButton({ label: t.share.makeNew, href: paths.newShare() })
  const rows = shares.map((share) => shareRow(context, share, names, now))
  return {
    title: t.share.title,
    main: html`${pageTitle({ title: t.share.title, lead: t.share.lead })}
${
  rows.length === 0
    ? html`<div class="card">${emptyState({ why: t.share.none, what: t.share.noneHelp, action: make })}</div>`
    : html`${buttons(make)}
${card({ id: 'links', title: t.share.links, content: list(rows) })}`
}`,
  }
}

function shareRow({ t, lang, csrf }: PageContext, share: Share, names: ReadonlyMap<string, string>, now: Date): Html {
  const state = stateOf(share, now)
  const what = share.awardIds.map((id) => names.get(id) ?? t.share.goneBadge).join(', ')
  const until = t.share.worksUntil({ date: formatInstant(share.endsAt, lang, now) })
  const seen = share.lastOpening
    ? t.share.opened({ count: share.openings, day: formatInstant(share.lastOpening, lang, now) })
    : t.share.unopened
  const close = buttonForm({
    action: paths.closeShare(share.id),
    csrf,
    button: button({ label: t.share.close, look: 'plain', hidden: what }),
  })
  return html`<div class="row"><span class="record"><b>${what}</b>${state === 'open' && html`<span class="block small soft">${until}</span>`}<span class="block small soft">${seen}</span></span>${
    state === 'open' ? close : tag({ label: t.share.states[state], kind: 'plain' })
  }</div>`
}

/** `/nayta/uusi`: what, and how long (PRODUCT A4). The support level cannot be shown. */
export function newShareView(
  context: PageContext,
  awards: readonly AwardView[],
  given: Given,
  errors: readonly FieldError[],
): View {
  const { t, lang, csrf } = context
  const title = t.share.what
  if (awards.length === 0)
    return {
      title,
      main: html`${pageTitle({ title })}<div class="card">${emptyState({ why: t.badges.none, what: t.badges.noneHelp })}</div>`,
    }
  const badges = choices({
    t,
    kind: 'checkbox',
    name: 'awards',
    legend: t.badges.mine,
    error: errorOf(errors, 'awards'),
    choices: awards.map((award) => ({
      value: award.id,
      label: pickText(award.name, lang).text,
      detail: t.tier.label({ tier: t.tier[award.tier] }),
      checked: given.awards.includes(award.id) || awards.length === 1,
      picture: html`<img src="${paths.badgePictureSmall(award.tenant, award.slug, award.version, award.language)}" alt="" width="56" height="56">`,
    })),
  })
  const howLong = choices({
    t,
    kind: 'radio',
    name: 'lifetime',
    legend: t.share.howLong,
    error: errorOf(errors, 'lifetime'),
    narrow: true,
    choices: lifetimeNames.map((one) => ({
      value: one,
      label: t.share.lifetimes[one],
      checked: given.lifetime === one,
    })),
  })
  const content = html`${badges}${howLong}${inset({ text: html`<p>${t.share.supportOff}. ${t.share.seesName}</p>` })}${buttons(
    button({ label: t.share.make }),
    linkButton({ label: t.app.back, href: paths.shares(), look: 'plain' }),
  )}`
  return { title, main: html`${pageTitle({ title })}${form({ action: paths.newShare(), csrf, content })}` }
}

/** The new link, big enough to be read from a phone's screen; said once, because nothing keeps it (S-16). */
export function madeView(
  { t, lang, csrf }: PageContext,
  { share, address, now }: { readonly share: Share; readonly address: string; readonly now: Date },
): View {
  const title = t.share.ready
  const until = t.share.worksUntil({ date: formatInstant(share.endsAt, lang, now) })
  return {
    title,
    main: html`${pageTitle({ title, lead: until })}
<section class="card stack" aria-labelledby="qr"><h2 id="qr">${t.share.qr}</h2>${qrCode({ text: address, label: t.share.qrLabel({ until }) })}
<p>${t.share.orLink}</p><p class="key"><a href="${address}">${address}</a></p><p class="soft">${t.share.once}</p></section>
${buttons(
  buttonForm({ action: paths.closeShare(share.id), csrf, button: button({ label: t.share.close, look: 'plain' }) }),
  linkButton({ label: t.share.links, href: paths.shares(), look: 'plain' }),
)}`,
  }
}

/** `/j/{token}`: whose badges, and each with the verdict of this moment first (PRODUCT S1). No support level, no words about the person. */
export function openedView(context: PageContext, { name, endsAt, badges }: OpenedShare, now: Date): View {
  const { t, lang } = context
  const title = t.share.openedTitle({ name: `${name.given} ${name.family}` })
  const until = t.share.worksUntil({ date: formatInstant(endsAt, lang, now) })
  return {
    title,
    main: html`${pageTitle({ title, lead: html`${t.share.openedLead} ${until}.` })}
${badges.map((badge) => badgeCard(context, badge))}`,
  }
}

function badgeCard({ t, lang }: PageContext, { award, jwt, verdict }: OpenedShare['badges'][number]): Html {
  const name = pickText(award.name, lang).text
  const rows = [
    { label: t.publicBadge.status, value: verdictTag(t, verdict.verdict) },
    { label: t.publicBadge.issuer, value: html`<a href="${paths.publicIssuer(award.tenant)}">${award.issuerName}</a>` },
    { label: t.publicBadge.awardedOn, value: day(award.awardedAt, lang) },
    { label: t.publicBadge.validUntil, value: award.validUntil ? day(award.validUntil, lang) : t.publicBadge.forever },
    { label: t.tier.word, value: t.tier[award.tier] },
  ]
  const picture = html`<img src="${pictureOfAward(award)}" alt="${t.badges.pictureAlt({ name, issuer: award.issuerName })}" width="400" height="400">`
  const content = html`<div class="badge-face">${picture}<div class="stack">${summaryList({ t, rows })}<p>${t.verify.verdicts[verdict.verdict]}</p>
<p><b>${t.badges.criteria}</b><span class="block">${localText(award.criteria, lang)}</span></p></div></div>
${details({ summary: t.share.elsewhere, content: html`<p>${t.share.elsewhereHow}</p><p class="key">${jwt}</p>` })}`
  return card({ id: `badge-${award.id}`, title: localText(award.name, lang), content })
}
