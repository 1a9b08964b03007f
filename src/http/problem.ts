import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { type FieldFault, Refusal, type RefusalKind } from '../refusal.ts'
import { isPlain } from './readable.ts'

/** The one table from a rule's no to an HTTP status (RFC 9457; PRODUCT §7, Errors). */
export const statusOf: Readonly<Record<RefusalKind, number>> = {
  unreadable: 400,
  'not-signed-in': 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  gone: 410,
  'precondition-failed': 412,
  'too-large': 413,
  'unsupported-type': 415,
  content: 422,
  'criteria-unmet': 422,
  'two-persons': 422,
  'idempotency-mismatch': 422,
  'unfit-to-sign': 422,
  'precondition-required': 428,
  'too-many': 429,
  stopped: 503,
  busy: 503,
}

export type Problem = {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly instance: string
  readonly code: string
  readonly errors?: readonly FieldFault[]
  readonly facts?: Readonly<Record<string, unknown>>
}

/** What went wrong, as a rule's no. Undefined: a bug, told briefly and logged whole. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error
  if (isDatabaseBusy(error))
    return new Refusal('busy', 'The service is busy. Nothing of yours was lost; try again in a moment', {
      retryAfter: 5,
    })
  if (isClientGone(error)) return new Refusal('not-found', 'There is no such client')
  if (hasZodFastifySchemaValidationErrors(error)) return validationRefusal(error)
  if (error instanceof Error && brokenForm.test(error.message))
    return new Refusal('unreadable', 'The form is cut short')
  if (!isFastifyError(error) || error.statusCode === undefined || error.statusCode >= 500) return undefined
  if (notJson.has(error.code))
    return new Refusal('unreadable', 'The body is not JSON, or has a member named __proto__ or constructor')
  switch (error.statusCode) {
    case 404:
      return new Refusal('not-found', 'There is nothing at this address')
    case 413:
      return new Refusal('too-large', 'The request is larger than this address takes')
    case 415:
      return new Refusal('unsupported-type', 'This address does not take that content type')
    case 403:
      return new Refusal(
        'forbidden',
        'The form was old or came from elsewhere. Open the page again and send it from there',
        {
          code: 'csrf',
        },
      )
    case 429:
      return new Refusal('too-many', 'Too many requests. Wait a moment', { retryAfter: 60 })
    default:
      return new Refusal('unreadable', 'The request could not be read')
  }
}

/**
 * The database did not answer in time, or not at all just now: a statement or a lock that took too long, somebody else's work that was in the
 * way at every try, no free connection, a server that stops, starts or cannot be reached. By their codes: a name for each is
 * PostgreSQL's (appendix A) or the socket's.
 */
const busyCodes: ReadonlySet<string> = new Set([
  '57014', // query_canceled: the statement's time was up
  '55P03', // lock_not_available
  '40001', // serialization_failure, after it was done again in vain
  '40P01', // deadlock_detected, likewise
  '53300', // too_many_connections
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '08000',
  '08001',
  '08003',
  '08006',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
])

/** Something was written for a client who was erased at the same moment (S-52): the foreign key to the client holds no more. */
function isClientGone(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error) || error.code !== '23503') return false
  return 'constraint' in error && String(error.constraint).endsWith('_client_id_fkey')
}

/** What the driver says without a code: the pool had no connection to give in time, one broke under a statement, or the service stops. */
const lostConnection =
  /^(?:timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error|Query read timeout|Cannot use a pool after calling end|driver has already been destroyed)/

/** Is this the database being away or too slow, and not a fault of ours? */
export function isDatabaseBusy(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if ('code' in error && typeof error.code === 'string' && busyCodes.has(error.code)) return true
  return lostConnection.test(error.message)
}

/** What the parser of JSON bodies says of one that is empty or broken, or would change what objects are. */
const notJson: ReadonlySet<string> = new Set(['FST_ERR_CTP_EMPTY_JSON_BODY', 'FST_ERR_CTP_INVALID_JSON_BODY'])

/** What the multipart parser says of a body without a usable boundary, or one that is cut short: plain errors without a status. */
const brokenForm =
  /^(?:Multipart: Boundary not found|The needle cannot|Unexpected end of multipart data|\w+ terminated early due to)/

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
}

function validationRefusal(
  error: Pick<FastifyError, 'validationContext'> & { validation: readonly ValidationIssue[] },
): Refusal {
  const where = error.validationContext ?? 'body'
  const fields = error.validation.slice(0, maxFaults).map((issue) => ({
    pointer: where === 'body' ? issue.instancePath || '/' : `/${where}${issue.instancePath}`,
    code: issue.keyword,
    detail: detailOf(issue),
  }))
  // An id of the wrong form is the id of nothing (S-11): the same answer as for any other that is not there.
  if (where === 'params') return new Refusal('not-found', 'There is nothing at this address')
  const first = fields[0]
  const detail = first ? `${first.pointer}: ${first.detail}` : 'The request is not valid'
  return new Refusal('content', detail, { code: 'validation', fields })
}

type ValidationIssue = {
  readonly instancePath: string
  readonly keyword: string
  readonly message?: string
  readonly params?: Readonly<Record<string, unknown>>
}

/** More faults than a person mends at once are not told one by one. */
const maxFaults = 50

/** What is wrong, without repeating what was sent; a member's name is repeated only when it looks like one (S-50). */
function detailOf({ keyword, message, params }: ValidationIssue): string {
  if (keyword === 'invalid_type') return typeFault(message ?? '')
  if (keyword !== 'unrecognized_keys') return message ?? 'cannot be accepted'
  const keys: unknown = params?.['keys']
  const names = (Array.isArray(keys) ? keys : []).filter((key) => typeof key === 'string' && isPlain(key)).slice(0, 5)
  return names.length === 0 ? 'members that are not known here' : `not known here: ${names.join(', ')}`
}

/** The library's own sentence in words for whoever mends the request; a sentence of ours stays. */
function typeFault(message: string): string {
  const [, expected, received] = /^Invalid input: expected (\w+), received (\w+)$/.exec(message) ?? []
  if (expected === undefined) return message
  return received === 'undefined' ? `is missing (${expected})` : `is no ${expected}`
}

/** Body of a problem answer. `origin` is where the type's page is. */
export function problemOf(refusal: Refusal | undefined, request: Pick<FastifyRequest, 'id'>, origin: string): Problem {
  const status = refusal ? statusOf[refusal.kind] : 500
  const code = refusal?.code ?? 'internal'
  const { fields, facts } = refusal?.details ?? {}
  return {
    type: `${origin}/api/problems/${code}`,
    title: titles[status] ?? 'The request failed',
    status,
    detail: refusal?.message ?? 'The service has a fault. Nothing of yours was lost; try again in a moment',
    instance: `/requests/${request.id}`,
    code,
    ...(fields ? { errors: fields } : {}),
    ...(facts ? { facts } : {}),
  }
}

const titles: Readonly<Record<number, string>> = {
  400: 'The request could not be read',
  401: 'Sign in first',
  403: 'Not allowed',
  404: 'Not found',
  409: 'The state does not allow this',
  410: 'No longer here',
  412: 'Somebody changed it meanwhile',
  413: 'Too large',
  415: 'Content type not taken',
  422: 'The request is not valid',
  428: 'Say which version you saw',
  429: 'Too many requests',
  500: 'The service has a fault',
  503: 'Not available just now',
}

/** Sends a problem as JSON (RFC 9457). */
export async function sendProblem(reply: FastifyReply, problem: Problem, retryAfter?: number): Promise<void> {
  if (retryAfter !== undefined) void reply.header('retry-after', String(retryAfter))
  if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store')
  await reply.code(problem.status).header('content-type', 'application/problem+json').send(JSON.stringify(problem))
}
