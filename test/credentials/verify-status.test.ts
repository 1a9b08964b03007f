import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { bakePng } from '../../src/credentials/bake/png.ts'
import type { Json, JsonObject } from '../../src/credentials/json.ts'
import { signEmbedded } from '../../src/credentials/issue.ts'
import { emptyStatusList, encodeStatusList, setStatus } from '../../src/credentials/status-list.ts'
import type { Check, Look, Verdict } from '../../src/credentials/verdict.ts'
import { verify } from '../../src/credentials/verify.ts'
import { awardFacts, issuerId, now, rsaKey } from '../support/award-facts.ts'
import type { Badges, Documents } from '../support/badge-world.ts'
import {
  badgesOf,
  bytesOf,
  jwsOf,
  keys,
  lookIn,
  payloadOf,
  publicDocuments,
  smallPng,
  statusList,
  statusListAddress as address,
  strangerKeys,
} from '../support/badge-world.ts'

let badges: Badges
let documents: Documents
beforeAll(async () => {
  badges = await badgesOf()
  documents = await publicDocuments()
})

const entry = {
  id: `${address}#70001`,
  type: 'BitstringStatusListEntry',
  statusPurpose: 'revocation',
  statusListIndex: '70001',
  statusListCredential: address,
}
const edTechList = `${issuerId}/revoked`
const subject = (change: JsonObject): JsonObject => ({
  credentialSubject: {
    id: `${address}#list`,
    type: 'BitstringStatusList',
    statusPurpose: 'revocation',
    encodedList: encodeStatusList(emptyStatusList()),
    ...change,
  },
})

function statusOf(verdict: Verdict): Check | undefined {
  return verdict.checks.find(({ id }) => id === 'status')
}

async function judge(
  badge: string | JsonObject,
  changes: Readonly<Record<string, Json | undefined>> = {},
): Promise<Verdict> {
  const entries = Object.entries({ ...documents, ...changes }).flatMap(([at, document]) =>
    document === undefined ? [] : [[at, document] as const],
  )
  return await verify(bytesOf(badge), lookIn(Object.fromEntries(entries)), { at: now })
}

/** A rightly signed 3.0 badge with this status. */
function withStatus(credentialStatus: Json | undefined): string {
  const payload = Object.entries({ ...payloadOf(badges.ob3), credentialStatus }).filter(
    ([, value]) => value !== undefined,
  )
  const header = { alg: 'RS256', kid: rsaKey.kid, typ: 'JWT' }
  return jwsOf(header, JSON.stringify(Object.fromEntries(payload)), rsaKey)
}

describe('revoked', () => {
  test('CONFORMANCE 7.1–7.4, 1.9: in every form, by every list', async () => {
    const revoked = await publicDocuments({ revoked: true })
    const { ob2, ob3, json } = badges
    const edTech = withStatus({ id: edTechList, type: '1EdTechRevocationList' })
    const forms = [bytesOf(ob2), bytesOf(ob3), bytesOf(json), bytesOf(edTech), bakePng(smallPng(), { ob3, ob2 })]
    for (const bytes of forms) {
      const verdict = await verify(bytes, lookIn(revoked), { at: now })
      expect(verdict.verdict).toBe('revoked')
      expect(statusOf(verdict)).toMatchObject({ outcome: 'failed', code: 'revoked' })
    }
    const told = await verify(bytesOf(ob2), lookIn(revoked), { at: now })
    expect(told.credential?.revocationReason).toBe('Myönnetty vahingossa')
    expect(statusOf(told)?.values).toEqual({ reason: 'Myönnetty vahingossa' })
  })

  test('a revoked badge stays revoked when it has also expired', async () => {
    const revoked = await publicDocuments({ revoked: true })
    const verdict = await verify(bytesOf(badges.ob2), lookIn(revoked), { at: new Date('2040-01-01T00:00:00Z') })
    expect(verdict.verdict).toBe('revoked')
    expect(verdict.checks.find(({ id }) => id === 'dates')?.code).toBe('expired')
  })

  test('S-28, CONFORMANCE 7.1: whatever the reason is, also none; only revoked: false is not', async () => {
    const badge = withStatus({ id: edTechList, type: '1EdTechRevocationList' })
    const list = (listed: Json): JsonObject => ({ id: edTechList, issuer: issuerId, revokedCredential: [listed] })
    const id = awardFacts.credentialId
    for (const listed of [
      { id },
      { id, revoked: true },
      { id, revocationReason: '' },
      { id, revoked: true, revocationReason: null },
    ]) {
      expect((await judge(badge, { [edTechList]: list(listed) })).verdict).toBe('revoked')
    }
    expect((await judge(badge, { [edTechList]: list({ id, revoked: false }) })).verdict).toBe('valid')
    expect((await judge(badge, { [edTechList]: list({ id: 'urn:other' }) })).verdict).toBe('valid')
  })

  test('CONFORMANCE 1.9: a 2.0 list of plain ids, of objects and of uids', async () => {
    const at = `${issuerId}/revoked/ob2`
    const list = (listed: Json): JsonObject => ({
      type: 'RevocationList',
      id: at,
      issuer: `${issuerId}/ob2`,
      revokedAssertions: [listed],
    })
    const id = awardFacts.assertionId
    for (const listed of [id, { id }, { id, revocationReason: 'x' }, { uid: id }]) {
      expect((await judge(badges.ob2, { [at]: list(listed) })).verdict).toBe('revoked')
    }
    expect((await judge(badges.ob2, { [at]: list('urn:other') })).verdict).toBe('valid')
  })

  test('CONFORMANCE 7.2, 7.3, T12: exactly the bit at the index, given as text or number', async () => {
    for (const index of [0, 7, 8, 131_071]) {
      const list = await statusList([index])
      const badge = (at: Json): string => withStatus({ ...entry, statusListIndex: at })
      expect((await judge(badge(String(index)), { [address]: list })).verdict).toBe('revoked')
      expect((await judge(badge(index), { [address]: list })).verdict).toBe('revoked')
      expect((await judge(badge(String(index === 8 ? 9 : 8)), { [address]: list })).verdict).toBe('valid')
    }
  })

  test('CONFORMANCE 7.6: suspension is understood, alone and beside revocation', async () => {
    const bits = emptyStatusList()
    setStatus(bits, 70_001)
    const suspended = await statusList(
      [],
      subject({ statusPurpose: 'suspension', encodedList: encodeStatusList(bits) }),
    )
    const badge = withStatus({ ...entry, statusPurpose: 'suspension' })
    const verdict = await judge(badge, { [address]: suspended })
    expect([verdict.verdict, statusOf(verdict)?.code]).toEqual(['suspended', 'suspended'])
    // Beside revocation: a list of two, which W3C permits and the schema of 3.0 does not. What it says is told all the same.
    const second = `${issuerId}/status/2`
    const both = withStatus([entry, { ...entry, statusPurpose: 'suspension', statusListCredential: second }])
    const otherList = await statusList([], {
      id: second,
      ...subject({ statusPurpose: 'suspension', encodedList: encodeStatusList(bits) }),
    })
    const told = await judge(both, { [second]: otherList })
    expect([told.verdict, statusOf(told)?.code]).toEqual(['invalid', 'suspended'])
    const worse = await judge(both, { [second]: otherList, [address]: await statusList([70_001]) })
    expect(statusOf(worse)?.code).toBe('revoked')
  })
})

describe('CONFORMANCE 7.4, S-28: what could not be learnt is never "not revoked"', () => {
  async function expectUnchecked(
    code: string,
    badge: string,
    changes: Readonly<Record<string, Json | undefined>> = {},
  ): Promise<void> {
    const verdict = await judge(badge, changes)
    expect(statusOf(verdict)).toMatchObject({ outcome: 'not-checked', code })
    expect(verdict.verdict).toBe('could-not-check')
  }
  const signed = async (change: JsonObject): Promise<Documents> => ({ [address]: await statusList([], change) })

  test('a list that is not there or not given', async () => {
    await expectUnchecked('status-not-fetched', badges.ob3, { [address]: undefined })
    await expectUnchecked('status-not-fetched', badges.ob2, { [`${issuerId}/revoked/ob2`]: undefined })
    for (const shut of ['status-list', 'revocation-list']) {
      const open = lookIn(documents)
      const look: Look = async (at, purpose) =>
        purpose === shut ? { outcome: 'not-fetched', why: 'unreachable' } : await open(at, purpose)
      const verdict = await verify(bytesOf(shut === 'status-list' ? badges.json : badges.ob2), look, { at: now })
      expect([verdict.verdict, statusOf(verdict)?.code]).toEqual(['could-not-check', 'status-not-fetched'])
    }
  })

  test('a server in trouble', async () => {
    const open = lookIn(documents)
    const look: Look = async (at, purpose) => {
      const looked = await open(at, purpose)
      return purpose === 'status-list' && looked.outcome === 'found' ? { ...looked, status: 503 } : looked
    }
    const verdict = await verify(bytesOf(badges.ob3), look, { at: now })
    expect([verdict.verdict, statusOf(verdict)?.code]).toEqual(['could-not-check', 'status-not-fetched'])
  })

  test('a list that is no list', async () => {
    for (const wrong of ['<html>', { id: address }, { ...(documents[issuerId] as JsonObject) }]) {
      await expectUnchecked('status-unreadable', badges.ob3, { [address]: wrong })
    }
    await expectUnchecked('status-unreadable', badges.ob3, await signed(subject({ encodedList: 'uAAAA' })))
    await expectUnchecked('status-unreadable', badges.ob3, await signed(subject({ encodedList: 7 })))
    const hidden = { ...(documents[address] as JsonObject), 'https://x.example/#y': 'z' }
    await expectUnchecked('status-unreadable', badges.ob3, { [address]: hidden })
  })

  test('S-47: a bomb of zeros', async () => {
    const bomb = `u${gzipSync(Buffer.alloc(64 * 1024 * 1024)).toString('base64url')}`
    await expectUnchecked('status-unreadable', badges.ob3, await signed(subject({ encodedList: bomb })))
  })

  test('a changed list, one without a proof, one by another’s key', async () => {
    const list = documents[address] as JsonObject
    const { proof: _proof, ...unsigned } = list
    await expectUnchecked('status-list-proof-wrong', badges.ob3, {
      [address]: { ...list, validFrom: '2026-11-22T10:00:01Z' },
    })
    await expectUnchecked('status-list-proof-wrong', badges.ob3, { [address]: unsigned })
    const foreign = { ...strangerKeys.ed, kid: `${issuerId}/keys/ed-1` }
    await expectUnchecked('status-list-proof-wrong', badges.ob3, {
      [address]: await signEmbedded(unsigned, foreign, now),
    })
    const unknown = { ...unsigned, proof: { type: 'DataIntegrityProof', cryptosuite: 'other' } }
    await expectUnchecked('status-list-proof-not-checked', badges.ob3, { [address]: unknown })
  })

  test('a list of another issuer, also when it is rightly signed', async () => {
    const { proof: _proof, ...unsigned } = documents[address] as JsonObject
    const foreign = await signEmbedded({ ...unsigned, issuer: 'https://merkit.example/o/tor2' }, strangerKeys.ed, now)
    await expectUnchecked('status-list-of-another-issuer', badges.ob3, { [address]: foreign })
    const edTech = withStatus({ id: edTechList, type: '1EdTechRevocationList' })
    const list = { id: edTechList, issuer: 'https://merkit.example/o/tor2', revokedCredential: [] }
    await expectUnchecked('status-list-of-another-issuer', edTech, { [edTechList]: list })
    await expectUnchecked('status-list-of-another-address', edTech, {
      [edTechList]: { ...list, issuer: issuerId, id: 'x' },
    })
    await expectUnchecked('status-unreadable', edTech, { [edTechList]: { ...list, revokedCredential: 'none' } })
  })

  test('another list of the same issuer, or one that is no longer in force', async () => {
    await expectUnchecked('status-list-of-another-address', badges.ob3, await signed({ id: `${issuerId}/status/2` }))
    await expectUnchecked('status-list-not-current', badges.ob3, await signed({ validUntil: '2026-11-30T00:00:00Z' }))
    await expectUnchecked('status-list-not-current', badges.ob3, await signed({ validFrom: '2026-12-02T00:00:00Z' }))
  })

  test('another purpose, a short list, an index outside', async () => {
    await expectUnchecked('status-purpose-wrong', badges.ob3, await signed(subject({ statusPurpose: 'suspension' })))
    const short = encodeStatusList(new Uint8Array(16_383))
    await expectUnchecked('status-list-length', badges.ob3, await signed(subject({ encodedList: short })))
    await expectUnchecked('status-index-out-of-range', withStatus({ ...entry, statusListIndex: '131072' }))
  })

  test.each<[string, JsonObject, string]>([
    ['an index that is none', { statusListIndex: '-1' }, 'status-unreadable'],
    ['an index with a fraction', { statusListIndex: 1.5 }, 'status-unreadable'],
    ['no list', { statusListCredential: 'urn:x' }, 'status-unreadable'],
    ['another purpose', { statusPurpose: 'message' }, 'unsupported-status'],
    ['more than one bit', { statusSize: 2 }, 'unsupported-status'],
    ['another type', { type: 'StatusList2021Entry' }, 'unsupported-status'],
  ])('an entry with %s', async (_, change, code) => {
    await expectUnchecked(code, withStatus({ ...entry, ...change }))
  })

  test('a status that is no entry', async () => {
    // The schema refuses these too, so they are invalid; the status still does not pass.
    for (const odd of [null, [], 'https://a.example', ['x'], [entry, entry, entry, entry, entry]]) {
      expect(statusOf(await judge(withStatus(odd)))?.outcome).toBe('not-checked')
    }
  })
})

test('CONFORMANCE 6.5: without a status there is none to fail, and the verdict says so', async () => {
  const verdict = await judge(withStatus(undefined))
  expect([verdict.verdict, statusOf(verdict)?.code]).toEqual(['valid', 'no-status'])
  const { revocationList: _list, ...profile } = documents[`${issuerId}/ob2`] as JsonObject
  const ob2 = await judge(badges.ob2, { [`${issuerId}/ob2`]: profile })
  expect([ob2.verdict, statusOf(ob2)?.code]).toEqual(['valid', 'no-status'])
})

test('CONFORMANCE 7.3: a list as VC-JWT by the same issuer is taken', async () => {
  const { proof: _proof, ...unsigned } = (await statusList([70_001])) satisfies JsonObject
  const jwt = jwsOf({ alg: 'RS256', kid: keys.rsa.kid, typ: 'JWT' }, { ...unsigned, iss: issuerId }, keys.rsa)
  expect((await judge(badges.ob3, { [address]: jwt })).verdict).toBe('revoked')
  const foreign = jwsOf({ alg: 'RS256', kid: strangerKeys.rsa.kid }, unsigned, strangerKeys.rsa)
  expect(statusOf(await judge(badges.ob3, { [address]: foreign }))?.code).toBe('status-list-proof-wrong')
  const otherIss = jwsOf({ alg: 'RS256', kid: keys.rsa.kid }, { ...unsigned, iss: 'https://x.example' }, keys.rsa)
  expect(statusOf(await judge(badges.ob3, { [address]: otherIss }))?.code).toBe('status-unreadable')
})
