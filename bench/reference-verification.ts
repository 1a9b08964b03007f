import { createPublicKey, type JsonWebKey, verify } from 'node:crypto'
import fastify from 'fastify'
import { beMeasured } from './process.ts'

/** P4's reference: a bare route that checks the signature of a JWS by node:crypto with a known key and parses its payload. Nothing else. */
beMeasured(async (settings) => {
  const { jwk } = settings as { jwk: JsonWebKey }
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  const app = fastify()
  app.post('/bare', async (request, reply) => {
    const [header = '', payload = '', signature = ''] = String(request.body).split('.')
    const isRight = verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'))
    const document: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
    return await reply.code(isRight && typeof document === 'object' ? 200 : 422).send({ valid: isRight })
  })
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  return { address, stop: async () => await app.close() }
})
