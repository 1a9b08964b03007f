import type { Language, Messages } from '../i18n/index.ts'
import { formatTime, languageNames, languages } from '../i18n/index.ts'
import type { FieldError } from './components/error-summary.ts'
import { errorSummary } from './components/error-summary.ts'
import { button } from './components/button.ts'
import { buttonForm, csrfField } from './components/form.ts'
import type { IconName } from './components/icons.ts'
import { icon } from './components/icons.ts'
import type { Html } from './html.ts'
import { html } from './html.ts'
import { asset, inLanguage, paths } from './paths.ts'

/** Who looks at the page. The roles are those of DOMAIN 2. */
export type Role = 'client' | 'coach' | 'coordinator' | 'foundation_lead' | 'admin' | 'school'

/** The signed-in person; undefined when nobody is. `csrf` is the token that every form of the page carries (S-42). */
export type Viewer =
  | {
      readonly name: string
      readonly role: Role
      readonly csrf: string
      /** One of the roles has pages of administration. */
      readonly administers?: boolean
      /** On a shared computer: when the visit ends if nothing is done (PRODUCT A8). */
      readonly sharedUntil?: Date
    }
  | undefined

/** Which item of the main menu the page belongs to. */
export type NavItem =
  | 'passport'
  | 'badges'
  | 'show'
  | 'record'
  | 'group'
  | 'applications'
  | 'modules'
  | 'verify'
  | 'endorsements'
  | 'apiKeys'
  | 'administration'

export type PageProps = {
  /** Title without the service's name; the same words as the page's one `h1`, which `main` gives. */
  readonly title: string
  readonly t: Messages
  readonly lang: Language
  /** Path and query of this page by GET, for the language switch. */
  readonly path: string
  readonly viewer?: Viewer
  readonly nav?: NavItem | undefined
  readonly main: Html
  /** What just happened, said once after a form (see `notice`). */
  readonly notice?: Html | undefined
  /** Fields to mend: the summary comes on top and the title begins with the word for error. */
  readonly errors?: readonly FieldError[] | undefined
  /** More for `head`: alternate links and Open Graph of public pages, a refresh. */
  readonly head?: Html | undefined
  /** Public start page and handbooks may be found by search engines; nothing else may. */
  readonly indexed?: boolean
}

const menus: Readonly<Record<Role, readonly NavItem[]>> = {
  client: ['passport', 'badges', 'show'],
  coach: ['record', 'group', 'applications'],
  coordinator: ['applications', 'modules', 'group'],
  foundation_lead: ['applications', 'modules'],
  admin: ['administration', 'modules', 'apiKeys'],
  school: ['verify', 'endorsements'],
}

const items: Readonly<Record<NavItem, { readonly href: string; readonly icon: IconName }>> = {
  passport: { href: paths.passport(), icon: 'passport' },
  badges: { href: paths.badges(), icon: 'badge' },
  show: { href: paths.shares(), icon: 'eye' },
  record: { href: paths.record(), icon: 'pen' },
  group: { href: paths.group(), icon: 'people' },
  applications: { href: paths.applications(), icon: 'inbox' },
  modules: { href: paths.modules(), icon: 'layers' },
  verify: { href: paths.verify(), icon: 'shield' },
  endorsements: { href: paths.endorsements(), icon: 'badge' },
  apiKeys: { href: paths.apiKeys(), icon: 'lock' },
  administration: { href: paths.administration(), icon: 'people' },
}

/** A whole document (PRODUCT 5, Layout): skip link, header, menu, main with one `h1`, footer. Nothing inline (S-41). */
export function page(props: PageProps): Html {
  const { t, lang, main, notice, errors = [] } = props
  return html`<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${errors.length > 0 && `${t.error.titlePrefix} `}${props.title} – ${t.app.name}</title>
${!props.indexed && html`<meta name="robots" content="noindex">`}
<link rel="stylesheet" href="${asset('app.css')}">
<link rel="icon" href="${asset('mark.svg')}" type="image/svg+xml">
${props.head}</head>
<body>
<a class="skip" href="#content">${t.app.skip}</a>
${header(props)}
${menu(props)}${sharedStrip(props)}
<main id="content" tabindex="-1"><div class="wrap section-gap">
${notice}${errors.length > 0 && errorSummary({ t, errors })}${main}
</div></main>
${footer(props)}
</body>
</html>
`
}

function header({ t, lang, path, viewer }: PageProps): Html {
  return html`<header class="top"><div class="wrap">
<a class="brand" href="${paths.home()}"><img src="${asset('mark.svg')}" alt="" width="36" height="36"><span>${t.app.name}</span></a>
<nav class="languages" aria-label="${t.app.language}"><ul>${languages.map((language) => languageLink(language, lang, path))}</ul></nav>
${viewer ? signedIn(t, viewer) : html`<p class="account"><a href="${paths.signIn()}">${t.app.logIn}</a></p>`}
</div></header>`
}

function languageLink(language: Language, current: Language, path: string): Html {
  const isCurrent = language === current
  return html`<li><a href="${inLanguage(path, language)}" lang="${language}" hreflang="${language}"${isCurrent && html` aria-current="true"`}>${languageNames[language]}</a></li>`
}

/** On a shared computer: when the visit ends, and the button for more time (PRODUCT A8, WCAG 2.2.1). */
function sharedStrip({ t, lang, path, viewer }: PageProps): Html | undefined {
  if (viewer?.sharedUntil === undefined) return undefined
  const words = t.account.sharedUntil({ time: formatTime(viewer.sharedUntil, lang) })
  return html`<section class="shared-strip" aria-label="${t.signIn.shared}"><div class="wrap"><p>${words}</p>${buttonForm(
    {
      action: paths.moreTime(),
      csrf: viewer.csrf,
      hidden: { next: path },
      button: button({ label: t.signIn.moreTime, look: 'plain' }),
    },
  )}</div></section>`
}

/** Staff come to the own account by the name; a client has nothing to set there. */
function signedIn(t: Messages, viewer: NonNullable<Viewer>): Html {
  const name = html`<span class="visually-hidden">${t.app.loggedInAs({ name: viewer.name })}</span><span aria-hidden="true">${viewer.name}</span>`
  const shown = viewer.role === 'client' ? name : html`<a href="${paths.account()}">${name}</a>`
  return html`<p class="viewer">${shown}</p>
<form class="account" method="post" action="${paths.signOut()}">${csrfField(viewer.csrf)}<button class="linkbtn" type="submit">${t.app.logOut}</button></form>`
}

function menu({ t, viewer, nav }: PageProps): Html | undefined {
  const shown = viewer ? menus[viewer.role] : []
  if (shown.length === 0) return undefined
  return html`<nav class="nav" aria-label="${t.app.mainMenu}"><div class="wrap"><ul>${shown.map(
    (item) =>
      html`<li><a href="${items[item].href}"${item === nav && html` aria-current="page"`}>${icon(items[item].icon)}<span>${t.nav[item]}</span></a></li>`,
  )}</ul></div></nav>`
}

/** What each role needs now and then, besides its main menu. */
function footerLinks(t: Messages, role: Role | undefined): readonly (readonly [string, string])[] {
  const audit = [paths.audit(), t.audit.title] as const
  switch (role) {
    case 'client':
      return [
        [paths.ownData(), t.ownData.title],
        [paths.handOuts(), t.account.handOutsTitle],
      ]
    case 'coordinator':
      return [[paths.rightsRequests(), t.ownData.staffTitle], audit]
    case 'coach':
    case 'foundation_lead':
    case 'admin':
      return [audit]
    case 'school':
    case undefined:
      return []
  }
}

function footer({ t, viewer }: PageProps): Html {
  const administration = [paths.administration(), t.administration.title] as const
  const links = [...(viewer?.administers === true ? [administration] : []), ...footerLinks(t, viewer?.role)]
  const more = links.map(([href, label]) => html`<li><a href="${href}">${label}</a></li>`)
  return html`<footer><div class="wrap"><p>${t.app.tagline}</p><ul>${more}<li><a href="${paths.home()}">${t.app.frontPage}</a></li><li><a href="${paths.verify()}">${t.verify.title}</a></li></ul></div></footer>`
}
