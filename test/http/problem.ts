import type { LightMyRequestResponse } from 'fastify'
import { z } from 'zod'

const Problem = z.object({
  type: z.url(),
  title: z.string().min(1),
  status: z.int().min(400).max(599),
  detail: z.string().min(1),
  instance: z.string().regex(/^\/requests\/[0-9a-f-]{36}$/),
  code: z.string().regex(/^[a-z][a-z0-9_-]*$/),
  errors: z.array(z.strictObject({ pointer: z.string(), code: z.string(), detail: z.string() })).optional(),
  facts: z.record(z.string(), z.unknown()).optional(),
})

/** Words that tell how the service is made: frames, files, statements, libraries and their versions (S-54). */
const inner =
  /\bat .+:\d+:\d+|\.ts\b|node_modules|file:\/\/|\/home\/|\bselect .+ from\b|\binsert into\b|violates|relation "|invalid input syntax|\bpg_|postgres|fastify|\bzod\b|FST_|ERR_|\b\d+\.\d+\.\d+\b/i

/** What is wrong with an answer to a broken request, in a line; undefined when it is as it should be (PRODUCT §7, Errors; S-54). */
export function problemFault(answer: LightMyRequestResponse): string | undefined {
  const { statusCode, headers, body } = answer
  if (statusCode >= 500) return `${statusCode} ${body.slice(0, 200)}`
  if (typeof headers['request-id'] !== 'string') return 'no Request-Id'
  if (statusCode < 400) return undefined
  // By HEAD there is no body to look at.
  if (body === '' && answer.raw.req.method === 'HEAD') return undefined
  if (!/^application\/problem\+json\b/.test(headers['content-type']?.toString() ?? ''))
    return `${statusCode} as ${headers['content-type']?.toString()}`
  const problem = Problem.strict().safeParse(JSON.parse(body))
  if (!problem.success) return `${statusCode} ${problem.error.issues.map(({ message }) => message).join('; ')} ${body}`
  if (problem.data.status !== statusCode) return `${statusCode}, but the body says ${problem.data.status}`
  if (problem.data.instance !== `/requests/${headers['request-id']}`) return 'another request is named'
  if (statusCode === 429 && headers['retry-after'] === undefined) return '429 without Retry-After'
  const told = inner.exec(body)
  return told ? `tells ${told[0]}` : undefined
}

/** The same for the token endpoint, whose errors are JSON with `error` (RFC 6749 §5.2) beside the members of ours. */
export function oauthFault(answer: LightMyRequestResponse): string | undefined {
  const { statusCode, headers, body } = answer
  const type = headers['content-type']?.toString() ?? ''
  // What no route answers is answered like everywhere.
  if (statusCode < 400 || statusCode >= 500 || type.startsWith('application/problem+json')) return problemFault(answer)
  if (!type.startsWith('application/json')) return `${statusCode} as ${type}`
  const { error, error_description: detail, ...problem } = z.record(z.string(), z.unknown()).parse(JSON.parse(body))
  const known = ['invalid_request', 'invalid_client', 'invalid_scope', 'unsupported_grant_type']
  if (typeof error !== 'string' || !known.includes(error)) return `${statusCode} with the error ${String(error)}`
  if (problem['code'] !== error || problem['detail'] !== detail) return 'the two ways of telling do not agree'
  const parsed = Problem.strict().safeParse(problem)
  if (!parsed.success) return `${statusCode} ${parsed.error.issues.map(({ message }) => message).join('; ')}`
  if (parsed.data.status !== statusCode) return `${statusCode}, but the body says ${parsed.data.status}`
  const told = inner.exec(body)
  return told ? `tells ${told[0]}` : undefined
}
