import type { FastifyRequest } from 'fastify'
import type { Language } from '../i18n/index.ts'
import { Refusal } from '../refusal.ts'
import type { Role } from './permissions.ts'
import type { Scope } from './scopes.ts'

/**
 * What a session still asks for: the second factor, its first setting up, or, on a coach's own device that lay idle, the password again
 * before anything but recording (S-14, S-17).
 */
export type Wants = 'second-factor' | 'enrolment' | 'password'

/** A member of staff with a live session. */
export type StaffActor = {
  readonly kind: 'staff'
  readonly tenant: string
  readonly sessionId: string
  readonly accountId: string
  readonly name: string
  /** None while the second factor is wanted. */
  readonly roles: readonly Role[]
  readonly language: Language
  readonly wants?: Wants
  /** The registered device on which the session was opened (S-14). */
  readonly deviceId?: string
  /** The network address of this request, for the audit (S-53). */
  readonly address?: string
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
  /** On a shared computer: when the session ends if nothing is done. */
  readonly idleAt?: Date
  readonly roles: readonly Role[]
  readonly language: Language
  readonly address?: string
}

/** A person with a live session. */
export type Actor = StaffActor | ClientActor

/** A program with a key or an access token of its own (S-13): the integrator of the matrix. It has scopes, no role and no session. */
export type MachineActor = {
  readonly kind: 'machine'
  readonly tenant: string
  readonly keyId: string
  /** The program's own account: what it records and proposes stands in this name. */
  readonly accountId: string
  readonly sessionId: null
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly address?: string
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks: set before the handler where the route's permit needs or greets a session. */
    actor: Actor | undefined
    /** The program that asks; then there is no `actor`. */
    machine: MachineActor | undefined
  }
}

/** What is told to a session that still wants something (401). */
export function refusalOfWants(wants: Wants): Refusal {
  switch (wants) {
    case 'second-factor':
      return new Refusal('not-signed-in', 'Give the code of your second factor first', { code: 'second-factor' })
    case 'enrolment':
      return new Refusal('not-signed-in', 'Set up your second factor first', { code: 'enrolment' })
    case 'password':
      return new Refusal('not-signed-in', 'Give your password again first', { code: 'password-again' })
  }
}

/** The person who asks. Refuses when nobody is signed in, and programs. */
export function actorOf(request: FastifyRequest): Actor {
  if (request.machine) throw new Refusal('forbidden', 'Programs may not do this', { code: 'person-needed' })
  if (!request.actor) throw new Refusal('not-signed-in', 'Sign in first')
  return request.actor
}

/** The person or the program that asks. A rule that takes both says what a program may not see. */
export function askerOf(request: FastifyRequest): Actor | MachineActor {
  return request.machine ?? actorOf(request)
}

/** The member of staff or the program that asks. Refuses clients. */
export function workerOf(request: FastifyRequest): StaffActor | MachineActor {
  return request.machine ?? staffOf(request)
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
