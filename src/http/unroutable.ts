import { randomUUID } from 'node:crypto'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { Socket } from 'node:net'
import { Refusal } from '../refusal.ts'
import { type Problem, problemOf, statusOf } from './problem.ts'
import { hsts } from './security.ts'

/** What an answer carries that no hook of ours sees (S-41). */
const bareHeaders = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
} as const

type Options = {
  readonly log: { info(facts: Record<string, unknown>, message: string): void }
  readonly problemOrigin: string
  readonly secure: boolean
}

/**
 * Answers what comes before any route: an address whose percent signs do not decode, and bytes that are no HTTP. Without these two Fastify
 * repeats the address or names itself (S-54).
 */
export function unroutable({ log, problemOrigin, secure }: Options): {
  frameworkErrors(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void
  clientErrorHandler(error: Error & { readonly code?: string }, socket: Socket): void
} {
  const headers = { ...bareHeaders, ...(secure && { 'strict-transport-security': hsts }) }
  const told = (request: string, status: number): void => log.info({ request, route: 'none', status }, 'answered')
  return {
    frameworkErrors(error, request, reply) {
      const refusal =
        error.code === 'FST_ERR_BAD_URL'
          ? new Refusal('unreadable', 'The address could not be read')
          : new Refusal('not-found', 'There is nothing at this address')
      told(request.id, statusOf[refusal.kind])
      void reply
        .code(statusOf[refusal.kind])
        .headers({ ...headers, 'request-id': request.id, 'content-type': 'application/problem+json' })
        .send(JSON.stringify(problemOf(refusal, request, problemOrigin)))
    },
    clientErrorHandler(error, socket) {
      // The other side hung up: there is nobody to answer.
      if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
      const id = randomUUID()
      const refusal =
        error.code === 'HPE_HEADER_OVERFLOW'
          ? new Refusal('too-large', 'The head of the request is larger than is taken')
          : new Refusal('unreadable', 'The request is no HTTP that can be read')
      told(id, statusOf[refusal.kind])
      socket.end(bareAnswer(problemOf(refusal, { id }, problemOrigin), { ...headers, 'request-id': id }))
    },
  }
}

/** An HTTP answer by hand, for a socket on which no request could be read. */
function bareAnswer(problem: Problem, headers: Readonly<Record<string, string>>): string {
  const body = JSON.stringify(problem)
  const all = {
    ...headers,
    'content-type': 'application/problem+json',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  return [`HTTP/1.1 ${problem.status} ${problem.title}`, ...lines, '', body].join('\r\n')
}
