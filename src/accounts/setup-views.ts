import type { PageContext } from '../http/pages.ts'
import { button, buttons } from '../web/components/button.ts'
import { pageTitle } from '../web/components/card.ts'
import { choices, fieldGroup } from '../web/components/choices.ts'
import { errorOf, type FieldError } from '../web/components/error-summary.ts'
import { input } from '../web/components/field.ts'
import { form } from '../web/components/form.ts'
import { type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import type { SetupForm } from './setup-form.ts'

/** `/kayttoonotto/{link}`: the organisation, where there is none yet, and the first administrator's account. */
export function setupPage(
  context: PageContext,
  given: {
    readonly link: string
    readonly founds: boolean
    readonly form: Partial<SetupForm>
    readonly errors?: readonly FieldError[]
  },
): { readonly title: string; readonly main: Html } {
  const { t, csrf } = context
  const title = t.account.setupTitle
  return {
    title,
    main: html`${pageTitle({ title, lead: t.account.setupLead })}
${form({
  action: paths.setup(given.link),
  csrf,
  content: html`${given.founds && organisationFields(context, given)}${fieldGroup({ legend: t.account.setupAdmin, content: accountFields(context, given) })}${buttons(
    button({ label: t.account.setupAction }),
  )}`,
})}`,
  }
}

type Given = { readonly form: Partial<SetupForm>; readonly errors?: readonly FieldError[] }

function organisationFields({ t }: PageContext, { form: typed, errors }: Given): Html {
  const field = (name: 'code' | 'organisation' | 'url' | 'publicEmail', label: string, hint?: string): Html =>
    input({
      t,
      name,
      label,
      ...(hint !== undefined && { hint }),
      value: typed[name],
      autocomplete: 'off',
      spellcheck: false,
      error: errorOf(errors, name),
    })
  return html`${choices({
    t,
    kind: 'radio',
    name: 'kind',
    legend: t.account.setupKind,
    narrow: true,
    error: errorOf(errors, 'kind'),
    choices: (['foundation', 'school'] as const).map((value) => ({
      value,
      label: t.account.setupKinds[value],
      checked: typed.kind === value,
    })),
  })}${fieldGroup({
    legend: t.account.setupOrganisation,
    content: html`${field('organisation', t.account.setupName)}${field('code', t.account.setupCode, t.account.setupCodeHint)}
${field('url', t.account.setupUrl, t.account.setupUrlHint)}${field('publicEmail', t.account.setupOrgEmail)}`,
  })}`
}

function accountFields({ t }: PageContext, { form: typed, errors }: Given): Html {
  return html`${input({ t, name: 'name', label: t.account.setupPerson, hint: t.account.setupPersonHint, value: typed.name, autocomplete: 'name', error: errorOf(errors, 'name') })}
${input({ t, name: 'email', label: t.signIn.email, value: typed.email, autocomplete: 'username', spellcheck: false, error: errorOf(errors, 'email') })}
${input({ t, name: 'password', type: 'password', label: t.signIn.password, hint: t.account.passwordHint, autocomplete: 'new-password', error: errorOf(errors, 'password') })}`
}
