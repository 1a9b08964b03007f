import type { FeatureDeps } from '../features.ts'
import { staffOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { bearerSeconds } from '../http/session-tokens.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import { requireClient } from '../clients/client.ts'
import { ClientRef, CodeSignIn, HandedOutCode, StaffSignIn, Token } from './schema.ts'
import { handOutCode, newBrowserMark, signInStaff, signInWithCode } from './sign-in.ts'

/** Sign-in for programs: a bearer token for 15 minutes (S-13). */
export function accountRoutes(app: App, deps: FeatureDeps): void {
  // A program has no browser that somebody else could have used before: each session has a mark of its own (S-15).
  const machine = (address: string): { address: string; browser: string } => ({ address, browser: newBrowserMark() })

  app.post(
    '/api/v1/tokens',
    { schema: { body: StaffSignIn, response: { 200: Token } }, config: { permit: 'public' } },
    async (request, reply) => {
      const session = await signInStaff(deps, request.body.name, request.body.password, machine(request.ip))
      return await reply
        .header('cache-control', 'no-store')
        .send({ token: app.sessions.bearerToken(session), expiresIn: bearerSeconds })
    },
  )
  app.post(
    '/api/v1/tokens/code',
    { schema: { body: CodeSignIn, response: { 200: Token } }, config: { permit: 'public' } },
    async (request, reply) => {
      const session = await signInWithCode(deps, request.body.code, false, machine(request.ip))
      return await reply
        .header('cache-control', 'no-store')
        .send({ token: app.sessions.bearerToken(session), expiresIn: bearerSeconds })
    },
  )
  app.post(
    '/api/v1/clients/:id/codes',
    { schema: { params: ClientRef, response: { 201: HandedOutCode } }, config: { permit: 'code:hand-out' } },
    async (request, reply) => {
      const actor = staffOf(request)
      await requireClient(deps, actor, request.params.id, dayInHelsinki(deps.now()))
      const { code, expiresAt } = await handOutCode(deps, actor, request.params.id)
      return await reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ code, expiresAt: expiresAt.toISOString() })
    },
  )
}
