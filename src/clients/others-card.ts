import type { PageContext } from '../http/pages.ts'
import { button, buttons } from '../web/components/button.ts'
import { card } from '../web/components/card.ts'
import { buttonForm } from '../web/components/form.ts'
import { type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import type { OtherFoundation } from './others.ts'

/** The same person's passports elsewhere, each with the button that opens it or how to open it; nothing when there is none. */
export function othersCard({ t, csrf }: PageContext, others: readonly OtherFoundation[]): Html | false {
  if (others.length === 0) return false
  const words = t.relations
  const rows = others.map(({ tenant, name, isOpen }) => {
    const open =
      isOpen &&
      buttons(
        buttonForm({
          action: paths.otherPassport(tenant),
          csrf,
          button: button({ label: words.othersOpen, look: 'plain', hidden: name }),
        }),
      )
    return html`<p>${words.othersLead({ name })}</p>${open || html`<p>${t.error.codes['code-session']}</p>`}`
  })
  return card({ id: 'others', title: words.others, content: rows })
}
