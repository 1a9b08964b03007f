import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { call, failedCodes, type Judge, judgeOf } from './cli-verify.ts'
import { type Out, payloadOf, textOf } from './files.ts'

/** Options and exit codes of `cli verify` on what the demo wrote. */
export function optionsWork(out: () => Out): void {
  let here: Judge
  beforeAll(() => {
    here = judgeOf(out())
  })

  describe('cli verify: options and exit codes', () => {
    test('--at: not yet valid a day before it was awarded, valid at that second and long after', async () => {
      const awarded = textOf(payloadOf(out().ob3Jwt), 'validFrom')
      const dayBefore = new Date(Date.parse(awarded) - 86_400_000).toISOString()
      for (const badge of [out().badge, out().ob3Jwt, out().ob3Json]) {
        expect(await here.judge(badge, '--at', dayBefore)).toMatchObject({ verdict: 'not-yet-valid', exit: 1 })
        expect(await here.judge(badge, '--at', '2060-01-01T00:00:00Z')).toMatchObject({ verdict: 'valid', exit: 0 })
      }
      expect((await here.judge(out().ob2, '--at', dayBefore)).verdict).not.toBe('valid')
      expect((await here.judge(out().ob2, '--at', awarded)).verdict).toBe('valid')
    })

    test('--recipient: the urn inside is right, another is not', async () => {
      const { id } = z.looseObject({ id: z.string() }).parse(payloadOf(out().ob3Jwt)['credentialSubject'])
      for (const badge of [out().badge, out().ob3Jwt, out().ob2, out().ob3Json]) {
        expect(await here.judge(badge, '--recipient', id)).toMatchObject({ verdict: 'valid', exit: 0 })
        const verdict = await here.judge(badge, '--recipient', 'urn:uuid:00000000-0000-4000-8000-000000000000')
        expect(verdict).toMatchObject({ verdict: 'invalid', exit: 1 })
        expect(failedCodes(verdict)).toContain('recipient-other')
      }
    })

    test('a world in which a document is missing never makes anything valid', async () => {
      const needed = ['/.well-known/jwks.json', '/o/rev1', '/o/rev1/ob2', '/o/rev1/status/1', '/o/rev1/revoked/ob2']
      const { badge, world } = out()
      for (const path of needed) {
        const { [`https://merkit.example${path}`]: left, ...rest } = world
        expect(left, path).toBeDefined()
        const verdict = await here.judge(badge, '--world', await here.save(JSON.stringify(rest)))
        expect({ path, exit: verdict.exit }).toEqual({ path, exit: 1 })
        expect(['could-not-check', 'issuer-not-recognised'], path).toContain(verdict.verdict)
      }
    })

    test('rubbish is not valid, and exit code 1; what is no file, no world or no option is wrong use, 2', async () => {
      expect(await here.judge('hello')).toMatchObject({ verdict: 'invalid', exit: 1, credential: null })
      expect(await here.judge('')).toMatchObject({ verdict: 'invalid', exit: 1 })
      const [badge = ''] = here.originals
      for (const wrong of [
        [],
        [join(out().folder, 'nobody.png'), '--world', here.world],
        [badge, '--world', join(out().folder, 'nobody.json')],
        [badge, '--world', badge],
        [badge, '--world', here.world, '--at', 'yesterday'],
        [badge, '--world', here.world, '--jsom'],
      ]) {
        const { code, out: said, err } = await call(...wrong)
        expect({ wrong, code, said }).toEqual({ wrong, code: 2, said: '' })
        expect(err.trim().length).toBeGreaterThan(10)
      }
    })
  })
}
