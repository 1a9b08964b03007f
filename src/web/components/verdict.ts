import type { Child, Html } from '../html.ts'
import { html } from '../html.ts'
import { icon } from './icons.ts'

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
  readonly outcomeLabel: string
  readonly sentence: string
}

/** All checks of a verification, in order. */
export function checkList(rows: readonly CheckRow[]): Html {
  return html`<ul class="list checks">${rows.map(
    ({ name, outcome, outcomeLabel, sentence }) =>
      html`<li><div class="row"><b>${name}</b><span class="tag ${outcomes[outcome].kind}">${icon(outcomes[outcome].icon)}${outcomeLabel}</span></div><p class="soft">${sentence}</p></li>`,
  )}</ul>`
}
