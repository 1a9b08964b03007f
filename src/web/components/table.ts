import type { Child, Html } from '../html.ts'
import { html } from '../html.ts'

export type TableProps = {
  /** Says what the table holds; for screen readers where a heading stands above it. */
  readonly caption: string
  readonly columns: readonly string[]
  /** One cell for each column; the first names the row. Null: there is nothing to say, and in a block nothing is said. */
  readonly rows: readonly (readonly Child[])[]
}

/**
 * A table that becomes blocks of label and value on a narrow screen (PRODUCT 5, Tables). The roles are written out because `display:
 * block` would take them away.
 */
export function table({ caption, columns, rows }: TableProps): Html {
  return html`<table class="blocks" role="table"><caption class="visually-hidden">${caption}</caption>
<thead role="rowgroup"><tr role="row">${columns.map((column) => html`<th scope="col" role="columnheader">${column}</th>`)}</tr></thead>
<tbody role="rowgroup">${rows.map((cells) => html`<tr role="row">${cells.map((cell, index) => tableCell(columns[index] ?? '', cell, index))}</tr>`)}</tbody></table>`
}

function tableCell(label: string, cell: Child, index: number): Html {
  if (index === 0) return html`<th scope="row" role="rowheader">${cell}</th>`
  if (cell === null) return html`<td role="cell" class="none">–</td>`
  return html`<td role="cell" data-label="${label}">${cell}</td>`
}
