import { expect, test } from 'vitest'
import { languages, messages } from '../../src/i18n/index.ts'
import { assets } from '../../src/web/assets.ts'
import { html, renderPage } from '../../src/web/html.ts'
import type { PageProps } from '../../src/web/layout.ts'
import { page } from '../../src/web/layout.ts'
import { asset, inLanguage, paths } from '../../src/web/paths.ts'
import { markupFaults } from '../support/markup.ts'

const t = messages('fi')

function rendered(props: Partial<PageProps> = {}): string {
  return renderPage(page({ title: 'Merkit', t, lang: 'fi', path: '/merkit', main: html`<h1>Merkit</h1>`, ...props }))
}

test('a page in each language says which one it is and links to the others', () => {
  for (const lang of languages) {
    const text = rendered({ lang, t: messages(lang), path: '/merkit?sivu=2' })
    expect(markupFaults(text)).toEqual([])
    expect(text).toContain(`<html lang="${lang}">`)
    expect(text).toContain('href="/merkit?sivu=2&amp;lang=sv"')
  }
})

test('each role has its own menu of at most four items, and the page it is on is marked', () => {
  const items = (
    role: 'client' | 'coach' | 'coordinator' | 'school' | 'admin' | 'foundation_lead',
  ): (string | undefined)[] =>
    [...rendered({ viewer: { name: 'X', role, csrf: 'k' } }).matchAll(/<nav class="nav".*?<\/nav>/gs)].flatMap(
      ([menu]) => [...menu.matchAll(/<span>(.*?)<\/span>/g)].map(([, word]) => word),
    )
  expect(items('client')).toEqual([t.nav.passport, t.nav.badges, t.nav.show])
  expect(items('coach')).toEqual([t.nav.record, t.nav.group, t.nav.applications])
  expect(items('coordinator')).toEqual([t.nav.applications, t.nav.modules, t.nav.group])
  expect(items('foundation_lead')).toEqual([t.nav.applications, t.nav.modules])
  expect(items('school')).toEqual([t.nav.verify, t.nav.endorsements])
  expect(items('admin')).toEqual([t.nav.administration, t.nav.modules, t.nav.apiKeys])
  expect(rendered()).not.toContain('<nav class="nav"')
  const client = { name: 'Maija', role: 'client', csrf: 'k' } as const
  expect(rendered({ viewer: client, nav: 'badges' })).toContain('<a href="/merkit" aria-current="page">')
  expect(rendered({ viewer: client, nav: 'show' })).toContain('<a href="/nayta" aria-current="page">')
})

test('log out is a form with the token of the session, and a name cannot break out', () => {
  const text = rendered({ viewer: { name: '<Maija> "K"', role: 'client', csrf: 'to"ken' } })
  expect(text).toContain(
    `<form class="account" method="post" action="${paths.signOut()}"><input type="hidden" name="_csrf" value="to&quot;ken">`,
  )
  expect(text).toContain('&lt;Maija&gt; &quot;K&quot;')
  expect(markupFaults(text)).toEqual([])
})

test('a form come back has its summary first and says so in the title', () => {
  const text = rendered({
    errors: [{ field: 'task', message: t.error.chooseTask }],
    main: html`<h1>Merkit</h1><input id="task">`,
  })
  expect(text).toContain('<title>Virhe: Merkit – Osaamispassi</title>')
  expect(text).toContain('<a href="#task">Valitse, mitä tehtiin</a>')
  expect(text.indexOf('role="alert"')).toBeLessThan(text.indexOf('<h1>'))
})

test('only a page that wants it may be indexed', () => {
  expect(rendered()).toContain('name="robots" content="noindex"')
  expect(rendered({ indexed: true })).not.toContain('noindex')
})

test('assets carry the hash of their content, and pages ask for nothing else', () => {
  expect(asset('app.css')).toMatch(/^\/assets\/app-[0-9a-f]{16}\.css$/)
  const css = assets.find(({ path }) => path === asset('app.css'))
  expect(css?.contentType).toBe('text/css; charset=utf-8')
  expect(css?.body.toString()).toContain('--paper')
  // No other host, no import, no data: the policy of the pages allows only their own origin.
  expect(css?.body.toString()).not.toMatch(/url\(|@import/)
  expect(assets.every(({ path, etag }) => path.includes(etag.slice(1, -1)))).toBe(true)
})

test('colours stand in the tokens alone', () => {
  const own =
    assets
      .find(({ path }) => path.endsWith('.css'))
      ?.body.toString()
      .split('/* Ground rules')[1] ?? ''
  expect(own.length).toBeGreaterThan(1000)
  expect(own).not.toMatch(/#[0-9a-f]{3,8}\b|rgba?\(|hsl/i)
})

test('ids in addresses are encoded, and changing language keeps the rest', () => {
  expect(paths.badge('a/b?c')).toBe('/merkit/a%2Fb%3Fc')
  expect(inLanguage('/kirjaa?haku=ä&lang=fi', 'sv')).toBe('/kirjaa?haku=%C3%A4&lang=sv')
})
