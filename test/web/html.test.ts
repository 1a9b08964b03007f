import { expect, test } from 'vitest'
import type { Child } from '../../src/web/html.ts'
import { html, join, renderPage } from '../../src/web/html.ts'

test('text is escaped in content and in attributes', () => {
  const evil = `<script>"'&`
  expect(renderPage(html`<p title="${evil}">${evil}</p>`)).toBe(
    '<p title="&lt;script&gt;&quot;&#39;&amp;">&lt;script&gt;&quot;&#39;&amp;</p>',
  )
})

test('markup of ours is kept, arrays are joined, and nothing shows nothing', () => {
  const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`)
  expect(renderPage(html`<ul>${items}</ul>${false}${undefined}${null}${0}`)).toBe(
    '<ul><li>a</li><li>&lt;b&gt;</li></ul>0',
  )
  expect(renderPage(join(['a', html`<i>b</i>`, 'c'], ', '))).toBe('a, <i>b</i>, c')
})

test('data that says of itself that it is escaped does not pass', () => {
  const forged: Child = { isEscaped: true, toString: () => '<script>' }
  expect(() => html`<p>${forged}</p>`).toThrow(TypeError)
  expect(() => html`<p>${[[forged]]}</p>`).toThrow(TypeError)
})
