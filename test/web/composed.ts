import { messages } from '../../src/i18n/index.ts'
import { badgeTiles } from '../../src/web/components/badge-tile.ts'
import { button, buttons, linkButton, saveBar } from '../../src/web/components/button.ts'
import { card, columns, details, halves, pageTitle } from '../../src/web/components/card.ts'
import { choices, fieldGroup } from '../../src/web/components/choices.ts'
import type { FieldError } from '../../src/web/components/error-summary.ts'
import { errorOf } from '../../src/web/components/error-summary.ts'
import { input, textArea } from '../../src/web/components/field.ts'
import { buttonForm, form } from '../../src/web/components/form.ts'
import { list, personRow } from '../../src/web/components/list.ts'
import { meter } from '../../src/web/components/meter.ts'
import { nextStep } from '../../src/web/components/next-step.ts'
import { notice } from '../../src/web/components/notice.ts'
import { path } from '../../src/web/components/path.ts'
import { supportPicture } from '../../src/web/components/support-picture.ts'
import { table } from '../../src/web/components/table.ts'
import { doneTag, tag } from '../../src/web/components/tag.ts'
import type { Html } from '../../src/web/html.ts'
import { html } from '../../src/web/html.ts'
import { page } from '../../src/web/layout.ts'

const t = messages('fi')
const people = ['Maija K.', 'Antti H.', 'Fatima A.', 'Juhani S.', 'Leena V.', 'Niko P.', 'Ritva T.', 'Samu L.']
const tasks = [
  ['Lattian koneellinen puhdistus', 'Ylläpitosiivous'],
  ['Pintojen pyyhintä', 'Ylläpitosiivous'],
  ['Ruokasalin kattaus', 'Keittiö'],
  ['Polttopuiden pinoaminen', 'Puutyö'],
] as const

/** The coach's page put together from components as in its mock-up; with errors, the same page come back. */
export function recordPage(errors: readonly FieldError[] = []): Html {
  const content = html`${pageTitle({ title: t.record.title })}
${choices({ t, kind: 'checkbox', name: 'people', legend: `1. ${t.record.who}`, hint: t.record.groupSize({ group: 'Siivousryhmä', count: 8 }), error: errorOf(errors, 'people'), narrow: true, choices: people.map((label, index) => ({ value: `p${index}`, label, checked: index === 0 && errors.length === 0 })), after: html`<p>${button({ label: t.record.selectAll({ count: 8 }), look: 'plain', name: 'action', value: 'all' })}</p>` })}
${choices({ t, kind: 'radio', name: 'task', legend: `2. ${t.record.what}`, hint: t.record.recentFirst, error: errorOf(errors, 'task'), choices: tasks.map(([label, detail], index) => ({ value: `t${index}`, label, detail, checked: index === 0 })), after: input({ t, type: 'search', name: 'search', label: t.record.search, autocomplete: 'off' }) })}
${choices({ t, kind: 'radio', name: 'support', legend: `3. ${t.record.how}`, error: errorOf(errors, 'support'), choices: (['minor', 'general', 'enhanced'] as const).map((level) => ({ value: level, label: t.supportLevel[level], detail: t.supportHint[level], picture: supportPicture(level) })) })}
${fieldGroup({ legend: html`4. ${t.record.note} <span class="soft regular">(${t.app.optional})</span>`, content: details({ summary: t.record.more, content: html`${textArea({ t, name: 'note', label: t.record.note, hint: t.record.noteHint })}${input({ t, type: 'date', name: 'date', label: t.record.date, hint: t.record.dateHint, value: '2026-11-22', max: '2026-11-22' })}` }) })}
${saveBar({ button: button({ label: t.app.save }), text: 'Maija K.' })}`
  return page({
    title: t.record.title,
    t,
    lang: 'fi',
    path: '/kirjaa',
    viewer: { name: 'Pekka R.', role: 'coach', csrf: 'token' },
    nav: 'record',
    errors,
    main: columns({
      main: html`${errors.length === 0 && savedNotice()}${form({ action: '/kirjaa', csrf: 'token', idempotencyKey: 'key', content })}`,
      side: recordSide(),
    }),
  })
}

function savedNotice(): Html {
  const undo = button({ label: t.app.undo, look: 'link' })
  return notice({
    text: html`<b>Tallennettu:</b> Antti H., Pintojen pyyhintä.`,
    action: buttonForm({ action: '/kirjaa/1/kumoa', csrf: 'token', button: undo }),
  })
}

function propose(name: string): Html {
  return linkButton({ label: 'Ehdota', look: 'plain', href: '/ryhma', hidden: `merkkiä: ${name}` })
}

function recordSide(): Html {
  return html`${card({ id: 'ready', title: t.group.ready, content: list([personRow({ name: 'Leena V.', detail: 'Pintojen puhdistus, edistynyt', end: propose('Leena V.'), href: '/ryhma' }), personRow({ name: 'Juhani S.', detail: 'Siivouksen perustaidot', end: propose('Juhani S.') })]) })}
${card({ id: 'today', title: t.record.today, content: list([personRow({ name: 'Antti H.', detail: 'Pintojen pyyhintä, 9.12', end: tag({ label: t.supportLevel.general, kind: 'info' }) }), personRow({ name: 'Ritva T.', detail: 'Ruokasalin kattaus, 8.47', end: tag({ label: t.supportLevel.minor, kind: 'info' }) })]) })}`
}

/** Badges of the design's mock-ups of `/passi`, copied as they are into `pictures/`. */
const pictures = '/pictures'
const skills = [
  ['Lattian koneellinen puhdistus', 3, 2],
  ['Pintojen pyyhintä', 4, 3],
  ['Siivousaineen annostelu', 2, 1],
] as const

/** The client's passport put together from components as in its mock-up. */
export function passportPage(): Html {
  return page({
    title: t.passport.title,
    t,
    lang: 'fi',
    path: '/passi',
    viewer: { name: 'Maija K.', role: 'client', csrf: 'token' },
    nav: 'passport',
    main: html`${pageTitle({ title: t.passport.hello({ name: 'Maija' }), lead: t.passport.lead })}
${nextStep({ id: 'next', heading: t.passport.next, what: 'Lattian koneellinen puhdistus', progress: { done: 2, of: 3 }, text: html`<b>${t.passport.progress({ done: 2, total: 3 })}.</b> Vielä yksi toisena päivänä.`, actions: buttons(linkButton({ label: t.selfAssessment.title, href: '/passi/arvioi/1' }), linkButton({ label: t.passport.whatDoesThisMean, look: 'plain', href: '/merkit/1' })) })}
${card({ id: 'path', title: t.passport.path, aside: t.passport.pathGoal({ goal: 'Ylläpitosiivouspalvelut' }), content: pathExample() })}
${card({ id: 'skills', title: t.passport.canDo, content: skillsTable() })}
${card({ id: 'badges', title: t.passport.badges, content: html`${tilesExample()}${buttons(linkButton({ label: t.badges.apply, href: '/merkit' }))}` })}
${halves(card({ id: 'left', title: 'Vasen', content: html`<p>Yksi asia.</p>` }), card({ id: 'right', title: 'Oikea', content: html`<p>Toinen asia.</p>` }))}`,
  })
}

export function pathExample(): Html {
  return path([
    {
      name: 'Siivousvälineet ja koneet',
      state: 'done',
      label: t.passport.done,
      picture: `${pictures}/merkki-valineet-pieni.svg`,
      href: '/merkit/1',
    },
    {
      name: 'Pintojen puhdistus',
      state: 'done',
      label: t.passport.done,
      picture: `${pictures}/merkki-pinnat-pieni.svg`,
    },
    { name: 'Lattian koneellinen puhdistus', state: 'current', label: t.passport.youAreHereOf({ done: 2, total: 3 }) },
    { name: 'Tilojen ylläpito\u00adsiivous', state: 'ahead', label: t.passport.upcoming },
    { name: 'Näyttö oppi\u00adlaitoksessa', state: 'ahead', label: t.passport.later },
  ])
}

export function skillsTable(): Html {
  const support = ['enhanced', 'general', 'minor'] as const
  return table({
    caption: t.passport.canDoCaption,
    columns: [t.passport.skill, t.passport.ownView, t.passport.coachView],
    rows: skills.map(([name, own, coach]) => [
      name,
      meter({ whose: 'own', value: own, of: 4, label: t.scale[own] }),
      meter({ whose: 'coach', value: coach, of: 3, label: t.supportLevel[support[coach - 1] ?? 'general'] }),
    ]),
  })
}

export function tilesExample(): Html {
  const names = {
    perustaidot: 'Siivouksen perustaidot',
    pinnat: 'Pintojen puhdistus',
    valineet: 'Siivousvälineet ja koneet',
  }
  return badgeTiles(
    Object.entries(names).map(([file, name]) => ({
      href: '/merkit/1',
      picture: `${pictures}/merkki-${file}.svg`,
      name,
      detail: 'Meriva Sr · 3.10.2026',
      tag: doneTag(t.badges.valid),
    })),
  )
}
