import type { FastifyRequest } from 'fastify'
import type { Language } from '../i18n/index.ts'
import { Refusal } from '../refusal.ts'
import type { Role } from './permissions.ts'

/** A member of staff with a live session. */
export type StaffActor = {
  readonly kind: 'staff'
  readonly tenant: string
  readonly sessionId: string
  readonly accountId: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly language: Language
}

/** A client (valmentautuja) with a live session. `openedBy` is the staff member whose code opened it (S-15). */
export type ClientActor = {
  readonly kind: 'client'
  readonly tenant: string
  readonly sessionId: string
  readonly clientId: string
  /** What the person is called; for the page's head only. */
  readonly name: string
  readonly openedBy: string
  readonly shared: boolean
  readonly roles: readonly Role[]
  readonly language: Language
}

export type Actor = StaffActor | ClientActor

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks: set before the handler where the route's permit needs or greets a session. */
    actor: Actor | undefined
  }
}

/** Who asks. Refuses when nobody is signed in. */
export function actorOf(request: FastifyRequest): Actor {
  if (!request.actor) throw new Refusal('not-signed-in', 'Sign in first')
  return request.actor
}

/** The member of staff who asks. Refuses clients. */
export function staffOf(request: FastifyRequest): StaffActor {
  const actor = actorOf(request)
  if (actor.kind !== 'staff') throw new Refusal('forbidden', 'Only staff may do this')
  return actor
}

/** The client who asks. Refuses staff. */
export function clientOf(request: FastifyRequest): ClientActor {
  const actor = actorOf(request)
  if (actor.kind !== 'client') throw new Refusal('forbidden', 'Only the client may do this')
  return actor
}
