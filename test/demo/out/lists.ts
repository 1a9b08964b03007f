import { decodeList } from '@digitalbazaar/vc-bitstring-status-list'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { bakedText, documentAt, type Fields, type Out, payloadOf, textOf } from './files.ts'
import { judgeEmbedded, verifyOb2 } from './strangers.ts'

const Status = z.looseObject({
  statusPurpose: z.literal('revocation'),
  statusListIndex: z.string().regex(/^\d+$/),
  statusListCredential: z.url(),
})
const StatusList = z.looseObject({
  credentialSubject: z.looseObject({ statusPurpose: z.literal('revocation'), encodedList: z.string() }),
})
const Revoked = z.looseObject({
  issuer: z.string(),
  revokedCredential: z.array(
    z.strictObject({ id: z.string(), revoked: z.literal(true), revocationReason: z.string().min(1) }),
  ),
})
const RevocationList = z.looseObject({
  type: z.literal('RevocationList'),
  issuer: z.string(),
  revokedAssertions: z.array(z.strictObject({ id: z.string(), revocationReason: z.string().min(1) })),
})

/** The revoked badge is on every list, the kept one on none. */
export function listsTell(out: () => Out): void {
  const keptAndRevoked = (): { readonly kept: Fields; readonly revoked: Fields } => ({
    kept: payloadOf(out().ob3Jwt),
    revoked: payloadOf(bakedText(out().revoked, 'openbadgecredential')),
  })

  describe('CONFORMANCE 1.9, 7: who looks at a list', () => {
    test('7.3, 7.4: the bit of the revoked badge is set, and no other', async () => {
      const { kept, revoked } = keptAndRevoked()
      const places = [kept, revoked].map((credential) => Status.parse(credential['credentialStatus']))
      const [list] = new Set(places.map((status) => status.statusListCredential))
      const { encodedList } = StatusList.parse(documentAt(out().world, list ?? '')).credentialSubject
      const bits = await decodeList({ encodedList })
      expect(bits.length).toBeGreaterThanOrEqual(131_072)
      const set = Array.from({ length: bits.length }, (_, place) => place).filter((place) => bits.getStatus(place))
      expect(set).toEqual([Number(places[1]?.statusListIndex)])
      expect(places[0]?.statusListIndex).not.toBe(places[1]?.statusListIndex)
    })

    test('7.4: the list itself is signed by the issuer', async () => {
      const { world } = out()
      const { statusListCredential } = Status.parse(keptAndRevoked().kept['credentialStatus'])
      const list = world[statusListCredential]
      expect(list?.contentType).toBe('application/vc+ld+json')
      expect(documentAt(world, statusListCredential)['issuer']).toBe(keptAndRevoked().kept['iss'])
      expect(await judgeEmbedded(list?.body ?? '', world)).toMatchObject({ verified: true, error: '' })
    })

    test('7.1: the 1EdTech list names the revoked one with the reason, and nothing else', () => {
      const { kept, revoked } = keptAndRevoked()
      const list = Revoked.parse(documentAt(out().world, `${textOf(kept, 'iss')}/revoked`))
      expect(list.issuer).toBe(kept['iss'])
      expect(list.revokedCredential).toEqual([
        { id: revoked['id'], revoked: true, revocationReason: 'Merkki myönnettiin vahingossa' },
      ])
    })

    test('1.9: so does the 2.0 list of the profile', async () => {
      const { revocationList, assertion } = await verifyOb2(bakedText(out().revoked, 'openbadges'), out().world)
      const list = RevocationList.parse(documentAt(out().world, revocationList))
      expect(list.revokedAssertions).toEqual([
        { id: assertion['id'], revocationReason: 'Merkki myönnettiin vahingossa' },
      ])
      expect(payloadOf(out().ob2)['id']).not.toBe(assertion['id'])
    })

    test('the other foundation’s lists are empty', () => {
      const { origin } = new URL(textOf(keptAndRevoked().kept, 'iss'))
      expect(Revoked.parse(documentAt(out().world, `${origin}/o/tun2/revoked`)).revokedCredential).toEqual([])
      expect(RevocationList.parse(documentAt(out().world, `${origin}/o/tun2/revoked/ob2`)).revokedAssertions).toEqual(
        [],
      )
    })
  })
}
