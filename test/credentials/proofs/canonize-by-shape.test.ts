import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AwardFacts } from '../../../src/credentials/facts.ts'
import { credential } from '../../../src/credentials/ob3/build.ts'
import { canonize } from '../../../src/credentials/proofs/canonize.ts'
import { createCanonizeByShape } from '../../../src/credentials/proofs/canonize-by-shape.ts'
import type { JsonObject } from '../../../src/credentials/json.ts'
import { awardFacts } from '../../support/award-facts.ts'

/** Counts how often the whole way is taken. */
function watched(): { readonly whole: { count: number }; readonly byShape: (one: JsonObject) => Promise<string> } {
  const whole = { count: 0 }
  const byShape = createCanonizeByShape(async (one) => {
    whole.count += 1
    return await canonize(one)
  })
  return { whole, byShape }
}

const urn = (): string => `urn:uuid:${randomUUID()}`
const seconds = (count: number): Date => new Date(1_780_000_000_000 + count * 1000)

describe('embedded proofs of many awards are canonised by their shape (CONFORMANCE 3.9)', () => {
  test('awards of one class come out as by the whole way, which is taken once', async () => {
    const { whole, byShape } = watched()
    const moments = fc.record({
      from: fc.integer({ min: 0, max: 1e8 }),
      length: fc.integer({ min: 1, max: 1e8 }),
      index: fc.integer({ min: 0, max: 131_071 }),
    })
    await fc.assert(
      fc.asyncProperty(moments, async ({ from, length, index }) => {
        const facts: AwardFacts = {
          ...awardFacts,
          credentialId: urn(),
          assertionId: urn(),
          recipient: { ...awardFacts.recipient, urn: urn() },
          awardedAt: seconds(from),
          validFrom: seconds(from),
          validUntil: seconds(from + length),
          status: { list: 1, index },
        }
        const document = credential(facts)
        expect(await byShape(document)).toBe(await canonize(document))
      }),
      { numRuns: 30 },
    )
    expect(whole.count).toBe(1)
  })

  test('equal instants, equal ids and texts that look like samples are no matter', async () => {
    const { byShape } = watched()
    const base = credential(awardFacts)
    const same = urn()
    for (const document of [
      { ...base, awardedDate: base['validFrom'] ?? '', name: '0001-01-01T00:00:00Z' },
      { ...base, name: 'urn:uuid:00000000-0000-4000-8000-000000000001' },
      { ...base, name: '0000001 "urn:uuid:00000000-0000-4000-8000-000000000000"', id: same },
      { ...base, evidence: [{ id: same, type: ['Evidence'] }], id: same },
      {
        ...base,
        evidence: [
          { id: same, type: ['Evidence'] },
          { id: same, type: ['Evidence'] },
        ],
      },
    ]) {
      for (let round = 0; round < 3; round += 1) expect(await byShape(document)).toBe(await canonize(document))
    }
  })

  test('what the whole way refuses is refused, the second time as well', async () => {
    const { byShape } = watched()
    const undefinedTerm = { ...credential(awardFacts), kummallinen: 'arvo' }
    for (let round = 0; round < 2; round += 1) await expect(byShape(undefinedTerm)).rejects.toThrow(/safe mode/i)
    const unknownContext = { ...credential(awardFacts), '@context': ['https://elsewhere.example/context'] }
    for (let round = 0; round < 2; round += 1) await expect(byShape(unknownContext)).rejects.toThrow(/context/i)
  })

  test('more that varies than there are samples for goes the whole way', async () => {
    const { whole, byShape } = watched()
    const evidence = Array.from({ length: 120 }, () => ({ id: urn(), type: ['Evidence'] }))
    const document = { ...credential(awardFacts), evidence }
    expect(await byShape(document)).toBe(await canonize(document))
    expect(await byShape(document)).toBe(await canonize(document))
    expect(whole.count).toBe(2)
  })
})
