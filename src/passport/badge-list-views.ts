import type { PageContext } from '../http/pages.ts'
import { badgeTiles } from '../web/components/badge-tile.ts'
import { card, pageTitle } from '../web/components/card.ts'
import { emptyState } from '../web/components/empty-state.ts'
import { list } from '../web/components/list.ts'
import { tag } from '../web/components/tag.ts'
import { localText } from '../web/components/text.ts'
import { type Child, type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import { awardTile, type View } from './passport-views.ts'
import type { Passport } from './passport.ts'
import type { Standing } from './standing.ts'
import { answerDay, smallPictureOfBadge } from './words.ts'

/** So many badges are told to be near. */
const nearAtOnce = 3

type Props = { readonly tenant: string; readonly now: Date }

/** `/merkit`: what waits for an answer, what I have, what I can apply for, what is near (PRODUCT A1, A3). */
export function badgesView(context: PageContext, passport: Passport, props: Props): View {
  const { t } = context
  const { offered, awards, nearest: open } = passport
  const mine = awards.filter(({ state }) => state === 'accepted')
  const tiles = (shown: typeof awards): Html => badgeTiles(shown.map((award) => awardTile(context, award, props.now)))
  const isWaiting = ({ application }: Standing): boolean =>
    application?.state === 'submitted' || application?.state === 'proposed'
  const ready = open.filter((standing) => !isWaiting(standing) && standing.mayApply)
  const ahead = open.filter((standing) => !isWaiting(standing) && !standing.mayApply)
  const rows = (shown: readonly Standing[]): Html => list(shown.map((one) => badgeRow(context, props, one)))
  const near = ahead.slice(0, nearAtOnce)
  const others = ahead.slice(nearAtOnce)
  return {
    title: t.badges.title,
    main: html`${pageTitle({ title: t.badges.title, lead: t.badges.lead })}
${offered.length > 0 && card({ id: 'offered', title: t.badges.offered, content: html`<p>${t.badges.offeredLead}</p>${tiles(offered)}` })}
${waitingCard(context, props, open.filter(isWaiting))}
${card({ id: 'mine', title: t.badges.mine, content: mine.length > 0 ? tiles(mine) : emptyState({ why: t.badges.none, what: t.badges.noneHelp }) })}
${card({ id: 'apply', title: t.badges.canApply, content: ready.length > 0 ? rows(ready) : html`<p>${t.badges.canApplyNone}</p>` })}
${near.length > 0 && card({ id: 'near', title: t.badges.near, content: rows(near) })}
${others.length > 0 && card({ id: 'others', title: t.badges.others, content: rows(others) })}`,
  }
}

function waitingCard(context: PageContext, props: Props, waiting: readonly Standing[]): Html | false {
  const { t, lang } = context
  const rows = waiting.map((standing) => {
    const { application } = standing
    const detail =
      application?.state === 'proposed'
        ? t.badges.proposal
        : application && t.badges.applied({ date: answerDay(application.submittedAt ?? application.createdAt, lang) })
    return row(context, props, standing, detail)
  })
  return rows.length > 0 && card({ id: 'waiting', title: t.badges.waiting, content: list(rows) })
}

function badgeRow(context: PageContext, props: Props, standing: Standing): Html {
  const { t } = context
  const { application, progress } = standing
  // What came back is said here in a neutral word; the reason stands on the badge's own page.
  if (application?.state === 'returned' || application?.state === 'rejected')
    return row(context, props, standing, t.badges.answered)
  if (progress === null || progress.done === 0) return row(context, props, standing, undefined)
  // All counted and still not to be had: a badge that comes before it is what is missing.
  const isWorkDone = progress.done === progress.of && standing.badgesFirst > 0
  const counted = t.passport.progress({ done: progress.done, total: progress.of })
  return row(context, props, standing, isWorkDone ? t.badges.workDone : counted)
}

function row({ t, lang }: PageContext, { tenant }: Props, standing: Standing, detail: Child): Html {
  const { badge, mayApply, application } = standing
  const isOpen = application?.state === 'proposed' || application?.state === 'submitted'
  const small = html`<span class="block small soft">${t.tier.label({ tier: t.tier[badge.tier] })}${detail !== undefined && html` · ${detail}`}</span>`
  return html`<div class="row"><span class="who"><img src="${smallPictureOfBadge(tenant, badge, lang)}" alt="" width="56" height="56"><span><a class="row-link" href="${paths.applyForBadge(badge.classId)}"><b>${localText(badge.name, lang)}</b></a>${small}</span></span>${mayApply && !isOpen && tag({ label: t.badges.apply, kind: 'now' })}</div>`
}
