import { assets } from '../web/assets.ts'
import type { App } from './app-type.ts'

/** Style sheet and pictures of the pages. Their names change with their content, so browsers keep them. */
export function assetRoutes(app: App): void {
  for (const asset of assets) {
    app.get(asset.path, { config: { permit: 'public', rateLimit: 'none' } }, async (request, reply) => {
      void reply.header('etag', asset.etag).header('cache-control', 'public, max-age=31536000, immutable')
      if (request.headers['if-none-match'] === asset.etag) return await reply.code(304).send()
      return await reply.header('content-type', asset.contentType).send(asset.body)
    })
  }
}
