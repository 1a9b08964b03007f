import type { FeatureDeps } from '../features.ts'
import { staffOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { type PageContext, pageContext, sendPage } from '../http/pages.ts'
import { isPermitted, type Permission, type Role } from '../http/permissions.ts'
import { card, pageTitle } from '../web/components/card.ts'
import { list } from '../web/components/list.ts'
import { type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import { workUnitPages } from './work-unit-pages.ts'

/** `/hallinta`: the front page of administration, and the organisation's work units. */
export function foundationPages(app: App, deps: FeatureDeps): void {
  app.get('/hallinta', { config: { permit: 'administration:read' } }, async (request, reply) => {
    const context = pageContext(request, reply)
    const { title, lead } = context.t.administration
    const main = html`${pageTitle({ title, lead })}${cards(context, staffOf(request).roles)}`
    return await sendPage(reply, { context, nav: 'administration', title, main })
  })
  workUnitPages(app, deps)
}

type Place = {
  readonly href: string
  readonly title: string
  readonly what: string
  /** Who may enter the page is who sees the way to it. */
  readonly permit: Permission
}

function cards({ t }: PageContext, roles: readonly Role[]): readonly Html[] {
  const { places, people, badges, oversight } = t.administration
  const groups: readonly { readonly id: string; readonly title: string; readonly places: readonly Place[] }[] = [
    {
      id: 'people',
      title: people,
      places: [
        { href: paths.staff(), title: t.staff.title, what: places.staff, permit: 'user:read' },
        {
          href: paths.relations(),
          title: t.relations.title,
          what: places.relations,
          permit: 'relation:write',
        },
        { href: paths.units(), title: t.administration.unitsTitle, what: places.units, permit: 'work-unit:read' },
        {
          href: paths.rightsRequests(),
          title: t.ownData.staffTitle,
          what: places.requests,
          permit: 'rights:carry-out',
        },
      ],
    },
    {
      id: 'badges',
      title: badges,
      places: [
        {
          href: paths.signingKeys(),
          title: t.signingKeys.title,
          what: places.signingKeys,
          permit: 'signing-key:rotate',
        },
        { href: paths.apiKeys(), title: t.apiKeys.title, what: places.apiKeys, permit: 'api-key:read' },
      ],
    },
    {
      id: 'oversight',
      title: oversight,
      places: [{ href: paths.audit(), title: t.audit.title, what: places.audit, permit: 'audit:read' }],
    },
  ]
  return groups
    .map(({ places: all, ...group }) => ({ ...group, open: all.filter(({ permit }) => isPermitted(roles, permit)) }))
    .filter(({ open }) => open.length > 0)
    .map(({ id, title, open }) => card({ id, title, content: list(open.map(placeRow)) }))
}

function placeRow({ href, title, what }: Place): Html {
  return html`<div class="row"><span><a href="${href}"><b>${title}</b></a><span class="block small soft">${what}</span></span></div>`
}
