import { randomBytes } from 'node:crypto'
import fastify from 'fastify'
import { beMeasured } from './process.ts'

/** P5's reference: a bare route that sends the same buffer to everybody. */
beMeasured(async (settings) => {
  const bytes = randomBytes(Number(settings['bytes']))
  const app = fastify()
  app.get('/bare', async (_, reply) => await reply.type('image/png').send(bytes))
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  return { address, stop: async () => await app.close() }
})
