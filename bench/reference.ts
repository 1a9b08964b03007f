import { generateKeyPairSync, sign } from 'node:crypto'
import { promisify } from 'node:util'
import jwt from '@fastify/jwt'
import fastify from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import pg from 'pg'
import { z } from 'zod'
import { beMeasured } from './process.ts'

const signAsync = promisify(sign)

/**
 * P1's reference: a bare route that checks a JWT and a body by zod, signs the same two payloads by node:crypto with RS256, and inserts the
 * same bytes by one statement. No rights, no rule, no reading back, no history.
 */
beMeasured(async (settings) => {
  const { ownerUrl, payloads } = settings as { ownerUrl: string; payloads: readonly [string, string] }
  const pool = new pg.Pool({ connectionString: ownerUrl, max: 16 })
  await pool.query('create table if not exists bench_award (id text primary key, ob2 text not null, ob3 text not null)')
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const app = fastify().withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  await app.register(jwt, { secret: 'a bench secret of more than 32 bytes, of no use elsewhere' })
  const header = Buffer.from(JSON.stringify({ alg: 'RS256', kid: 'https://bench.example/o/ben1/keys/rsa' })).toString(
    'base64url',
  )
  const jws = async (payload: string): Promise<string> => {
    const input = `${header}.${Buffer.from(payload).toString('base64url')}`
    return `${input}.${(await signAsync('sha256', Buffer.from(input), privateKey)).toString('base64url')}`
  }
  const schema = {
    params: z.strictObject({ id: z.uuid() }),
    body: z.strictObject({ outcome: z.enum(['award', 'return', 'reject']) }),
    response: { 201: z.object({ id: z.string() }) },
  }
  app.post('/bare/:id', { schema, onRequest: async (request) => await request.jwtVerify() }, async (request, reply) => {
    const [ob2, ob3] = await Promise.all([jws(payloads[0]), jws(payloads[1])])
    await pool.query('insert into bench_award (id, ob2, ob3) values ($1, $2, $3) on conflict do nothing', [
      request.params.id,
      ob2,
      ob3,
    ])
    return await reply.code(201).send({ id: request.params.id })
  })
  app.get('/token', async () => ({ token: app.jwt.sign({ sub: 'bench' }) }))
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  return {
    address,
    stop: async () => {
      await app.close()
      await pool.end()
    },
  }
})
