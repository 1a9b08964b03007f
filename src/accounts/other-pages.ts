import { z } from 'zod'
import type { FeatureDeps } from '../features.ts'
import { clientOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { paths } from '../web/paths.ts'
import type { Entrance } from './entrance.ts'
import { openOtherPassport } from './other-passport.ts'

const OtherRef = z.object({ code: z.string().regex(/^[0-9a-z]{4}$/) })

/** From one's passport in one foundation to the one in another (PRODUCT A1). */
export function otherPages(app: App, deps: FeatureDeps, entrance: Entrance): void {
  app.post(
    '/passi/toinen/:code',
    { schema: { params: OtherRef }, config: { permit: 'passport:read' } },
    async (request, reply) => {
      const origin = entrance.originOf(request, reply)
      const session = await openOtherPassport(deps, clientOf(request), request.params.code, origin)
      return await entrance.enter(reply, session, paths.passport())
    },
  )
}
