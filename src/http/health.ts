import { sql } from 'kysely'
import type { App } from './app-type.ts'

/** `GET /health/live`: the process runs. `GET /health/ready`: the database answers; 503 with Retry-After else (SECURITY-BAR §3). */
export function healthRoutes(app: App, deps: { readonly db: Parameters<ReturnType<typeof sql>['execute']>[0] }): void {
  app.get('/health/live', { config: { permit: 'public', rateLimit: 'none' } }, async () => ({ live: true }))
  app.get('/health/ready', { config: { permit: 'public', rateLimit: 'none' } }, async (_, reply) => {
    try {
      await sql`select 1`.execute(deps.db)
      return await reply.send({ ready: true })
    } catch {
      // The cause is logged by the pool; who asks needs only to know when to ask again.
      return await reply.code(503).header('retry-after', '2').send({ ready: false })
    }
  })
}
