import { generateKeyPairSync } from 'node:crypto'
import { CompactSign, exportJWK, exportSPKI } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { issueByDigitalBazaar } from '../../support/digitalbazaar.ts'
import { failedCodes, type Judge, judgeOf, type Verdict } from './cli-verify.ts'
import { documentAt, Fields, type Out, payloadOf, type World } from './files.ts'

/** S-23, CONFORMANCE 3.7: what another foundation of the same host signed is not this issuer's. */
export function otherKeyShows(out: () => Out): void {
  let here: Judge
  beforeAll(() => {
    here = judgeOf(out())
  })

  describe('cli verify: a key of the other foundation', () => {
    const other = 'https://merkit.example/o/tun2'
    const kid = `${other}/keys/strange-1`
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })

    /** The same payload signed with the strange key. */
    const signed = async (payload: Fields, header: { kid: string; typ?: string }): Promise<string> =>
      await new CompactSign(Buffer.from(JSON.stringify(payload)))
        .setProtectedHeader({ alg: 'RS256', ...header })
        .sign(privateKey)

    /** The world in which the other foundation has published that key, in every place where a verifier could look. */
    const withStrangeKey = async (): Promise<World> => {
      const { world } = out()
      const jwk = { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig', iss: other }
      const add = (address: string, member: string, value: unknown): World => {
        const document = documentAt(world, address)
        const changed = { ...document, [member]: [...z.array(z.unknown()).parse(document[member]), value] }
        return { [address]: { status: 200, contentType: 'application/json', body: JSON.stringify(changed) } }
      }
      const key = { '@context': 'https://w3id.org/openbadges/v2', type: 'CryptographicKey', id: `${kid}/ob2` }
      const publicKeyPem = await exportSPKI(publicKey)
      const page = (body: object): World[string] => ({
        status: 200,
        contentType: 'application/json',
        body: JSON.stringify(body),
      })
      return {
        ...world,
        ...add('https://merkit.example/.well-known/jwks.json', 'keys', jwk),
        ...add(`${other}/ob2`, 'publicKey', `${kid}/ob2`),
        [kid]: page(jwk),
        [`${kid}/ob2`]: page({ ...key, owner: `${other}/ob2`, publicKeyPem }),
      }
    }

    const judgeThere = async (bytes: string, changed: World): Promise<Verdict & { exit: number }> =>
      await here.judge(bytes, '--world', await here.save(JSON.stringify(changed)))

    test('3.0: the signature is right, but the key is not of this issuer', async () => {
      const verdict = await judgeThere(
        await signed(payloadOf(out().ob3Jwt), { kid, typ: 'JWT' }),
        await withStrangeKey(),
      )
      expect(verdict).toMatchObject({ verdict: 'issuer-not-recognised', exit: 1 })
      expect(failedCodes(verdict)).toContain('key-of-another-issuer')
      expect(verdict.checks.find(({ id }) => id === 'signature')?.code).toBe('signature-right')
    })

    test('2.0: the same', async () => {
      const { creator: _, ...verification } = Fields.parse(payloadOf(out().ob2)['verification'])
      const payload = { ...payloadOf(out().ob2), verification: { ...verification, creator: `${kid}/ob2` } }
      const verdict = await judgeThere(await signed(payload, { kid }), await withStrangeKey())
      expect(verdict).toMatchObject({ verdict: 'issuer-not-recognised', exit: 1 })
      expect(failedCodes(verdict)).toContain('key-of-another-issuer')
    })

    test('3.0 embedded: the same', async () => {
      const { proof: _, ...credential } = Fields.parse(JSON.parse(out().ob3Json))
      const { signed: badge, publicKeyMultibase } = await issueByDigitalBazaar(credential, other)
      const { world } = out()
      const id = `${other}#${publicKeyMultibase}`
      const issuer = documentAt(world, other)
      const method = { id, type: 'Multikey', controller: other, publicKeyMultibase }
      const body = JSON.stringify({ ...issuer, verificationMethod: [method], assertionMethod: [id] })
      const changed = { ...world, [other]: { status: 200, contentType: 'application/ld+json', body } }
      const verdict = await judgeThere(JSON.stringify(badge), changed)
      expect(verdict).toMatchObject({ verdict: 'issuer-not-recognised', exit: 1 })
      expect(failedCodes(verdict)).toContain('key-of-another-issuer')
    })

    test('under the issuer’s own kid: then the signature is wrong', async () => {
      for (const jws of [out().ob3Jwt, out().ob2]) {
        const header = z
          .strictObject({ alg: z.literal('RS256'), kid: z.string(), typ: z.string().optional() })
          .parse(JSON.parse(Buffer.from(jws.split('.')[0] ?? '', 'base64url').toString('utf8')))
        const { kid: own, typ } = header
        const verdict = await here.judge(
          await signed(payloadOf(jws), { kid: own, ...(typ === undefined ? {} : { typ }) }),
        )
        expect(verdict).toMatchObject({ verdict: 'invalid', exit: 1 })
        expect(failedCodes(verdict)).toEqual(['signature-wrong'])
      }
    })
  })
}
