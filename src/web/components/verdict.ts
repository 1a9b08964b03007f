import type { Messages } from '../../i18n/index.ts'
import type { Child, Html } from '../html.ts'
import { html } from '../html.ts'
import { icon } from './icons.ts'
import { table } from './table.ts'
import { tag } from './tag.ts'

const icons = { ok: 'shield', note: 'warning', bad: 'cross', unknown: 'question' } as const

/** Genuine and valid, genuine but note this, cannot be accepted, could not be checked now (PRODUCT S1). */
export type VerdictKind = keyof typeof icons

/** The answer of a verification, in words first. The page's `h1` stands in it. */
export function verdictBox({
  kind,
  title,
  text,
}: {
  readonly kind: VerdictKind
  readonly title: string
  readonly text: Child
}): Html {
  return html`<div class="verdict ${kind}" role="status">${icon(icons[kind])}<div class="stack-s"><h1>${title}</h1><p>${text}</p></div></div>`
}

const outcomes = {
  passed: { icon: 'check', kind: 'done' },
  failed: { icon: 'cross', kind: 'bad' },
  'not-checked': { icon: 'question', kind: 'now' },
} as const

/** One check: what was looked at, how it went, and why in a sentence. */
export type CheckRow = {
  readonly name: string
  readonly outcome: keyof typeof outcomes
  readonly sentence: string
}

/** All checks of a verification, in order. */
export function checkTable({ t, rows }: { readonly t: Messages; readonly rows: readonly CheckRow[] }): Html {
  const { columns, outcomes: words, checksCaption } = t.verify
  const shown = table({
    caption: checksCaption,
    columns: [columns.check, columns.outcome, columns.reason],
    rows: rows.map(({ name, outcome, sentence }) => [
      name,
      tag({ label: words[outcome], ...outcomes[outcome] }),
      html`<span class="break">${sentence}</span>`,
    ]),
  })
  return html`<div class="checks">${shown}</div>`
}
