import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { signEmbedded } from '../../src/credentials/issue.ts'
import { verifyEddsa } from '../../src/credentials/proofs/eddsa-rdfc-2022.ts'
import {
  decodeStatusList,
  emptyStatusList,
  encodeStatusList,
  setStatus,
  statusAt,
  statusListCredential,
  statusListLength,
  UnreadableStatusList,
} from '../../src/credentials/status-list.ts'
import { edKey, issuer } from '../support/award-facts.ts'
import { statusByDigitalBazaar } from '../support/digitalbazaar.ts'

const validFrom = new Date('2026-11-22T10:00:00Z')

describe('the bits', () => {
  test('CONFORMANCE 7.3: 131 072 places, bit 0 is the left-most of byte 0', () => {
    const bits = emptyStatusList()
    expect(bits.length * 8).toBe(statusListLength)
    setStatus(bits, 0)
    setStatus(bits, 9)
    setStatus(bits, statusListLength - 1)
    expect([bits[0], bits[1], bits.at(-1)]).toEqual([0b1000_0000, 0b0100_0000, 0b0000_0001])
    setStatus(bits, 9, false)
    expect([statusAt(bits, 0), statusAt(bits, 9), statusAt(bits, 1)]).toEqual([true, false, false])
  })

  test('CONFORMANCE 7.4: a place outside the list is an error, not "not revoked"', () => {
    for (const index of [-1, statusListLength, 1.5, Number.NaN]) {
      expect(() => statusAt(emptyStatusList(), index)).toThrow(RangeError)
      expect(() => setStatus(emptyStatusList(), index)).toThrow(RangeError)
    }
  })

  test('any set of revoked places survives encoding', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat({ max: statusListLength - 1 }), { maxLength: 40 }), (places) => {
        const bits = emptyStatusList()
        for (const place of places) setStatus(bits, place)
        const read = decodeStatusList(encodeStatusList(bits))
        expect(places.every((place) => statusAt(read, place))).toBe(true)
        expect(read).toEqual(Buffer.from(bits))
      }),
      { numRuns: 20 },
    )
  })
})

describe('encodedList', () => {
  test('CONFORMANCE 7.3, T12: u, base64url, no padding, the same text for the same bits', () => {
    const encoded = encodeStatusList(emptyStatusList())
    expect(encoded).toMatch(/^uH4sI[A-Za-z0-9_-]+$/)
    expect(encodeStatusList(emptyStatusList())).toBe(encoded)
  })

  test('CONFORMANCE 7.3: @digitalbazaar/vc-bitstring-status-list reads our bits', async () => {
    const bits = emptyStatusList()
    setStatus(bits, 70_001)
    const encoded = encodeStatusList(bits)
    expect(await statusByDigitalBazaar(encoded, 70_001)).toBe(true)
    expect(await statusByDigitalBazaar(encoded, 70_000)).toBe(false)
    expect(await statusByDigitalBazaar(encoded, 70_002)).toBe(false)
  })

  test('S-47: inflating stops at the limit', () => {
    const bomb = `u${gzipSync(new Uint8Array(9 * 1024 * 1024)).toString('base64url')}`
    expect(bomb.length).toBeLessThan(20_000)
    expect(() => decodeStatusList(bomb)).toThrow(expect.objectContaining({ code: 'too-large' }))
    expect(() => decodeStatusList(`u${'A'.repeat(300)}`, 100)).toThrow(expect.objectContaining({ code: 'too-large' }))
  })

  test('T12: no prefix, padding, other letters and other bytes are unreadable', () => {
    const encoded = encodeStatusList(emptyStatusList())
    for (const text of ['', 'u', encoded.slice(1), `${encoded}=`, `${encoded}+/`, 'uAAAA']) {
      expect(() => decodeStatusList(text), text).toThrow(UnreadableStatusList)
    }
  })
})

test('CONFORMANCE 7.3, 7.5: the list is a credential of the issuer with an embedded proof', async () => {
  const bits = emptyStatusList()
  setStatus(bits, 5)
  const signed = await signEmbedded(statusListCredential({ issuer, list: 3, bits, validFrom }), edKey, validFrom)
  expect(signed).toMatchObject({
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    id: 'https://merkit.example/o/mer1/status/3',
    type: ['VerifiableCredential', 'BitstringStatusListCredential'],
    issuer: 'https://merkit.example/o/mer1',
    validFrom: '2026-11-22T10:00:00Z',
    credentialSubject: {
      id: 'https://merkit.example/o/mer1/status/3#list',
      type: 'BitstringStatusList',
      statusPurpose: 'revocation',
    },
  })
  expect(await verifyEddsa(signed, edKey.publicKey)).toBe(true)
})
