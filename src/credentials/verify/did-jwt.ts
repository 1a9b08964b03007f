import type { JsonObject } from '../json.ts'
import { isJsonObject } from '../json.ts'
import type { Check } from '../verdict.ts'
import { failed, notChecked } from './checks.ts'
import {
  controllerOf,
  isForAssertions,
  judgeMethod,
  keyOfMethod,
  keyWithoutController,
  methodsIn,
} from './controller.ts'
import { judgeSignature } from './jws-signature.ts'
import type { Question } from './jwt-question.ts'
import { heedEnd } from './jwt-question.ts'
import { objectOf, textOf } from './members.ts'
import type { Proven } from './proven.ts'
import { issuerNotShown, keyNotReached, withoutKey } from './proven.ts'
import type { PublicKey } from './public-key.ts'
import { keyOfJwk } from './public-key.ts'
import type { World } from './world.ts'

/** The id of the method that kid means. Only a name that the document itself holds is ever found by it (S-26). */
function methodIdOf(kid: string, controller: JsonObject): string {
  const issuerId = textOf(controller, 'id') ?? ''
  if (kid.startsWith('#')) return `${issuerId}${kid}`
  const methods = methodsIn(controller)
  const named = methods.find(({ id, method }) => id === kid || objectOf(method, 'publicKeyJwk')?.['kid'] === kid)
  // A did:key is the name of its one key.
  const only = kid === issuerId && methods.length === 1 ? methods[0] : undefined
  return named?.id ?? only?.id ?? kid
}

/** The method with the key that the header holds. */
function methodIdWith(publicKey: PublicKey, controller: JsonObject): string | undefined {
  const same = methodsIn(controller).filter(({ method }) => {
    const key = keyOfMethod(method)
    return key !== undefined && typeof key !== 'string' && key.text === publicKey.text
  })
  return (same.find(({ id }) => isForAssertions(controller, id)) ?? same[0])?.id
}

/** A JWT of an issuer that is a DID: its key must be in the DID document, for assertions (CONFORMANCE 3.7, 3.14). */
export async function proveByDid(question: Question, world: World): Promise<Proven> {
  const { jws, issuerId } = question
  const { kid, jwk } = jws.header
  const given = isJsonObject(jwk) ? judgeSignature(jws, keyOfJwk(jwk)) : undefined
  if (given !== undefined && given.signature.outcome !== 'passed') {
    return { signature: given.signature, key: keyNotReached, issuer: issuerNotShown }
  }
  const { document, issuer } = await controllerOf(issuerId, world)
  if (document === undefined) {
    const signature = given?.signature ?? notChecked('signature', 'no-key')
    return { signature, key: keyWithoutController(issuer), issuer }
  }
  const ofKid = typeof kid === 'string' ? methodIdOf(kid, document) : undefined
  const id = given?.publicKey === undefined ? ofKid : methodIdWith(given.publicKey, document)
  if (id === undefined) {
    const key = given === undefined ? failed('key', 'key-not-named') : failed('key', 'key-not-listed')
    return { signature: given?.signature ?? notChecked('signature', 'no-key'), key, issuer }
  }
  return await proveByMethod(question, document, id, issuer, world)
}

async function proveByMethod(
  question: Question,
  controller: JsonObject,
  id: string,
  issuer: Check,
  world: World,
): Promise<Proven> {
  const { key, publicKey, method } = await judgeMethod(controller, id, world)
  if (publicKey === undefined || method === undefined) return withoutKey(key, issuer)
  const { signature } = judgeSignature(question.jws, publicKey)
  const isOfIssuer = key.outcome === 'passed' || key.code === 'key-not-listed'
  const proven = { signature, key, issuer }
  return isOfIssuer ? await heedEnd(proven, method, question, world) : proven
}
