import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { bakedText, Fields, type Out, payloadOf, textsIn } from './files.ts'
import { judgeEmbedded, verifyJwt, verifyOb2 } from './strangers.ts'

/** Others read and verify what the demo wrote, with `world.json` and nothing else. */
export function othersVerify(out: () => Out): void {
  describe('others verify it with nothing but world.json', () => {
    test('CONFORMANCE 3B, T18: ob3.json by @digitalbazaar/vc with eddsa-rdfc-2022, its status list too', async () => {
      const { ob3Json, world } = out()
      expect(await judgeEmbedded(ob3Json, world)).toEqual({ verified: true, isRevoked: false, error: '' })
    })

    test('CONFORMANCE T4: that was safe mode, because a term that no context knows is refused', async () => {
      const { ob3Json, world } = out()
      const added = JSON.stringify({ ...Fields.parse(JSON.parse(ob3Json)), favouriteColour: 'red' })
      const judged = await judgeEmbedded(added, world)
      expect(judged.verified).toBe(false)
      expect(judged.error).toContain('Safe mode validation error')
    })

    test('and one other word in it is refused', async () => {
      const { ob3Json, world } = out()
      const judged = await judgeEmbedded(ob3Json.replace('"points":"3"', '"points":"4"'), world)
      expect(judged.verified).toBe(false)
      expect(judged.error).toContain('Invalid signature')
    })

    test('CONFORMANCE 3.4–3.7: ob3.jwt by jose, with the key at its kid, which the host’s key set gives to the issuer', async () => {
      const { ob3Jwt, world } = out()
      const credential = await verifyJwt(ob3Jwt, world)
      const { validFrom, credentialSubject } = z
        .looseObject({ validFrom: z.iso.datetime(), credentialSubject: z.looseObject({ id: z.string() }) })
        .parse(credential)
      expect(credential).toMatchObject({
        jti: credential['id'],
        nbf: Date.parse(validFrom) / 1000,
        sub: credentialSubject.id,
      })
    })

    test('CONFORMANCE 1.7, 1.8: ob2.jws by jose, from its creator to the owner that lists the key', async () => {
      const { ob2, world } = out()
      expect((await verifyOb2(ob2, world)).assertion).toEqual(payloadOf(ob2))
    })

    test('CONFORMANCE 9.9: the two name each other, and the embedded form says the same as the JWT', () => {
      const { ob2, ob3Jwt, ob3Json } = out()
      const { iss: _iss, jti, nbf: _nbf, sub: _sub, ...credential } = payloadOf(ob3Jwt)
      const { proof: _proof, ...embedded } = Fields.parse(JSON.parse(ob3Json))
      expect(embedded).toEqual(credential)
      const assertion = payloadOf(ob2)
      expect(assertion['evidence']).toContainEqual(expect.objectContaining({ id: jti }))
      expect(credential['evidence']).toContainEqual(expect.objectContaining({ id: assertion['id'] }))
    })
  })

  describe('CONFORMANCE 4.1, 4.2, 4.6: the picture', () => {
    test('holds both, byte for byte, each once, plain, before the image data', () => {
      const { badge, ob2, ob3Jwt } = out()
      expect(textsIn(badge)).toEqual([
        { keyword: 'openbadgecredential', text: ob3Jwt, isPlain: true },
        { keyword: 'openbadges', text: ob2, isPlain: true },
      ])
      expect(badge.indexOf('iTXt')).toBeLessThan(badge.indexOf('IDAT'))
    })

    test('is still a picture of 400 by 400 that sharp opens and decodes, also the revoked one', async () => {
      for (const png of [out().badge, out().revoked]) {
        const { info } = await sharp(png, { failOn: 'warning' }).raw().toBuffer({ resolveWithObject: true })
        expect({ width: info.width, height: info.height }).toEqual({ width: 400, height: 400 })
      }
    })

    test('the revoked one is signed as well as the other: only the lists tell', async () => {
      const { revoked, world } = out()
      const { ob3Jwt } = out()
      const credential = await verifyJwt(bakedText(revoked, 'openbadgecredential'), world)
      await verifyOb2(bakedText(revoked, 'openbadges'), world)
      expect(credential['id']).not.toBe(payloadOf(ob3Jwt)['id'])
    })
  })
}
