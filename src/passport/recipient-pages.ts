import { z } from 'zod'
import { setEmailRecipient } from '../awards/recipient.ts'
import { EmailAddress } from '../awards/schema.ts'
import type { FeatureDeps } from '../features.ts'
import { clientOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { seeOther } from '../http/pages.ts'
import { messages } from '../i18n/index.ts'
import { paths } from '../web/paths.ts'
import { sendBadge } from './badge-pages.ts'
import { OwnBadgeRef } from './schema.ts'

/** As the person sent it: what is wrong with it is told on the page, with everything kept. */
const Form = z.object({
  email: z.string().trim().default(''),
  remove: z.literal('yes').optional().catch(undefined),
})

/** The form on the page of an offered badge: the hash of an e-mail address into the badge, or out of it (DESIGN, Recipient). */
export function recipientPages(app: App, deps: FeatureDeps): void {
  app.post(
    '/merkit/:id/saaja',
    { schema: { params: OwnBadgeRef, body: Form }, config: { permit: 'award:answer' } },
    async (request, reply) => {
      const { id } = request.params
      const { email, remove } = request.body
      const wanted = remove === undefined ? EmailAddress.safeParse(email) : undefined
      if (wanted?.success === false) {
        const { error } = messages(request.language)
        const errors = [{ field: 'email', message: error.email }]
        return await sendBadge(deps, request, reply, { id, form: { email, errors } })
      }
      const { recipient } = await setEmailRecipient(deps, clientOf(request), { id, email: wanted?.data ?? null })
      return await seeOther(reply, `${paths.badge(id)}?tehty=${recipient === 'email' ? 'tunniste' : 'tunniste-pois'}`)
    },
  )
}
