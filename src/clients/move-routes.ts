import { z } from 'zod'
import type { FeatureDeps } from '../features.ts'
import { clientOf, staffOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { findInvitation, makeInvitation } from './invitation.ts'
import { agreeToMove } from './move.ts'
import { InvitationBody, MoveBody, NewInvitationBody } from './schema.ts'

/** The same as the pages: a foundation's code for a newcomer, and the client's consent. */
export function moveRoutes(app: App, deps: FeatureDeps): void {
  const invite = { body: NewInvitationBody, response: { 201: InvitationBody } }
  app.post(
    '/api/v1/client-invitations',
    { schema: invite, config: { permit: 'client:create' } },
    async (request, reply) => {
      const { code, expiresAt } = await makeInvitation(deps, staffOf(request), request.body)
      return await reply.code(201).send({ code, expiresAt: expiresAt.toISOString() })
    },
  )

  const agree = { body: MoveBody, response: { 200: z.object({ organisation: z.string() }) } }
  app.post('/api/v1/passport/move', { schema: agree, config: { permit: 'rights:ask' } }, async (request) => {
    const actor = clientOf(request)
    const { code, purpose, take } = request.body
    const invitation = await findInvitation(deps, actor, code, request.ip)
    await agreeToMove(deps, actor, { invitation, purpose, chosen: [...new Set(take)] })
    return { organisation: invitation.organisation }
  })
}
