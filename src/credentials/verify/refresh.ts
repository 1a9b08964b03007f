import type { JsonObject } from '../json.ts'
import { isJsonObject } from '../json.ts'
import { parseJws } from '../jws.ts'
import type { Check } from '../verdict.ts'
import { passed } from './checks.ts'
import type { Itself, Secured } from './itself.ts'
import { proveItself } from './itself.ts'
import type { CredentialKind } from './kinds.ts'
import { hasType, idOf, instantOf, listOf, textOf } from './members.ts'
import { periodOf } from './vc.ts'
import type { World } from './world.ts'
import { documentOf } from './world.ts'

/** Which credential stands, and what the check says; no check when the credential names no refresh service. */
export type Refreshed = { readonly itself: Itself; readonly check?: Check }

function securedIn(body: Uint8Array): Secured | undefined {
  const document = documentOf(body)
  if (document !== 'unreadable') return { form: 'json', document }
  const jws = parseJws(Buffer.from(body).toString('latin1').trim())
  return jws.outcome === 'fault' ? undefined : { form: 'jwt', jws }
}

function beginOf(document: JsonObject): number {
  return instantOf(document[periodOf(document).from]) ?? 0
}

/** The same award by the same issuer, and all of it right: then it may take the other's place (CONFORMANCE 2.7, 6.4). */
function isAcceptable(newer: Itself, current: Itself): boolean {
  const isSame =
    newer.document['id'] === current.document['id'] &&
    idOf(newer.document['issuer']) === idOf(current.document['issuer'])
  return isSame && newer.isTrue && newer.checks.every((check) => check.outcome === 'passed')
}

/**
 * Looks once for a newer version at a 1EdTechCredentialRefresh service (CONFORMANCE 6.4): only for a credential whose own proof is good, and
 * the newer one is taken only when it passes the same checks, is of the same issuer and id, and begins later. Otherwise the original
 * stands, with a note.
 */
export async function refresh(current: Itself, kind: CredentialKind, at: Date, world: World): Promise<Refreshed> {
  const services = listOf(current.document['refreshService'])
  const [first] = services
  if (first === undefined || !current.isTrue) return { itself: current }
  const service = services.filter(isJsonObject).find((one) => hasType(one, '1EdTechCredentialRefresh'))
  if (service === undefined) {
    const type = isJsonObject(first) ? textOf(first, 'type') : undefined
    return { itself: current, check: passed('refresh', 'refresh-not-known', { type: type ?? '' }) }
  }
  const answer = await world.ask(idOf(service) ?? '', 'refresh')
  if (answer.outcome === 'missing') return { itself: current, check: passed('refresh', 'refresh-not-newer') }
  if (answer.outcome === 'not-fetched') return { itself: current, check: passed('refresh', 'refresh-not-fetched') }
  const secured = securedIn(answer.body)
  const newer = secured === undefined ? undefined : await proveItself(secured, kind, at, world)
  if (newer === undefined || !isAcceptable(newer, current)) {
    return { itself: current, check: passed('refresh', 'refresh-not-accepted') }
  }
  if (beginOf(newer.document) <= beginOf(current.document)) {
    return { itself: current, check: passed('refresh', 'refresh-not-newer') }
  }
  const from = textOf(newer.document, periodOf(newer.document).from) ?? ''
  return { itself: newer, check: passed('refresh', 'refreshed', { from }) }
}
