import type { PageContext } from '../http/pages.ts'
import { buttons, linkButton } from '../web/components/button.ts'
import { card } from '../web/components/card.ts'
import { type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'

/** The part of `/tiedot` that leads to another foundation. */
export function moveCard({ t }: PageContext): Html {
  const words = t.relations
  const link = linkButton({ label: words.moveLink, href: paths.move(), look: 'plain' })
  return card({ id: 'move', title: words.moveTitle, content: html`<p>${words.moveLinkLead}</p>${buttons(link)}` })
}
