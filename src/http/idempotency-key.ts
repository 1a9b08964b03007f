import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Refusal } from '../refusal.ts'

/** One key for one request, so that the same request does not act twice (PRODUCT §7, Idempotency): 1 to 255 bytes of plain text. */
export const IdempotencyKey = z
  .string()
  .min(1)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u)
  .refine((key) => Buffer.byteLength(key) <= 255, 'Use at most 255 bytes')

/** The `Idempotency-Key` header when it is there. Refuses one that is empty or too long (400). */
export function findIdempotencyKey(request: FastifyRequest): string | undefined {
  const given = request.headers['idempotency-key']
  return given === undefined ? undefined : getIdempotencyKey(request)
}

/** The `Idempotency-Key` header where a request without one must not act. Refuses a missing, empty or too long one (400). */
export function getIdempotencyKey(request: FastifyRequest): string {
  const given = IdempotencyKey.safeParse(request.headers['idempotency-key'])
  if (given.success) return given.data
  throw new Refusal('unreadable', 'Send an Idempotency-Key header of 1 to 255 characters, a new one for each request', {
    code: 'idempotency_key_required',
  })
}
