import type { BadgeClassFacts, IssuerFacts } from '../credentials/facts.ts'
import { publicAddresses } from '../credentials/addresses.ts'
import type { JsonObject } from '../credentials/json.ts'
import type { CredentialSummary } from '../credentials/verdict.ts'
import { endorsementSummary } from '../credentials/verify/summary.ts'
import { languageNames, type Language, type Messages } from '../i18n/index.ts'
import { buttons, linkButton } from '../web/components/button.ts'
import { card, pageTitle } from '../web/components/card.ts'
import { list } from '../web/components/list.ts'
import { summaryList, type SummaryRow } from '../web/components/summary-list.ts'
import { day, outsideLink } from '../web/components/text.ts'
import { type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'

/** A page for strangers: no forms, no session, the same for everybody who reads its language. */
export type PublicView = { readonly title: string; readonly main: Html; readonly head?: Html }

/** The page's language and its words. */
export type Words = { readonly t: Messages; readonly lang: Language }

/** `/o/{f}`: who the issuer is, as its signed documents say. */
export function issuerView({ t }: Words, issuer: IssuerFacts): PublicView {
  const rows: SummaryRow[] = [
    { label: t.publicBadge.website, value: outsideLink(issuer.url) },
    { label: t.publicBadge.email, value: html`<span class="break">${issuer.email}</span>` },
    {
      label: t.publicBadge.address,
      value: html`<code class="break">${publicAddresses.issuer(issuer.origin, issuer.code)}</code><br><span class="small soft">${t.publicBadge.addressHint}</span>`,
    },
  ]
  return {
    title: issuer.name,
    main: html`${pageTitle({ title: issuer.name, lead: t.publicBadge.issuerLead })}
<div class="card stack">${summaryList({ t, rows })}</div>
${checkCard(t)}`,
  }
}

/** A badge class at its own address: what the badge says whoever has it. */
export function achievementView({ t, lang }: Words, facts: BadgeClassFacts): PublicView {
  const { issuer, slug, version, language, name } = facts
  const rows: SummaryRow[] = [
    {
      label: t.publicBadge.issuer,
      value: html`<a href="${paths.publicIssuer(issuer.code)}">${issuer.name}</a>`,
    },
    { label: t.tier.word, value: t.tier[facts.tier] },
  ]
  const others = facts.languages.filter((other) => other !== language)
  return {
    title: t.publicBadge.title({ name }),
    main: html`${pageTitle({ title: marked(name, language, lang), lead: marked(facts.description, language, lang) })}
<div class="card"><div class="badge-face"><img src="${paths.badgePicture(issuer.code, slug, version, language)}" alt="${facts.imageCaption}" width="400" height="400"${language !== lang && html` lang="${language}"`}>
<div class="stack">${summaryList({ t, rows })}</div></div></div>
${criteriaCard(t, facts.criteria, language, lang)}${alignmentCard(t, facts.alignments, language, lang)}${endorsementsCard({ t, lang }, facts.endorsements ?? [])}${
  others.length > 0 &&
  card({
    id: 'languages',
    title: t.publicBadge.otherLanguages,
    content: list(
      others.map(
        (other) =>
          html`<a href="${paths.publicBadgeClass(issuer.code, slug, version, other)}" hreflang="${other}" lang="${other}">${languageNames[other]}</a>`,
      ),
    ),
  })
}`,
  }
}

/** What the badge required, in the badge's own words. */
export function criteriaCard(t: Messages, criteria: string, language: string, lang: Language): Html {
  const paragraphs = criteria.split(/\n+/).filter((line) => line.trim() !== '')
  return card({
    id: 'criteria',
    title: t.publicBadge.criteria,
    content: paragraphs.map((line) => html`<p>${marked(line, language, lang)}</p>`),
  })
}

/** The qualification units the badge points to, with links; nothing when there are none. */
export function alignmentCard(
  t: Messages,
  alignments: CredentialSummary['alignments'],
  language: string,
  lang: Language,
): Html | false {
  if (alignments.length === 0) return false
  const rows = alignments.map(
    ({ targetName, targetUrl, targetFramework }) =>
      html`<span${language !== lang && html` lang="${language}"`}>${outsideLink(targetUrl, targetName)}${targetFramework !== undefined && html`<span class="block small soft">${targetFramework}</span>`}</span>`,
  )
  return card({ id: 'alignment', title: t.publicBadge.alignment, content: list(rows) })
}

/** What schools say of it, each with its signed document to check; nothing when there are none (PRODUCT §5). */
export function endorsementsCard({ t, lang }: Words, signed: readonly JsonObject[]): Html | false {
  if (signed.length === 0) return false
  const rows = signed.map((document) => {
    const { endorser, comment = '', on } = endorsementSummary(document)
    const language = typeof document['inLanguage'] === 'string' ? document['inLanguage'] : lang
    const id = typeof document['id'] === 'string' ? document['id'] : ''
    const by = html`<a href="${new URL(endorser.id).pathname}">${endorser.name ?? endorser.id}</a>`
    return html`<p class="break">${marked(comment, language, lang)}<span class="block small soft">${by}${on !== undefined && html` · ${day(new Date(on), lang)}`} · <a href="${new URL(id).pathname}">${t.endorsements.signed}</a></span></p>`
  })
  return card({ id: 'endorsements', title: t.endorsements.badgeTitle, content: list(rows) })
}

function checkCard(t: Messages): Html {
  return card({
    id: 'check',
    title: t.publicBadge.check,
    content: html`<p>${t.publicBadge.checkLead}</p>${buttons(linkButton({ label: t.publicBadge.check, href: paths.verify(), look: 'plain' }))}`,
  })
}

/** Words of the badge in its own language, told apart from the page's. */
export function marked(words: string, language: string, lang: Language): Html {
  return language === lang ? html`${words}` : html`<span lang="${language}">${words}</span>`
}
