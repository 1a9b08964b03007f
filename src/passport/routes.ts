import type { FeatureDeps } from '../features.ts'
import { clientOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { passportBody } from './bodies.ts'
import { signPassport } from './clr.ts'
import { getBadgeFile, sendBadgeFile } from './files.ts'
import { readPassport } from './passport.ts'
import { BadgeFileRef, PassportBody } from './schema.ts'

/** The passport and its files for programs that act for the client. */
export function passportRoutes(app: App, deps: FeatureDeps): void {
  app.get(
    '/api/v1/passport',
    { schema: { response: { 200: PassportBody } }, config: { permit: 'passport:read', fields: ['level'] } },
    async (request, reply) => {
      const passport = await readPassport(deps, clientOf(request))
      return await reply.header('cache-control', 'no-store').send(passportBody(passport, request.language))
    },
  )
  // Signs: so it is no GET (DESIGN, The award path 6).
  app.post('/api/v1/passport/clr', { config: { permit: 'passport:read' } }, async (request, reply) => {
    return await sendBadgeFile(reply, await signPassport(deps, clientOf(request), request.language))
  })
  app.get(
    '/api/v1/awards/:id/files/:file',
    { schema: { params: BadgeFileRef }, config: { permit: 'passport:read' } },
    async (request, reply) => {
      const { id, file } = request.params
      return await sendBadgeFile(reply, await getBadgeFile(deps.db, clientOf(request), id, file))
    },
  )
}
