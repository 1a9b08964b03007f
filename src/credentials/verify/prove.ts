import type { Check } from '../verdict.ts'
import { notChecked } from './checks.ts'
import { checkOb3Dates } from './dates.ts'
import type { Itself, Secured } from './itself.ts'
import { proveItself } from './itself.ts'
import type { CredentialKind } from './kinds.ts'
import { idOf, textOf } from './members.ts'
import { refresh } from './refresh.ts'
import { checkOb3Status } from './status.ts'
import type { World } from './world.ts'

export type { Secured } from './itself.ts'

/**
 * A credential with every check, in this order: structure, schema, signature, binding (of a JWT), key, issuer, refresh (when it names such a
 * service), dates, status. A bad JWT header: `format` alone. `secured` and `document` are the newer ones when it was refreshed.
 */
export type ProvenCredential = Itself

async function statusOf({ document, isTrue }: Itself, at: Date, world: World): Promise<Check> {
  if (!isTrue) return notChecked('status', 'not-reached')
  const question = { credentialId: textOf(document, 'id') ?? '', issuerId: idOf(document['issuer']) ?? '', at }
  return await checkOb3Status(document, question, world)
}

/**
 * Proves any verifiable credential, of the kind that the caller expects: structure → schema → proof → key → issuer → refresh → dates → status
 * (CONFORMANCE 3, 6.2–6.5; S-26, S-27). Takes the credential as found, its kind, the instant and the world; gives the credential with
 * every check, also when it is rubbish. Nothing that it names is asked for before its proof is good, the key excepted.
 */
export async function proveCredential(
  secured: Secured,
  kind: CredentialKind,
  at: Date,
  world: World,
): Promise<ProvenCredential> {
  const original = await proveItself(secured, kind, at, world)
  if (original.checks.some((check) => check.id === 'format')) return original
  const { itself, check: refreshed } = await refresh(original, kind, at, world)
  const ofTime = [checkOb3Dates(itself.document, at), await statusOf(itself, at, world)]
  return { ...itself, checks: [...itself.checks, ...(refreshed === undefined ? [] : [refreshed]), ...ofTime] }
}
