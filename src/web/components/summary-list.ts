import type { Messages } from '../../i18n/index.ts'
import type { Child, Html } from '../html.ts'
import { html } from '../html.ts'

export type SummaryRow = { readonly label: string; readonly value: Child; readonly changeHref?: string }

/** Labels and values, on a check page with a link to change each (PRODUCT 5, Check page). */
export function summaryList({ t, rows }: { readonly t: Messages; readonly rows: readonly SummaryRow[] }): Html {
  return html`<dl class="summary">${rows.map((row) => summaryRow(t, row))}</dl>`
}

function summaryRow(t: Messages, { label, value, changeHref }: SummaryRow): Html {
  return html`<div><dt>${label}</dt><dd>${value}</dd>${
    changeHref !== undefined &&
    html`<dd class="change"><a href="${changeHref}">${t.app.change}<span class="visually-hidden">: ${label}</span></a></dd>`
  }</div>`
}
