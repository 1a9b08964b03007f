import { checkSentence, messages } from '../../src/i18n/index.ts'
import { button, buttons, linkButton } from '../../src/web/components/button.ts'
import { card, details, pageTitle } from '../../src/web/components/card.ts'
import { choices } from '../../src/web/components/choices.ts'
import { emptyState } from '../../src/web/components/empty-state.ts'
import { fileField, input, textArea } from '../../src/web/components/field.ts'
import { buttonForm, form } from '../../src/web/components/form.ts'
import { list, personRow } from '../../src/web/components/list.ts'
import { meter, stones } from '../../src/web/components/meter.ts'
import { inset, notice } from '../../src/web/components/notice.ts'
import { qrCode } from '../../src/web/components/qr.ts'
import { summaryList } from '../../src/web/components/summary-list.ts'
import { doneTag, tag } from '../../src/web/components/tag.ts'
import { day, localText, moment, outsideLink } from '../../src/web/components/text.ts'
import { checkTable, verdictBox } from '../../src/web/components/verdict.ts'
import type { Html } from '../../src/web/html.ts'
import { html } from '../../src/web/html.ts'
import { page } from '../../src/web/layout.ts'
import { pathExample, skillsTable, tilesExample } from './composed.ts'

const t = messages('fi')
const now = new Date('2026-11-22T09:12:00Z')
const long = 'Ylläpitosiivouspalvelutyöntekijänperehdytysohjelmakokonaisuus'

/** Every component at least once, with its errors and its long words. */
export const examples: Readonly<Record<string, Html>> = {
  button: buttons(
    button({ label: 'Tallenna' }),
    button({ label: 'Lataa', look: 'plain', icon: 'download' }),
    button({ label: 'Peru merkki', look: 'danger', hidden: 'Pintojen puhdistus' }),
    linkButton({ label: long, look: 'plain', href: '/' }),
  ),
  field: html`<div class="stack">${input({ t, name: 'code', label: t.signIn.code, hint: t.signIn.codeHint, code: true, autocomplete: 'one-time-code', spellcheck: false })}
${input({ t, name: 'email', type: 'email', label: t.signIn.email, error: t.signIn.wrong, value: '"><script>alert(1)</script>' })}
${textArea({ t, name: 'reason', label: t.applications.reason, optional: true, rows: 4, value: '<b>oma teksti</b>' })}
${textArea({ t, name: 'badge', label: t.verify.input, hint: t.verify.inputHint, mono: true })}
${fileField({ t, name: 'file', label: 'Valitse tiedosto', hint: t.verify.uploadHint, accept: '.png,.json,.jwt' })}</div>`,
  choices: choices({
    t,
    kind: 'radio',
    name: 'outcome',
    legend: t.applications.outcome,
    error: t.error.chooseOne,
    choices: (['award', 'return', 'reject'] as const).map((value) => ({
      value,
      label: t.applications.outcomes[value],
      detail: t.applications.outcomeHints[value],
    })),
  }),
  form: form({
    action: '/',
    csrf: 'token',
    idempotencyKey: 'key',
    multipart: true,
    content: button({ label: 'Lähetä' }),
  }),
  notice: html`<div class="stack">${notice({ text: 'Tallennettu', action: buttonForm({ action: '/', csrf: 'token', hidden: { id: '1' }, button: button({ label: t.app.undo, look: 'link' }) }) })}${inset({ text: html`<p>${t.badges.offeredLead}</p>` })}${inset({ kind: 'warning', text: html`<p>${t.applications.markLate({ name: 'Pekka R.', day: '1.11.2026' })}</p>` })}</div>`,
  tag: html`<p>${doneTag('Valmis')} ${tag({ label: 'Olet tässä', kind: 'now' })} ${tag({ label: 'Odottaa', kind: 'info', icon: 'clock' })} ${tag({ label: 'Peruttu', kind: 'bad', icon: 'cross' })} ${tag({ label: 'Myöhemmin' })}</p>`,
  list: list([
    personRow({ name: 'Åke Öhman-Ääri', detail: long, end: tag({ label: 'Valmis', kind: 'done' }), href: '/ryhma/1' }),
    personRow({ name: 'Ahmed' }),
  ]),
  summary: summaryList({
    t,
    rows: [
      { label: t.badges.awardedBy, value: 'Meriva Sr', changeHref: '/' },
      { label: t.badges.criteria, value: long },
    ],
  }),
  qr: qrCode({ text: 'https://merkit.example/kirjaudu/kortti/mer1AAAAAAAAAAAAAAAAAAAAAA', label: t.account.cardQr }),
  meter: html`<p>${meter({ whose: 'own', value: 3, of: 4, label: t.scale[3] })}</p><p>${meter({ whose: 'coach', value: 1, of: 3, label: t.supportLevel.enhanced })}</p>${stones({ done: 3, of: 8 })}`,
  path: pathExample(),
  table: skillsTable(),
  tiles: tilesExample(),
  empty: emptyState({
    why: t.badges.none,
    what: t.badges.noneHelp,
    action: linkButton({ label: t.badges.apply, href: '/merkit' }),
  }),
  details: details({ summary: t.record.more, content: html`<p>${long}</p>` }),
  text: html`<p>${localText({ sv: 'Service av cykel' }, 'fi')}, ${day('2026-11-21', 'fi')}, ${moment(now, 'fi', now)}, ${outsideLink(`https://esimerkki.fi/${long}`)}, ${outsideLink('javascript:alert(1)')}</p>`,
  code: html`<p class="one-time-code">K7MP–X2QR</p>`,
  checks: checkTable({
    t,
    rows: [
      { name: t.verify.checks.signature, outcome: 'passed', sentence: checkSentence(t, 'signature-right') },
      {
        name: t.verify.checks.status,
        outcome: 'failed',
        sentence: checkSentence(t, 'revoked', { reason: 'Väärä henkilö' }),
      },
      { name: t.verify.checks.key, outcome: 'not-checked', sentence: checkSentence(t, 'key-not-fetched') },
    ],
  }),
}

/** The page of all examples. */
export function examplesPage(): Html {
  const shown = Object.entries(examples).map(([name, example]) =>
    name === 'choices' ? example : card({ id: `example-${name}`, title: name, content: example }),
  )
  return page({
    title: 'Esimerkit',
    t,
    lang: 'fi',
    path: '/?a=1',
    main: html`${pageTitle({ title: 'Esimerkit', lead: long })}${shown}`,
  })
}

/** The verifier's four answers, each the `h1` of its own page. */
export function verdictPage(kind: 'ok' | 'note' | 'bad' | 'unknown'): Html {
  const title = { ok: t.verify.ok, note: t.verify.warning, bad: t.verify.bad, unknown: t.verify.unknown }[kind]
  return page({
    title,
    t,
    lang: 'fi',
    path: '/tarkista',
    viewer: { name: 'Oppilaitos Esimerkki', role: 'school', csrf: 'token' },
    nav: 'verify',
    main: html`${verdictBox({ kind, title, text: t.verify.verdicts.valid })}<p>${t.verify.whose}</p>`,
  })
}
