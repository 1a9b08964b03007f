import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeBase58btc, encodeBase58btc } from '../../../src/credentials/proofs/base58btc.ts'
import { decodeMultikey, encodeMultikey } from '../../../src/credentials/proofs/multikey.ts'
import { rsaKey } from '../../support/award-facts.ts'

test('base58btc gives every byte string back, leading zeros too', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      expect(decodeBase58btc(encodeBase58btc(bytes))).toEqual(Uint8Array.from(bytes))
    }),
  )
  // draft-msporny-base58-03 §5
  expect(encodeBase58btc(Buffer.from('Hello World!'))).toBe('2NEpo7TZRRrLZSi2U')
  expect(encodeBase58btc(Buffer.from('0000287fb4cd', 'hex'))).toBe('11233QC4')
})

test('base58btc refuses other letters and texts longer than anything we read', () => {
  expect(decodeBase58btc('0')).toBeUndefined()
  expect(decodeBase58btc('l')).toBeUndefined()
  expect(decodeBase58btc('2'.repeat(201))).toBeUndefined()
})

test('CONFORMANCE 3.10: an Ed25519 Multikey begins z6Mk and gives its key back', () => {
  const { publicKey } = generateKeyPairSync('ed25519')
  const multibase = encodeMultikey(publicKey)
  expect(multibase).toMatch(/^z6Mk/)
  expect(decodeMultikey(multibase)?.equals(publicKey)).toBe(true)
})

test('CONFORMANCE 3.10: other keys, other prefixes and broken texts are no Ed25519 Multikey', () => {
  expect(() => encodeMultikey(rsaKey.publicKey)).toThrow(TypeError)
  const p256Prefix = `z${encodeBase58btc(Uint8Array.from([0x80, 0x24, ...new Uint8Array(33)]))}`
  for (const text of [
    '',
    'z',
    'z6Mk',
    'u7QE',
    p256Prefix,
    `${encodeMultikey(generateKeyPairSync('ed25519').publicKey)}2`,
  ]) {
    expect(decodeMultikey(text), text).toBeUndefined()
  }
})
