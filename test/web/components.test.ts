import { expect, test } from 'vitest'
import { messages } from '../../src/i18n/index.ts'
import { assets } from '../../src/web/assets.ts'
import { choices } from '../../src/web/components/choices.ts'
import { initials, personRow } from '../../src/web/components/list.ts'
import { stones } from '../../src/web/components/meter.ts'
import { localText, outsideLink } from '../../src/web/components/text.ts'
import { html, renderPage } from '../../src/web/html.ts'
import { markupFaults } from '../support/markup.ts'
import { passportPage, recordPage } from './composed.ts'
import { examples, examplesPage, verdictPage } from './examples.ts'

const t = messages('fi')

test('steps are as wide under a short word as under a long one', () => {
  const css = assets.find(({ path }) => path.endsWith('.css'))?.body.toString() ?? ''
  const widths = [...css.matchAll(/\.meter(?:\.of-3)?\s*\{([^}]*)\}/g)].map(
    ([, rule = '']) => /[\s;]width:\s*([^;]+);/.exec(rule)?.[1],
  )
  // Four steps and three: one step is as wide in both.
  expect(widths).toEqual(['11rem', '8.25rem'])
})

test('the check of markup sees what is wrong', () => {
  expect(markupFaults('<p><div></div></p>')).toContain('<div> inside <p>')
  expect(markupFaults('<a href="/"><button>x</button></a>')).toContain('<button> inside a link or button')
  expect(markupFaults('<p style="color:red">')).toEqual(['<p> has inline style', '<p> is not closed'])
  expect(markupFaults('<b><i></b></i>').length).toBeGreaterThan(0)
  expect(markupFaults('<p class=x></p>')).not.toEqual([])
  expect(markupFaults('<label for="x">a</label>')).toEqual(['nothing has the id x'])
})

test.each(Object.entries(examples))('%s is well-formed', (_, example) => {
  expect(markupFaults(renderPage(example))).toEqual([])
})

test('pages put together from them are well-formed', () => {
  for (const made of [examplesPage(), recordPage(), passportPage(), verdictPage('bad')]) {
    expect(markupFaults(renderPage(made))).toEqual([])
  }
  const back = recordPage([
    { field: 'people', message: t.error.choosePerson },
    { field: 'support', message: t.error.chooseSupport },
  ])
  expect(markupFaults(renderPage(back))).toEqual([])
})

test('a field in error is tied to its message, keeps the text and escapes it', () => {
  const text = renderPage(examples['field'] ?? html``)
  expect(text).toContain('aria-describedby="email-error" aria-invalid="true"')
  expect(text).toContain('id="email-error"')
  expect(text).toContain('value="&quot;&gt;&lt;script&gt;')
  expect(text).not.toContain('<script')
})

test('nothing is chosen before the person does it, and the first choice has the id of the field', () => {
  const shown = choices({
    t,
    kind: 'radio',
    name: 'support',
    legend: 'x',
    choices: [
      { value: 'a', label: 'A' },
      { value: 'b', label: 'B' },
    ],
  })
  expect(renderPage(shown)).not.toContain('checked')
  expect(renderPage(shown)).toContain('id="support" name="support" value="a"')
  expect(renderPage(shown)).toContain('id="support-2" name="support" value="b"')
})

test('initials come from the first and the last name in any script', () => {
  expect(['Åke Öhman', 'Ahmed', 'Maija Liisa K.', ' ', '𐐷a b'].map(initials)).toEqual(['ÅÖ', 'A', 'MK', '', '𐐏B'])
  expect(renderPage(personRow({ name: '<i>' }))).toContain('&lt;i&gt;')
})

test('only a web address becomes a link, and a text in another language says so', () => {
  expect(renderPage(outsideLink('javascript:alert(1)'))).not.toContain('href')
  expect(renderPage(outsideLink('https://x.example/?a=1&b="'))).toContain('href="https://x.example/?a=1&amp;b=%22"')
  expect(renderPage(localText({ sv: 'Hej' }, 'fi'))).toBe('<span lang="sv">Hej</span>')
  expect(renderPage(localText({ fi: 'Hei', sv: 'Hej' }, 'fi'))).toBe('Hei')
})

test('stones are drawn only where they can be counted', () => {
  expect(stones({ done: 0, of: 0 })).toBeUndefined()
  expect(stones({ done: 1, of: 9 })).toBeUndefined()
  expect(renderPage(html`${stones({ done: 2, of: 3 })}`).match(/class="laid"/g)).toHaveLength(2)
})
