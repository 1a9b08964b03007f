import type { Child, Html } from '../html.ts'
import { html } from '../html.ts'

/** Rows under each other with a line between. */
export function list(rows: readonly Child[]): Html {
  return html`<ul class="list">${rows.map((row) => html`<li>${row}</li>`)}</ul>`
}

/** A person in a list: initials, name, what about them, and at the end a tag or a button. With `href` the name opens their page. */
export function personRow(props: {
  readonly name: string
  readonly detail?: Child
  readonly end?: Child
  readonly href?: string
  /** Words that only a screen reader says, where the same person stands in the list more than once. */
  readonly hidden?: string
}): Html {
  const { name, detail, end, href, hidden } = props
  return html`<div class="row"><span class="who"><span class="ava" aria-hidden="true">${initials(name)}</span><span>${
    href === undefined
      ? html`<b>${name}</b>`
      : html`<a href="${href}"><b>${name}</b>${hidden !== undefined && html`<span class="visually-hidden">: ${hidden}</span>`}</a>`
  }${detail !== undefined && html`<span class="block small soft">${detail}</span>`}</span></span>${end}</div>`
}

/** The first letters of the first and the last name, at most two. */
export function initials(name: string): string {
  const words = name.split(/[\s-]+/).filter((word) => word !== '')
  const chosen = words.length > 1 ? [words[0], words.at(-1)] : words
  return chosen.map(firstLetter).join('').toLocaleUpperCase('fi')
}

function firstLetter(word = ''): string {
  const point = word.codePointAt(0)
  return point === undefined ? '' : String.fromCodePoint(point)
}
