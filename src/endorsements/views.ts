import type { PageContext } from '../http/pages.ts'
import { formatDay, languageNames } from '../i18n/index.ts'
import { buttons, linkButton } from '../web/components/button.ts'
import { card, pageTitle } from '../web/components/card.ts'
import { emptyState } from '../web/components/empty-state.ts'
import { list } from '../web/components/list.ts'
import { tag } from '../web/components/tag.ts'
import { localText } from '../web/components/text.ts'
import { type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import type { EndorsementRow, Organisation, PublishedBadge } from './store.ts'

export type View = { readonly title: string; readonly main: Html }

/** `/oppilaitos/suositukset`: what the school has endorsed, and the two ways to endorse more. */
export function endorsementsView(
  context: PageContext,
  {
    endorsements,
    foundations,
  }: { readonly endorsements: readonly EndorsementRow[]; readonly foundations: readonly Organisation[] },
): View {
  const words = context.t.endorsements
  const given =
    endorsements.length === 0
      ? emptyState({ why: words.none, what: words.noneHelp })
      : list(endorsements.map((one) => endorsementRow(context, one)))
  const choose =
    foundations.length === 0
      ? html`<p>${words.noFoundations}</p>`
      : html`<p>${words.chooseFoundation}</p>${list(
          foundations.map(
            ({ code, name }) => html`<p class="tapline"><a href="${paths.badgesToEndorse(code)}">${name}</a></p>`,
          ),
        )}`
  const shown = linkButton({ label: words.shownAction, href: paths.newEndorsement(), look: 'plain' })
  return {
    title: words.title,
    main: html`${pageTitle({ title: words.title, lead: words.lead })}
${card({ id: 'given', title: words.given, content: given })}
${card({ id: 'choose', title: words.endorse, content: choose })}
${card({ id: 'shown', title: words.shown, content: html`<p>${words.shownLead}</p>${buttons(shown)}` })}`,
  }
}

function endorsementRow({ t, lang }: PageContext, one: EndorsementRow): Html {
  const words = t.endorsements
  const state = one.withdrawn_at
    ? tag({ label: words.withdrawn({ date: formatDay(one.withdrawn_at, lang) }) })
    : tag({ label: words.standing, kind: 'done', icon: 'check' })
  const kind = one.subject_kind === 'award' ? words.ofAward : words.ofBadge
  const back =
    one.withdrawn_at === null &&
    html`<p class="tapline"><a href="${paths.withdrawEndorsement(one.id)}">${words.withdraw}<span class="visually-hidden">: ${one.subject_name}</span></a></p>`
  return html`<div class="stack-s"><p><b><span lang="${one.language}">${one.subject_name}</span></b> ${state}<span class="block small soft">${kind} · ${words.givenOn({ date: formatDay(one.given_at, lang) })}</span></p>
<p class="break">${one.comment}</p>${back}</div>`
}

/** `/oppilaitos/suositukset/merkit`: the badges of one foundation, each in its languages. */
export function badgesView(
  { t, lang }: PageContext,
  {
    foundation,
    badges,
    addressOf,
  }: {
    readonly foundation: Organisation
    readonly badges: readonly PublishedBadge[]
    readonly addressOf: (badge: PublishedBadge, language: PublishedBadge['languages'][number]) => string
  },
): View {
  const words = t.endorsements
  const title = words.badgesOf({ name: foundation.name })
  const rows = badges.map(
    (
      badge,
    ) => html`<div class="stack-s"><p><b>${localText(badge.name, lang)}</b><span class="block small soft">${localText(badge.description, lang)}</span></p>
${badge.languages.map(
  (language) =>
    html`<p class="tapline"><a href="${paths.newEndorsement(addressOf(badge, language))}">${words.endorseIn({ language: languageNames[language] })}<span class="visually-hidden">: ${localText(badge.name, lang)}</span></a></p>`,
)}</div>`,
  )
  return {
    title,
    main: html`${pageTitle({ title, lead: words.badgesLead })}
<section class="card" aria-label="${title}">${rows.length === 0 ? html`<p>${words.noBadges}</p>` : list(rows)}</section>
<p class="tapline"><a href="${paths.endorsements()}">${t.app.back}</a></p>`,
  }
}
