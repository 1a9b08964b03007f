import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { call, failedCodes, type Judge, judgeOf, Verdict, VerdictOfFile } from './cli-verify.ts'
import type { Out } from './files.ts'

/** The same places in every run. */
function places(count: number, below: number, seed: number): readonly number[] {
  return fc.sample(fc.nat({ max: below - 1 }), { seed, numRuns: count })
}

/** The bytes with one bit changed. */
function withBit(bytes: Buffer, place: number): Buffer {
  const changed = Buffer.from(bytes)
  changed.writeUInt8(changed.readUInt8(place) ^ (1 << (place % 7)), place)
  return changed
}

/** A letter of the base64url alphabet replaced by another, so that what comes out can still be read. */
function withLetter(bytes: Buffer, place: number): Buffer {
  const changed = Buffer.from(bytes)
  changed.write(changed.toString('latin1', place, place + 1) === 'k' ? 'm' : 'k', place, 'latin1')
  return changed
}

/** Where the text under a keyword lies in a PNG, and its chunk. */
function bakedAt(png: Buffer, keyword: string): { start: number; end: number; chunk: number } {
  const chunk = png.indexOf(`iTXt${keyword}\0`) - 4
  const end = chunk + 8 + png.readUInt32BE(chunk)
  return { start: chunk + 8 + keyword.length + 5, end, chunk }
}

/** The chunk's checksum put right after a change, as whoever tampers would. */
function withChecksum(png: Buffer, chunk: number): Buffer {
  const fixed = Buffer.from(png)
  const end = chunk + 8 + png.readUInt32BE(chunk)
  fixed.writeUInt32BE(crc32(fixed.subarray(chunk + 4, end)), end)
  return fixed
}

/** `cli verify` sees every change and says what is wrong (the "Must show"). */
export function tamperingShows(out: () => Out): void {
  let here: Judge
  beforeAll(() => {
    here = judgeOf(out())
  })
  /** None of these is valid, each says why, and the command ends with 1. Gives the codes that were found. */
  const allRefused = async (changed: readonly Buffer[]): Promise<ReadonlySet<string>> => {
    const paths = await Promise.all(changed.map(async (bytes) => await here.save(bytes)))
    const { code, out: said } = await call(...paths, '--json', '--world', here.world)
    const verdicts = said
      .trimEnd()
      .split('\n')
      .map((line) => VerdictOfFile.parse(JSON.parse(line)))
    expect(verdicts.map(({ file }) => file)).toEqual(paths)
    const passed = verdicts.filter(
      (one) => one.verdict === 'valid' || one.checks.every((check) => check.outcome === 'passed'),
    )
    expect(passed).toEqual([])
    expect(code).toBe(1)
    return new Set(verdicts.flatMap(failedCodes))
  }

  describe('cli verify', () => {
    test('what the demo wrote is valid, one by one and all at once, and that is exit code 0', async () => {
      for (const path of here.originals) {
        const { code, out: said } = await call(path, '--json', '--world', here.world)
        expect({ code, verdict: Verdict.parse(JSON.parse(said)).verdict }).toEqual({ code: 0, verdict: 'valid' })
      }
      expect((await call(...here.originals, '--world', here.world)).code).toBe(0)
    })

    test('one changed byte of ob2.jws or ob3.jwt, anywhere in header, payload or signature', async () => {
      for (const jws of [out().ob2, out().ob3Jwt]) {
        const bytes = Buffer.from(jws)
        const bits = places(40, bytes.length, 1).map((place) => withBit(bytes, place))
        const letters = places(40, bytes.length, 2).map((place) => withLetter(bytes, place))
        const codes = await allRefused([...bits, ...letters].filter((changed) => !changed.equals(bytes)))
        expect(codes).toContain('signature-wrong')
      }
    })

    test('one changed byte of ob3.json, anywhere', async () => {
      const bytes = Buffer.from(out().ob3Json)
      const codes = await allRefused(places(60, bytes.length, 3).map((place) => withBit(bytes, place)))
      expect(codes).toContain('signature-wrong')
    })

    test('one changed byte of what is baked into badge.png', async () => {
      const { badge } = out()
      for (const [keyword, expected] of [
        ['openbadgecredential', 'signature-wrong'],
        ['openbadges', 'companion-not-valid'],
      ] as const) {
        const { start, end, chunk } = bakedAt(badge, keyword)
        const changed = places(40, end - start, 4).map((place) => withBit(badge, start + place))
        expect(await allRefused(changed)).toEqual(new Set(['crc-wrong']))
        const mended = places(40, end - start, 5).map((place) => withChecksum(withLetter(badge, start + place), chunk))
        expect(await allRefused(mended.filter((png) => !png.equals(badge)))).toContain(expected)
      }
    })

    test('one other letter in what a badge says is a wrong signature, and nothing else', async () => {
      for (const jws of [out().ob2, out().ob3Jwt]) {
        const [header = '', payload = '', signature = ''] = jws.split('.')
        const words = Buffer.from(payload, 'base64url').toString('utf8').replace('siveltimellä', 'siveltimillä')
        const verdict = await here.judge(`${header}.${Buffer.from(words).toString('base64url')}.${signature}`)
        expect(verdict).toMatchObject({ verdict: 'invalid', exit: 1 })
        expect(failedCodes(verdict)).toEqual(['signature-wrong'])
      }
      const verdict = await here.judge(out().ob3Json.replace('siveltimellä', 'siveltimillä'))
      expect(verdict).toMatchObject({ verdict: 'invalid', exit: 1 })
      expect(failedCodes(verdict)).toEqual(['signature-wrong'])
    })

    test('a revoked badge is revoked, as a picture and by each of the two inside', async () => {
      const { revoked } = out()
      const texts = ['openbadgecredential', 'openbadges'].map((keyword) => {
        const { start, end } = bakedAt(revoked, keyword)
        return revoked.subarray(start, end)
      })
      for (const bytes of [revoked, ...texts]) {
        const verdict = await here.judge(bytes)
        expect(verdict).toMatchObject({ verdict: 'revoked', exit: 1 })
        expect(verdict.checks).toContainEqual(
          expect.objectContaining({ id: 'status', outcome: 'failed', code: 'revoked' }),
        )
        expect(verdict.checks.find(({ id }) => id === 'signature')?.outcome).toBe('passed')
      }
    })
  })
}
