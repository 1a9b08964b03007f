import type { z } from 'zod'
import { type FieldFault, Refusal } from '../refusal.ts'

export type ContentFault = FieldFault

/** Refuses a file for one fault, naming the place (RFC 6901 pointer into the file) and what is wrong there. */
export function contentRefusal(fault: ContentFault, code = 'damaged-file'): Refusal {
  const where = fault.pointer === '' ? 'The file' : `At ${fault.pointer}`
  return new Refusal('content', `${where}: ${fault.detail}`, { code, fields: [fault] })
}

/** The first thing that a schema found wrong, as a fault. */
export function faultOf(error: z.ZodError): ContentFault {
  const [issue] = error.issues
  if (!issue) return { pointer: '', code: 'unknown', detail: 'cannot be read' }
  const path = issue.path.map((part) => String(part).replaceAll('~', '~0').replaceAll('/', '~1'))
  const pointer = path.length === 0 ? '' : `/${path.join('/')}`
  return { pointer, code: issue.code, detail: issue.message.replace(/^Invalid (?:input|option): /, '') }
}
