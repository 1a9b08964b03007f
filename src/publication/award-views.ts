import { publicAddresses } from '../credentials/addresses.ts'
import type { JsonObject } from '../credentials/json.ts'
import type { CredentialSummary, Verdict } from '../credentials/verdict.ts'
import { formatDay, type Messages } from '../i18n/index.ts'
import { buttons, linkButton } from '../web/components/button.ts'
import { card, pageTitle } from '../web/components/card.ts'
import { list } from '../web/components/list.ts'
import { summaryList, type SummaryRow } from '../web/components/summary-list.ts'
import { day } from '../web/components/text.ts'
import { verdictTag } from '../verification/verdict-tag.ts'
import { type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import { alignmentCard, criteriaCard, endorsementsCard, marked, type PublicView, type Words } from './views.ts'

export type AwardShown = {
  readonly publicId: string
  readonly verdict: Verdict
  readonly credential: CredentialSummary
  /** The award's evidence in words, as it stands in the credential. */
  readonly evidence: string
  readonly hasEmbedded: boolean
  /** What schools say of it now, as they signed it. */
  readonly endorsements: readonly JsonObject[]
  readonly publicOrigin: string
}

/**
 * `/b/{a}`: the badge that its client made public (PRODUCT §5, Public badge page), as it is signed and as our own verifier judges it at this
 * moment. No name: the page does not tell whose it is.
 */
export function awardView({ t, lang }: Words, shown: AwardShown): PublicView {
  const { credential, publicId, verdict } = shown
  const language = credential.language ?? lang
  const picture = paths.publicBadgeFile(publicId, 'png')
  const address = publicAddresses.award(shown.publicOrigin, publicId)
  const alt = t.badges.pictureAlt({ name: credential.name, issuer: credential.issuer.name ?? '' })
  return {
    title: t.publicBadge.title({ name: credential.name }),
    head: shareHead(shown),
    main: html`${pageTitle({ title: marked(credential.name, language, lang), lead: credential.description === undefined ? undefined : marked(credential.description, language, lang) })}
<div class="card"><div class="badge-face"><img src="${picture}" alt="${alt}" width="400" height="400">
<div class="stack">${summaryList({ t, rows: awardRows({ t, lang }, shown) })}<p class="soft">${t.publicBadge.whose}</p></div></div></div>
${credential.criteria !== undefined && criteriaCard(t, credential.criteria, language, lang)}
${card({ id: 'evidence', title: t.publicBadge.evidence, content: html`<p>${marked(shown.evidence, language, lang)}</p>` })}
${alignmentCard(t, credential.alignments, language, lang)}
${endorsementsCard({ t, lang }, shown.endorsements)}
${card({
  id: 'check',
  title: t.publicBadge.check,
  content: html`<p>${t.verify.verdicts[verdict.verdict]} ${t.publicBadge.checkLead}</p>${buttons(linkButton({ label: t.publicBadge.check, href: paths.verifyAddress(address), icon: 'shield' }))}`,
})}
${card({ id: 'files', title: t.publicBadge.files, content: filesList(t, shown) })}`,
  }
}

/** 410: the badge was revoked while it was public. What it said is not repeated. */
export function revokedView({ t, lang }: Words, at: Date, reason: string): PublicView {
  const { revokedTitle, revoked } = t.publicBadge
  return goneView(t, revokedTitle, html`<p>${revoked({ date: formatDay(at, lang), reason })}</p>`)
}

/** 410: the client hid the badge. Nothing tells which badge it was (S-52). */
export function hiddenView({ t }: Words): PublicView {
  return goneView(t, t.publicBadge.notPublicTitle, html`<p>${t.publicBadge.notPublic}</p>`)
}

function goneView(t: Messages, title: string, content: Html): PublicView {
  return {
    title,
    main: html`<div class="stack"><h1>${title}</h1>${content}<p><a class="btn plain" href="${paths.home()}">${t.app.frontPage}</a></p></div>`,
  }
}

function awardRows({ t, lang }: Words, { credential, verdict }: AwardShown): SummaryRow[] {
  const { issuer, awardedOn, validUntil, tier } = credential
  return [
    { label: t.publicBadge.status, value: verdictTag(t, verdict.verdict) },
    {
      label: t.publicBadge.issuer,
      value: html`<a class="break" href="${issuerPath(issuer.id)}">${issuer.name ?? issuer.id}</a>`,
    },
    ...(awardedOn === undefined ? [] : [{ label: t.publicBadge.awardedOn, value: day(new Date(awardedOn), lang) }]),
    {
      label: t.publicBadge.validUntil,
      value: validUntil === undefined ? t.publicBadge.forever : day(new Date(validUntil), lang),
    },
    ...(tier === undefined ? [] : [{ label: t.tier.word, value: tier }]),
  ]
}

/** The issuer of a badge of ours has its page on this host, wherever the signed origin is. */
function issuerPath(id: string): string {
  return new URL(id).pathname
}

function filesList(t: Messages, { publicId, hasEmbedded }: AwardShown): Html {
  const file = (kind: 'png' | 'svg' | 'jwt' | 'json', label: string): Html =>
    html`<a href="${paths.publicBadgeFile(publicId, kind)}">${label}</a>`
  return list(
    [
      file('png', t.badges.downloadPng),
      file('svg', t.badges.downloadSvg),
      file('jwt', t.badges.downloadJwt),
      hasEmbedded ? file('json', t.badges.downloadJson) : undefined,
    ].filter((row) => row !== undefined),
  )
}

/** For programs that show a link to the page, and for those that look for the credential behind it (PRODUCT §5). */
function shareHead({ credential, publicId, hasEmbedded, publicOrigin }: AwardShown): Html {
  const address = publicAddresses.award(publicOrigin, publicId)
  const properties = {
    'og:type': 'website',
    'og:title': credential.name,
    'og:description': credential.description ?? '',
    'og:image': `${address}.png`,
    'og:image:type': 'image/png',
    'og:image:width': '400',
    'og:image:height': '400',
    'og:url': address,
    'og:site_name': credential.issuer.name ?? '',
  }
  return html`${Object.entries(properties).map(
    ([name, content]) => html`<meta property="${name}" content="${content}">
`,
  )}<meta name="twitter:card" content="summary">
${
  hasEmbedded &&
  html`<link rel="alternate" type="application/ld+json" href="${address}.json">
`
}<link rel="alternate" type="application/vc+jwt" href="${address}.jwt">
`
}
