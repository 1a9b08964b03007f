import type { FastifyRequest } from 'fastify'
import { type FieldFault, Refusal } from '../refusal.ts'
import type { App } from './app-type.ts'
import { isApi } from './session-tokens.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Content types of the body where they are not JSON alone; such a route reads the bytes itself. */
    bodyTypes?: readonly string[]
  }
}

const json = ['application/json'] as const
const form = ['application/x-www-form-urlencoded', 'multipart/form-data'] as const

/** S-48: objects and lists inside each other. */
const maxDepth = 32

/**
 * What no route can use is refused before any looks at it (S-48): another content type, character set or encoding than the route takes,
 * members where none are read, text that a database or a reader of JSON cannot hold (NUL, half a character), and nesting without end.
 * One place, so that no field can forget it.
 */
export function readableRequests(app: App): void {
  // After the session is known: who may not ask is told that first.
  app.addHook('preParsing', (request, _reply, _payload, done) => done(refusalOf(() => refuseOtherTypes(request))))
  app.addHook('preValidation', (request, _reply, done) => done(refusalOf(() => refuseUnreadable(request))))
}

function refuseUnreadable(request: FastifyRequest): void {
  refuseUnfit(request.query, 'querystring')
  refuseUnfit(request.params, 'params')
  if (request.routeOptions.config.bodyTypes !== undefined || isMultipart(request)) return
  refuseUnfit(request.body, 'body')
  if (isApi(request) && request.routeOptions.schema?.body === undefined) refuseMembers(request.body)
}

/** What a hook that is called back hands on: the refusal, or nothing. Throws everything else. */
export function refusalOf(check: () => void): Refusal | undefined {
  try {
    check()
    return undefined
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

function refuseOtherTypes(request: FastifyRequest): void {
  const { 'content-type': given, 'content-encoding': encoding } = request.headers
  if (encoding !== undefined && encoding.trim().toLowerCase() !== 'identity')
    throw new Refusal('unsupported-type', 'Send the body as it is, without Content-Encoding')
  if (given === undefined || request.method === 'GET' || request.method === 'HEAD') return
  const [type = '', ...parameters] = given.split(';').map((part) => part.trim().toLowerCase())
  const taken = request.routeOptions.config.bodyTypes ?? (isApi(request) ? json : form)
  if (!taken.some((one) => one === type))
    throw new Refusal('unsupported-type', `This address takes ${taken.join(', ')} as its body`)
  const charset = parameters.find((one) => one.startsWith('charset='))?.slice('charset='.length)
  if (charset !== undefined && !/^"?utf-8"?$/.test(charset))
    throw new Refusal('unsupported-type', 'Send the body as UTF-8')
}

/** What the multipart reader made holds streams and points back at itself; its texts are read by the route. */
function isMultipart(request: FastifyRequest): boolean {
  return /^multipart\/form-data/i.test(request.headers['content-type'] ?? '')
}

function refuseUnfit(value: unknown, where: 'body' | 'querystring' | 'params'): void {
  const found = faultIn(value, 0)
  if (!found) return
  const fault = where === 'body' || found.code === 'too-deep' ? found : under(where, found)
  // An address that cannot be anything is the address of nothing (S-11).
  if (where === 'params') throw new Refusal('not-found', 'There is nothing at this address')
  throw new Refusal('content', `${fault.pointer || '/'}: ${fault.detail}`, { code: 'validation', fields: [fault] })
}

/**
 * The first thing that cannot be taken, with its place under `value`. Looks no deeper than `maxDepth`, so that nesting cannot use up the
 * stack. The place is put together only when there is a fault: every request comes this way.
 */
function faultIn(value: unknown, depth: number): FieldFault | undefined {
  if (typeof value === 'string') return isText(value) ? undefined : unfit('holds a NUL character or half of one')
  if (typeof value === 'number' && !Number.isFinite(value))
    return { pointer: '', code: 'not-finite', detail: 'no number that can be kept' }
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return undefined
  if (depth >= maxDepth) return { pointer: '/', code: 'too-deep', detail: `nested deeper than ${maxDepth}` }
  for (const [name, inner] of Object.entries(value)) {
    if (!isText(name)) return unfit('a name of a member is no text')
    const fault = faultIn(inner, depth + 1)
    if (fault?.code === 'too-deep') return fault
    if (fault) return Array.isArray(value) || isPlain(name) ? under(name, fault) : fault
  }
  return undefined
}

function under(name: string, fault: FieldFault): FieldFault {
  return { ...fault, pointer: `/${name}${fault.pointer}` }
}

function isText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}

function unfit(detail: string): FieldFault {
  return { pointer: '', code: 'unfit-text', detail }
}

/** Is this the name of a member as we give them? Another is never repeated in an answer (S-50). */
export function isPlain(name: string): boolean {
  return /^[a-zA-Z_][\w-]{0,39}$/.test(name)
}

function refuseMembers(body: unknown): void {
  if (body === undefined || body === null) return
  if (typeof body === 'object' && !Array.isArray(body) && Object.keys(body).length === 0) return
  const detail = 'this address takes no body'
  throw new Refusal('content', `/: ${detail}`, {
    code: 'validation',
    fields: [{ pointer: '/', code: 'unrecognized_keys', detail }],
  })
}
