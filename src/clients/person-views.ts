import type { PageContext } from '../http/pages.ts'
import { formatDay, formatTime, pickText } from '../i18n/index.ts'
import { spellCode } from '../accounts/sign-in-code.ts'
import { choiceWords } from '../progress/choice-words.ts'
import type { ObservationView } from '../progress/observation-list.ts'
import { nearestBadge, standingWords } from '../progress/ready.ts'
import type { BadgeReadiness } from '../progress/readiness.ts'
import { buttons, linkButton } from '../web/components/button.ts'
import { card, columns, pageTitle } from '../web/components/card.ts'
import { emptyState } from '../web/components/empty-state.ts'
import { list } from '../web/components/list.ts'
import { table } from '../web/components/table.ts'
import { tag } from '../web/components/tag.ts'
import { day, localText } from '../web/components/text.ts'
import { type Child, type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import type { ClientOnList } from './client.ts'
import type { PersonData, SkillOfPerson } from './group-data.ts'
import { codeButton, type May, type View } from './group-views.ts'

/** `seesLevels`: there is a ground to see how much help the work needed (S-12). */
export type ShownPerson = PersonData & { readonly seesLevels: boolean }

/** `/ryhma/{person}`: what the person has done, how it went lately, the own view, and which badges are near. */
export function personPage(context: PageContext, data: ShownPerson, may: May, signInCard: Html): View {
  const { t } = context
  const { client } = data
  const title = `${client.name.given} ${client.name.family}`
  const record = linkButton({ label: t.group.recordAction, icon: 'pen', href: `${paths.record()}?kuka=${client.id}` })
  return {
    title,
    main: html`<div class="stack">${pageTitle({ title })}${buttons(may.record && record, codeButton(context, client))}</div>
${columns({
  main: html`${skillsCard(context, data)}${recordsCard(context, data, may)}`,
  side: html`${readyCard(context, data, may)}${wayCard(context, data)}${signInCard}`,
})}`,
  }
}

function skillsCard(context: PageContext, { skills, client, seesLevels }: ShownPerson): Html {
  const { t } = context
  const action = linkButton({ label: t.group.recordAction, href: `${paths.record()}?kuka=${client.id}`, look: 'plain' })
  const content =
    skills.length === 0
      ? emptyState({ why: t.group.noRecords, what: t.group.noRecordsHelp, action })
      : html`${!seesLevels && html`<p class="soft">${t.levels.hidden}</p>`}${table({
          caption: t.group.skillsCaption,
          columns: [t.group.task, t.group.times, t.group.latest, t.group.own],
          rows: skills.map((skill) => skillRow(context, skill, seesLevels)),
        })}`
  return card({ id: 'skills', title: t.group.skills, content })
}

function skillRow(
  { t, lang }: PageContext,
  { name, times, latest, own }: SkillOfPerson,
  seesLevels: boolean,
): readonly Child[] {
  return [
    localText(name, lang),
    times,
    latest &&
      html`${seesLevels && t.supportLevel[latest.level]}<span class="block small soft">${day(latest.day, lang)}</span>`,
    own
      ? html`${choiceWords(own.choice, t)}<span class="block small soft">${day(own.at, lang)}</span>`
      : t.group.notAssessed,
  ]
}

function recordsCard(context: PageContext, { records, hasMore, client, seesLevels }: ShownPerson, may: May): Html {
  const { t } = context
  const last = records.at(-1)
  const older =
    hasMore &&
    last &&
    html`<p class="tapline"><a href="${paths.client(client.id)}?ennen=${last.id}">${t.group.older}</a></p>`
  const content =
    records.length === 0
      ? html`<p>${t.group.noRecords}.</p>`
      : html`${list(records.map((one) => recordRow(context, one, may, seesLevels)))}${older}`
  return card({ id: 'records', title: t.group.records, content })
}

function recordRow({ t, lang }: PageContext, one: ObservationView, may: May, seesLevels: boolean): Html {
  const task = pickText(one.taskName, lang).text
  const stands = one.state === 'current'
  const marks = [
    one.state === 'replaced' && t.record.replacedMark,
    one.replaces !== null && t.record.corrected,
    one.recordedLate && t.record.late,
  ].filter((mark) => mark !== false)
  const correct =
    may.record &&
    stands &&
    html`<a class="row-link" href="${paths.correctRecord(one.id)}">${t.record.correctShort}<span class="visually-hidden">: ${t.record.correctHidden({ task, day: formatDay(one.observedOn, lang) })}</span></a>`
  const about = { task, day: formatDay(one.observedOn, lang) }
  const files = html`<a class="row-link" href="${paths.evidence(one.id)}">${t.evidence.title}<span class="visually-hidden">: ${t.evidence.work(about)}</span></a>`
  return html`<div class="row"><div class="record"><b>${localText(one.taskName, lang)}</b>
<span class="block small soft">${day(one.observedOn, lang)}, ${t.group.recordedBy}: ${one.recordedBy.name}</span>
${marks.map((mark) => tag({ label: mark, kind: 'plain' }))}
${one.note !== null && html`<p>${one.note}</p>`}
${[one.lateReason, one.replaceReason].map((reason) => reason !== null && html`<p class="small soft">${t.record.reasonIs({ reason })}</p>`)}
</div><div class="row-end">${stands && seesLevels && tag({ label: t.supportLevel[one.supportLevel], kind: 'info' })}${correct}${files}</div></div>`
}

function readyCard(context: PageContext, { badges, client }: PersonData, may: May): Html {
  const { t } = context
  const ready = badges.filter((one) => one.state === 'open' && one.readiness.met)
  const taken = badges.flatMap((one) => (one.state === 'open' ? [] : [{ one, state: one.state }]))
  const rows = [
    ...ready.map((one) => readyRow(context, client, one, may)),
    ...taken.map(
      ({ one, state }) =>
        html`<div class="row"><b>${localText(one.badge.name, context.lang)}</b>${tag({
          label: t.group.badgeState[state],
          kind: state === 'accepted' ? 'done' : 'plain',
        })}</div>`,
    ),
  ]
  return card({
    id: 'badges',
    title: t.group.badges,
    content: rows.length > 0 ? list(rows) : html`<p>${t.group.readyNone}</p>`,
  })
}

function readyRow({ t, lang }: PageContext, client: ClientOnList, one: BadgeReadiness, may: May): Html {
  const { badge, records, days } = one
  const propose = linkButton({
    label: t.group.proposeShort,
    hidden: pickText(badge.name, lang).text,
    href: paths.proposeBadge(client.id, badge.classId),
    look: 'plain',
  })
  return html`<div class="row"><span><b>${localText(badge.name, lang)}</b><span class="block small soft">${t.evidenceRule.ready}: ${t.evidenceRule.readyReason({ records, days })}</span></span>${may.propose && propose}</div>`
}

/**
 * The badge that is nearest, line by line; lines that are met have a tick and are said to be. What counts tells how much help there was: without
 * a ground to see that there is no such card (S-12).
 */
function wayCard({ t, lang }: PageContext, { badges, readiness, seesLevels }: ShownPerson): Html | undefined {
  const one = seesLevels ? nearestBadge(badges) : undefined
  if (!one) return undefined
  const rows = standingWords(one, readiness, t, lang).map(
    ({ met, words }) =>
      html`<div class="row">${words}${met && tag({ label: t.passport.done, kind: 'done', icon: 'check' })}</div>`,
  )
  return card({
    id: 'way',
    title: t.group.progress,
    content: html`<p><b>${localText(one.badge.name, lang)}</b></p>${list(rows)}`,
  })
}

/** The code, big and once (S-17), and what it does. */
export function codePage(
  context: PageContext,
  given: { readonly client: ClientOnList; readonly code: string; readonly expiresAt: Date },
): View {
  const { t, lang } = context
  const { client, code, expiresAt } = given
  const title = t.group.codeIs({ name: client.shortName })
  const spelled = spellCode(code)
  return {
    title,
    main: html`${pageTitle({ title, lead: t.group.codeLead })}
<div class="card stack"><p><strong class="one-time-code">${spelled}</strong></p>
<p>${t.group.codeUntil({ time: formatTime(expiresAt, lang) })}</p>
<p>${t.group.codeOnce} ${t.group.codeMarked}</p>
${buttons(linkButton({ label: t.app.back, href: paths.client(client.id), look: 'plain' }))}</div>`,
  }
}
