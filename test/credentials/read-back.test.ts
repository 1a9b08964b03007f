import { expect, test } from 'vitest'
import { prepare, sign } from '../../src/credentials/issue.ts'
import { oncePer } from '../../src/credentials/once.ts'
import { credential } from '../../src/credentials/ob3/build.ts'
import { checkCredential } from '../../src/credentials/ob3/check.ts'
import { payloadOf, writtenAs } from '../../src/credentials/strict-json.ts'
import type { Verdict } from '../../src/credentials/verdict.ts'
import { verify } from '../../src/credentials/verify.ts'
import { awardFacts, rsaKey } from '../support/award-facts.ts'
import { bytesOf, jwsOf, keys, lookIn, publicDocuments, strangerKeys } from '../support/badge-world.ts'
import { withAt } from '../support/json.ts'

const prepared = prepare(awardFacts, rsaKey.kid)
const { ob2, ob3 } = prepared.payloads
const signed = await sign(prepared, keys.rsa)
const look = lookIn(await publicDocuments())
const written = writtenAs([ob2, ob3])
const ob3Text = ob3.bytes.toString()
const at = awardFacts.validFrom

const readBack = async (text: string): Promise<Verdict> => await verify(text, look, { at, written })

test.each([signed.ob2Jws, signed.ob3Jwt])('what was just signed is judged as when it is read anew %#', async (text) => {
  const verdict = await readBack(text)
  expect(verdict.verdict).toBe('valid')
  expect(verdict).toEqual(await verify(bytesOf(text), look, { at }))
})

test('what was written is taken for what it was written of, and read only where it was not', async () => {
  const named = { ...ob3, document: { ...ob3.document, name: 'Sama teksti' } }
  const verdict = await verify(signed.ob3Jwt, look, { at, written: writtenAs([named]) })
  expect(verdict.credential?.name).toBe('Sama teksti')
})

test('a text of our own under another key, or with another signature, is not valid', async () => {
  const header = { alg: 'RS256', kid: rsaKey.kid, typ: 'JWT' }
  const byStranger = jwsOf(header, ob3Text, strangerKeys.rsa)
  expect((await readBack(byStranger)).checks).toContainEqual(
    expect.objectContaining({ id: 'signature', outcome: 'failed', code: 'signature-wrong' }),
  )
  const [head = '', payload = ''] = signed.ob3Jwt.split('.')
  const moved = [head, payload, signed.ob2Jws.split('.')[2] ?? ''].join('.')
  expect((await readBack(moved)).verdict).toBe('invalid')
})

test('a payload that is not that text letter by letter is read like any other', async () => {
  const twice = ob3Text.replace('{', '{"id":"urn:uuid:00000000-0000-4000-8000-000000000009",')
  const jws = jwsOf({ alg: 'RS256', kid: rsaKey.kid, typ: 'JWT' }, twice, keys.rsa)
  expect((await readBack(jws)).checks).toEqual([
    expect.objectContaining({ id: 'format', code: 'json-duplicate-member' }),
  ])
})

test('a text with an escaped letter is never taken as it is: it may be half of a pair', () => {
  expect(writtenAs([payloadOf({ name: '\ud800' })]).size).toBe(0)
  expect(writtenAs([ob2, ob3]).size).toBe(2)
})

test('an achievement that was right before is right for its own issuer only, and excuses nothing around it', () => {
  const right = credential(awardFacts)
  expect(checkCredential(right)).toEqual([])
  const badgeClass = { ...awardFacts.badgeClass, description: awardFacts.badgeClass.issuer.email }
  const naming = credential({ ...awardFacts, badgeClass })
  expect(checkCredential(naming)).toEqual([])
  const subject = naming['credentialSubject'] ?? null
  const other = withAt(naming, ['issuer', 'email'], 'other@example.org')
  expect(checkCredential({ ...other, credentialSubject: subject })).toEqual([
    expect.objectContaining({ pointer: '/credentialSubject/achievement/description', code: 'private-text' }),
  ])
  expect(checkCredential({ ...naming, credentialSubject: subject, name: '' })).not.toEqual([])
  expect(checkCredential(withAt(naming, ['evidence', 0, 'narrative'], 'tehostettu tuki'))).toEqual([
    expect.objectContaining({ pointer: '/evidence/0/narrative', code: 'private-text' }),
  ])
})

test('once per object: the same answer for the same one, another for its twin', () => {
  let worked = 0
  const count = oncePer((_given: object) => (worked += 1))
  const one = {}
  expect([count(one), count(one), count({})]).toEqual([1, 1, 2])
})
