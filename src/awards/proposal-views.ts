import { explainReadiness } from '../badges/evidence-words.ts'
import type { PageContext } from '../http/pages.ts'
import { pickText } from '../i18n/index.ts'
import { button, buttons, linkButton } from '../web/components/button.ts'
import { card, pageTitle } from '../web/components/card.ts'
import { form } from '../web/components/form.ts'
import { summaryList } from '../web/components/summary-list.ts'
import { doneTag, tag } from '../web/components/tag.ts'
import { localText } from '../web/components/text.ts'
import { type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import type { Proposable } from './proposal-pages.ts'
import { ruleList } from './rule-list.ts'
import { fullName, type View } from './views.ts'

/** The check page before a coach's proposal: the badge as the client will see it, and how far the client is (PRODUCT C3). */
export function proposalView(context: PageContext, found: Proposable): View {
  const { t, lang } = context
  const { client, one, tenant, issuerName } = found
  const { badge } = one
  const name = pickText(badge.name, lang).text
  const title = t.group.proposeTitle({ name })
  const language =
    [client.language, lang, ...badge.languages].find((wanted) => badge.languages.includes(wanted)) ?? 'fi'
  const picture = paths.badgePicture(tenant, badge.slug, badge.version, language)
  return {
    title,
    main: html`${pageTitle({ title, lead: t.group.proposeLead })}
<section class="card"><div class="badge-face"><img src="${picture}" alt="${t.badges.pictureAlt({ name, issuer: issuerName })}" width="400" height="400">
<div>${summaryList({
      t,
      rows: [
        { label: t.applications.name, value: fullName(client.name) },
        { label: t.applications.badge, value: localText(badge.name, lang) },
        { label: t.group.badgeTells, value: localText(badge.description, lang) },
        { label: t.badges.criteria, value: localText(badge.criteria, lang) },
        { label: t.tier.word, value: t.tier[badge.tier] },
      ],
    })}</div></div></section>
${standingCard(context, found)}
${actions(context, found)}`,
  }
}

function standingCard(context: PageContext, { one, readiness }: Proposable): Html {
  const { t, lang } = context
  const { ruleMet, ruleUnmet } = t.applications
  const nameOf = (slug: string): string =>
    pickText(readiness.badges.find((badge) => badge.slug === slug)?.name ?? {}, lang).text
  return card({
    id: 'standing',
    title: t.applications.rule,
    aside: one.readiness.met ? doneTag(ruleMet) : tag({ label: ruleUnmet, kind: 'now' }),
    content: ruleList(context, explainReadiness(one.badge.rule, one.readiness), {
      task: (id) => pickText(readiness.taskNames.get(id) ?? {}, lang).text,
      badge: nameOf,
    }),
  })
}

/** The button stands only where a proposal makes sense; else the state says why not. */
function actions({ t, csrf }: PageContext, { client, one }: Proposable): Html {
  const back = linkButton({ label: t.app.back, href: paths.client(client.id), look: 'plain' })
  if (one.state !== 'open')
    return html`<p>${tag({ label: t.group.badgeState[one.state], kind: 'now' })}</p>${buttons(back)}`
  const content = buttons(button({ label: t.group.proposeAction }), back)
  return form({ action: paths.proposeBadge(client.id, one.badge.classId), csrf, content })
}
