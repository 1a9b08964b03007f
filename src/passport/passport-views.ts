import type { AwardView } from '../awards/list.ts'
import type { PageContext } from '../http/pages.ts'
import { formatDay, pickText } from '../i18n/index.ts'
import { badgeTiles } from '../web/components/badge-tile.ts'
import { button, buttons, linkButton } from '../web/components/button.ts'
import { card, pageTitle } from '../web/components/card.ts'
import { buttonForm } from '../web/components/form.ts'
import { emptyState } from '../web/components/empty-state.ts'
import { list } from '../web/components/list.ts'
import { meter } from '../web/components/meter.ts'
import { path } from '../web/components/path.ts'
import { table } from '../web/components/table.ts'
import { tag } from '../web/components/tag.ts'
import { localText } from '../web/components/text.ts'
import { type Child, type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import { awardTileTag } from './badge-views.ts'
import type { BadgePath, PathBadge } from './badge-path.ts'
import { nextStepCard } from './next-step-views.ts'
import type { Passport } from './passport.ts'
import type { SkillRow } from './store.ts'
import { pictureOfAward, smallPictureOfBadge } from './words.ts'

export type View = { readonly title: string; readonly main: Html }

/** How many skills are shown before the rest is asked for. */
const shownSkills = 5

/** `/passi`: the next step, the way, what I can do, my badges (PRODUCT A1). No failure is listed, ever (PRODUCT, Principles 1). */
export function passportView(
  context: PageContext,
  passport: Passport,
  props: { readonly name: string; readonly tenant: string; readonly now: Date; readonly allSkills: boolean },
): View {
  const { t } = context
  const { skills, held } = passport
  const lead =
    skills.length + held.length === 0
      ? t.passport.lead
      : html`${t.passport.summary({ skills: skills.length, badges: held.length })} <a href="#skills">${t.passport.canDo}</a>`
  return {
    title: t.passport.title,
    main: html`${pageTitle({ title: t.passport.hello({ name: props.name }), lead })}
${nextStepCard(context, passport)}
${moreToAnswer(context, passport)}
${passport.path && pathCard(context, passport.path, props.tenant)}
${skillsCard(context, skills, props.allSkills)}
${badgesCard(context, passport, props.now)}
${held.length > 0 && takeAlongCard(context)}`,
  }
}

/** What waits for an answer besides the one that is the next step. */
function moreToAnswer({ t, lang }: PageContext, { offered, proposals }: Passport): Html | undefined {
  const row = (name: Child, href: string, label: string, kind: 'now' | 'info'): Html =>
    html`<div class="row"><a href="${href}"><b>${name}</b></a>${tag({ label, kind })}</div>`
  const rows = [
    ...offered.map((award) => row(localText(award.name, lang), paths.badge(award.id), t.badges.offeredTag, 'now')),
    ...proposals.map((one) =>
      row(localText(one.badgeName, lang), paths.applyForBadge(one.badgeClassId), t.badges.offeredTag, 'info'),
    ),
  ].slice(1)
  if (rows.length === 0) return undefined
  return card({ id: 'answers', title: t.passport.moreToAnswer, content: list(rows) })
}

function pathCard({ t, lang }: PageContext, { moduleName, badges }: BadgePath, tenant: string): Html {
  const label = ({ standing, state }: PathBadge): string => {
    switch (state) {
      case 'done':
        return t.passport.done
      case 'next':
        return t.passport.upcoming
      case 'later':
        return t.passport.later
      case 'current': {
        const { progress, award } = standing
        if (award) return t.badges.offeredTag
        return progress ? t.passport.youAreHereOf({ done: progress.done, total: progress.of }) : t.passport.youAreHere
      }
    }
  }
  const steps = badges.map((one) => {
    const { badge, award } = one.standing
    const isDone = one.state === 'done'
    return {
      name: localText(badge.name, lang),
      state: one.state === 'next' || one.state === 'later' ? ('ahead' as const) : one.state,
      label: label(one),
      picture: isDone ? smallPictureOfBadge(tenant, badge, lang) : undefined,
      href: isDone && award ? paths.badge(award.id) : paths.applyForBadge(badge.classId),
    }
  })
  return card({ id: 'path', title: t.passport.path, aside: localText(moduleName, lang), content: path(steps) })
}

function skillsCard(context: PageContext, skills: readonly SkillRow[], all: boolean): Html {
  const { t, lang } = context
  if (skills.length === 0) {
    const content = emptyState({ why: t.passport.canDoEmpty, what: t.passport.canDoEmptyHelp })
    return card({ id: 'skills', title: t.passport.canDo, content })
  }
  const shown = all ? skills : skills.slice(0, shownSkills)
  const content = html`${table({
    caption: t.passport.canDoCaption,
    columns: [t.passport.skill, t.passport.ownView, t.passport.coachView],
    rows: shown.map((skill) => [localText(skill.name, lang), ownView(context, skill), coachView(context, skill)]),
  })}${
    shown.length < skills.length &&
    html`<p class="tapline"><a href="${paths.passportAllSkills()}">${t.passport.showAllSkills({ count: skills.length })}</a></p>`
  }`
  const files = html`<p class="tapline"><a href="${paths.ownEvidence()}">${t.evidence.ownLink}</a></p>`
  return card({ id: 'skills', title: t.passport.canDo, content: html`${content}${files}` })
}

/** Four steps in the client's own words; without a view yet, the way to give one. */
function ownView({ t, lang }: PageContext, { own, taskId, name }: SkillRow): Child {
  if (!own) {
    return html`<span class="tapline"><a href="${paths.assess(taskId)}">${t.selfAssessment.title}<span class="visually-hidden">: ${pickText(name, lang).text}</span></a></span>`
  }
  if (own.choice === null) return t.selfAssessment.skip
  return meter({ whose: 'own', value: own.choice, of: 4, label: t.scale[own.choice] })
}

const levels = ['enhanced', 'general', 'minor'] as const

/** The latest support level in its own three words (PRODUCT §0): the client is the subject and may read the own level (S-12). */
function coachView({ t }: PageContext, { coach }: SkillRow): Child {
  if (!coach) return html`<span class="soft">${t.passport.notYet}</span>`
  const { supportLevel } = coach
  const value = levels.indexOf(supportLevel) + 1
  return meter({ whose: 'coach', value, of: levels.length, label: t.supportLevel[supportLevel] })
}

function badgesCard(context: PageContext, { held, path }: Passport, now: Date): Html {
  const { t, lang } = context
  if (held.length > 0) {
    const all = buttons(linkButton({ label: t.passport.allBadges, href: paths.badges(), look: 'plain' }))
    const content = html`${badgeTiles(held.map((award) => awardTile(context, award, now)))}${all}`
    return card({ id: 'badges', title: t.passport.badges, content })
  }
  const nearest = path?.badges.find(({ state }) => state === 'current')?.standing
  const why = nearest
    ? t.passport.emptyBadges({ name: pickText(nearest.badge.name, lang).text })
    : t.passport.emptyBadgesPlain
  // A link, not a button: a first visit has one button, the next step's.
  const link = html`<p class="tapline"><a href="${paths.badges()}">${t.passport.allBadges}</a></p>`
  const content = html`${emptyState({ why, what: t.passport.emptyBadgesHelp })}${link}`
  return card({ id: 'badges', title: t.passport.badges, content })
}

/** All taken badges in one signed file (CONFORMANCE 10; PRODUCT A5). A form: it is signed when it is asked for. */
function takeAlongCard({ t, csrf }: PageContext): Html {
  const take = button({ label: t.passport.takeAlongAction, look: 'plain' })
  const content = html`<p>${t.passport.takeAlongLead}</p>${buttonForm({ action: paths.passportFile(), csrf, button: take })}`
  const show = html`<p>${t.share.lead}</p>${buttons(linkButton({ label: t.share.makeNew, href: paths.newShare() }), linkButton({ label: t.share.links, href: paths.shares(), look: 'plain' }))}`
  return html`${card({ id: 'show', title: t.share.title, content: show })}
${card({ id: 'take-along', title: t.passport.takeAlong, content })}`
}

/** One badge as a picture with its name, its issuer and day, and its state. */
export function awardTile(
  { t, lang }: PageContext,
  award: AwardView,
  now: Date,
): Parameters<typeof badgeTiles>[0][number] {
  return {
    href: paths.badge(award.id),
    picture: pictureOfAward(award),
    name: pickText(award.name, lang).text,
    detail: `${award.issuerName} · ${formatDay(award.awardedAt, lang)}`,
    tag: awardTileTag(t, award, now),
  }
}
