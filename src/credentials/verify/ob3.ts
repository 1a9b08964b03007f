import type { Json, JsonObject } from '../json.ts'
import type { Jws } from '../jws.ts'
import { checkOb3Header } from '../jws.ts'
import type { Check, Verdict } from '../verdict.ts'
import { allPassed, failed, notChecked, passed } from './checks.ts'
import { proveEmbedded } from './controller.ts'
import { checkOb3Dates } from './dates.ts'
import type { Proven } from './keys.ts'
import { proveJwt } from './keys.ts'
import { idOf, instantOf, objectOf, textOf } from './members.ts'
import { checkOb3Recipient } from './recipient.ts'
import { checkOb3Status } from './status.ts'
import { checkOb3Schema, checkOb3Structure, checkPlainMembers } from './structure.ts'
import { summaryOfOb3 } from './summary.ts'
import { verdictWordOf } from './word.ts'
import type { World } from './world.ts'

export type Asked = { readonly at: Date; readonly recipient?: string }

/** NumericDate of an instant: seconds, fractions cut (CONFORMANCE 3.4, T5). */
function isSameInstant(claim: Json | undefined, value: Json | undefined): boolean {
  const instant = instantOf(value)
  return instant !== undefined && typeof claim === 'number' && Math.floor(claim) === Math.floor(instant / 1000)
}

/** Claims against credential: one of them off is invalid, only a missing `sub` is a note (CONFORMANCE 3.4, 3.6; S-27). */
export function checkBinding(payload: JsonObject): Check {
  const { iss, jti, nbf, exp, sub } = payload
  for (const [claim, value] of Object.entries({ iss, jti, nbf })) {
    if (value === undefined) return failed('binding', 'claim-missing', { claim })
  }
  if (iss !== idOf(payload['issuer'])) return failed('binding', 'iss-wrong')
  if (jti !== payload['id']) return failed('binding', 'jti-wrong')
  if (!isSameInstant(nbf, payload['validFrom'])) return failed('binding', 'nbf-wrong')
  if (exp === undefined && payload['validUntil'] !== undefined)
    return failed('binding', 'claim-missing', { claim: 'exp' })
  if (exp !== undefined && !isSameInstant(exp, payload['validUntil'])) return failed('binding', 'exp-wrong')
  const subject = textOf(objectOf(payload, 'credentialSubject') ?? {}, 'id')
  if (sub !== undefined && sub !== subject) return failed('binding', 'sub-wrong')
  return passed('binding', sub === undefined && subject !== undefined ? 'binding-without-sub' : 'binding-right')
}

/** Endorsements sit in the credential, the achievement and the profiles (CONFORMANCE 6.7). */
function checkEndorsements(document: JsonObject): readonly Check[] {
  const achievement = objectOf(objectOf(document, 'credentialSubject') ?? {}, 'achievement') ?? {}
  const places = [document, achievement, objectOf(document, 'issuer') ?? {}, objectOf(achievement, 'creator') ?? {}]
  const carries = places.some((place) => place['endorsement'] !== undefined || place['endorsementJwt'] !== undefined)
  return carries ? [notChecked('endorsements', 'endorsements-not-supported-yet')] : []
}

/** What both forms share once the proof was looked at. `gates` are the checks that must be good before the badge's addresses are asked. */
async function conclude(
  document: JsonObject,
  format: 'ob3-jwt' | 'ob3-json',
  proven: Proven,
  gates: readonly Check[],
  asked: Asked,
  world: World,
): Promise<Verdict> {
  const question = {
    credentialId: textOf(document, 'id') ?? '',
    issuerId: idOf(document['issuer']) ?? '',
    at: asked.at,
  }
  const isTrue = allPassed(proven.signature, proven.key, ...gates.filter((gate) => gate.id !== 'schema'))
  const status = isTrue ? await checkOb3Status(document, question, world) : notChecked('status', 'not-reached')
  const structure = gates.filter((gate) => gate.id === 'structure' || gate.id === 'schema')
  const checks: readonly Check[] = [
    passed('format', format === 'ob3-jwt' ? 'read-ob3-jwt' : 'read-ob3-json'),
    ...structure,
    proven.signature,
    ...gates.filter((gate) => gate.id === 'binding'),
    proven.key,
    proven.issuer,
    checkOb3Dates(document, asked.at),
    status,
    ...(asked.recipient === undefined ? [] : [checkOb3Recipient(document, asked.recipient)]),
    ...checkEndorsements(document),
  ]
  const summary = summaryOfOb3(document, format)
  const reason = status.code === 'revoked' ? status.values?.['reason'] : undefined
  const credential = reason ? { ...summary, revocationReason: reason } : summary
  return { verdict: verdictWordOf(checks), checks, credential }
}

/** A VC 2.0 JWT has its credential at the top, never in `vc` (CONFORMANCE 3.5). */
function checkJwtStructure(payload: JsonObject): Check {
  return payload['vc'] === undefined ? checkOb3Structure(payload) : failed('structure', 'versions-mixed')
}

/** Verifies an OB 3.0 credential as VC-JWT on VC 2.0 (CONFORMANCE 3.1–3.7, 6; S-26, S-27). */
export async function verifyOb3Jwt(jws: Jws, asked: Asked, world: World): Promise<Verdict> {
  const fault = checkOb3Header(jws.header)
  if (fault !== undefined) {
    const checks = [failed('format', fault.code, fault.values)]
    return { verdict: verdictWordOf(checks), checks, credential: summaryOfOb3(jws.payload, 'ob3-jwt') }
  }
  const gates = [checkJwtStructure(jws.payload), checkOb3Schema(jws.payload), checkBinding(jws.payload)]
  const proven = await proveJwt(jws, idOf(jws.payload['issuer']) ?? '', world)
  return await conclude(jws.payload, 'ob3-jwt', proven, gates, asked, world)
}

/** Verifies an OB 3.0 credential with an embedded eddsa-rdfc-2022 proof on VC 2.0 (CONFORMANCE 3.9–3.13, 6). */
export async function verifyOb3Json(document: JsonObject, asked: Asked, world: World): Promise<Verdict> {
  const structure = checkOb3Structure(document)
  const plain = structure.outcome === 'passed' ? checkPlainMembers(document) : undefined
  const gates = [plain ?? structure, checkOb3Schema(document)]
  const proven = await proveEmbedded(document, idOf(document['issuer']) ?? '', asked.at, world)
  return await conclude(document, 'ob3-json', proven, gates, asked, world)
}
