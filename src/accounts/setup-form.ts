import { z } from 'zod'
import type { NewOrganisation } from '../foundations/found.ts'
import type { Messages } from '../i18n/index.ts'
import { Name } from '../i18n/names.ts'
import type { FieldError } from '../web/components/error-summary.ts'
import type { FirstAdmin } from './setup.ts'

const text = (most: number): z.ZodDefault<z.ZodString> => z.string().max(most).default('')

/** As the page sends it: anything that is typed comes back to be mended. */
export const SetupForm = z.object({
  kind: text(20),
  organisation: text(200),
  code: text(20),
  url: text(500),
  publicEmail: text(320),
  name: text(200),
  email: text(320),
  password: text(200),
})
export type SetupForm = z.infer<typeof SetupForm>

const Organisation = z.object({
  kind: z.enum(['foundation', 'school']),
  organisation: Name,
  code: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^[0-9a-z]{4}$/),
  url: z.url({ protocol: /^https$/ }),
  publicEmail: z.email(),
})

const Account = z.object({
  name: Name.max(60),
  email: z.email().max(200),
  password: z.string().min(1),
})

/** What the form asks for, or what is to be mended in it, field by field. */
export function readSetupForm(
  form: SetupForm,
  founds: boolean,
  t: Messages,
): { readonly wanted: Omit<FirstAdmin, 'language'> } | { readonly errors: readonly FieldError[] } {
  const organisation = founds ? Organisation.safeParse(form) : undefined
  const account = Account.safeParse(form)
  const issues = [...(organisation?.error?.issues ?? []), ...(account.error?.issues ?? [])]
  const fields = [...new Set(issues.map(({ path }) => String(path[0])))]
  if (!account.success || organisation?.success === false)
    return { errors: fields.map((field) => ({ field, message: messageFor(field, form, t) })) }
  const { name, email, password } = account.data
  return {
    wanted: {
      displayName: name,
      signInName: email,
      password,
      organisation: organisation && organisationOf(organisation.data),
    },
  }
}

function organisationOf(typed: z.infer<typeof Organisation>): NewOrganisation {
  const { code, kind, organisation: name, url, publicEmail: email } = typed
  return { code, kind, name, url, email }
}

function messageFor(field: string, form: SetupForm, t: Messages): string {
  const typed: unknown = Object.entries(form).find(([name]) => name === field)?.[1]
  return typed === '' ? t.account.fieldMissing : t.account.fieldWrong
}
