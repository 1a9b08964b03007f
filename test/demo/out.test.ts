import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DemoRun, openFolder, startDemo } from './demo-run.ts'
import { fileNames, type Out, readOut } from './out/files.ts'
import { othersVerify } from './out/formats.ts'
import { listsTell } from './out/lists.ts'
import { optionsWork } from './out/options.ts'
import { otherKeyShows } from './out/other-key.ts'
import { nothingPrivate, supportLevelWords } from './out/private.ts'
import { tamperingShows } from './out/tampering.ts'
import { worldIsWhole } from './out/world.ts'

// One run of the demo; everything here looks at what it said and wrote.

let read: Out | undefined
let run: DemoRun | undefined
let code: number | NodeJS.Signals | null
let folder: Awaited<ReturnType<typeof openFolder>>

function out(): Out {
  if (!read) throw new Error(`the demo wrote nothing:\n${run?.said().err}`)
  return read
}

const said = (): string => run?.said().err ?? ''

beforeAll(async () => {
  folder = await openFolder()
  const files = join(folder.path, 'new', 'out')
  run = startDemo(['--exit', '--out', files], { PUBLIC_ORIGIN: 'https://merkit.example', TMPDIR: folder.path })
  code = await run.ended
  if (code === 0) read = await readOut(files)
}, 300_000)

afterAll(async () => {
  run?.process.kill('SIGKILL')
  await folder.remove()
})

describe('demo --exit --out', () => {
  test('ends with 0 and leaves the files that are promised, and nothing else', async () => {
    expect({ code, said: code === 0 ? '' : said() }).toEqual({ code: 0, said: '' })
    expect((await readdir(out().folder)).sort()).toEqual(fileNames)
    expect(await readdir(folder.path)).toEqual(['new'])
  })

  test('tells each step in a line that a person understands', () => {
    const lines = said().trimEnd().split('\n')
    const steps = lines.filter((line) => line.startsWith('· '))
    expect(steps.length).toBeGreaterThan(15)
    expect(
      lines.filter((line) => !/^(· [\p{Lu}\d]|· [a-z0-9]+\.\w+: |Starting |Importing |Drawing |Done: )/u.test(line)),
    ).toEqual([])
    expect(lines.filter((line) => line.length > 160 || /undefined|NaN|\[object|null|\bat .+:\d+/.test(line))).toEqual(
      [],
    )
    for (const step of [
      'applied for her first badge, the coordinator awarded it',
      'said in her own words how it goes',
      'made one badge public',
      'the coordinator revoked it, with the reason',
      'badge.png: valid',
      'revoked.png: revoked',
    ])
      expect(steps.filter((line) => line.includes(step))).toHaveLength(1)
    expect(run?.said().out).toBe('')
    expect(said()).not.toMatch(supportLevelWords)
  })

  test('FORMAT: the national criteria are imported whole', () => {
    expect(said()).toContain('Ajoneuvoalan perustutkinto: 78 units, 75 with requirements, 1888 requirements.')
    expect(said()).toContain('Puuteollisuuden perustutkinto: 43 units, 40 with requirements, 232 requirements.')
  })

  test('summary.json tells what was done and what each file is worth', () => {
    const { summary } = out()
    expect(summary.publicOrigin).toBe('https://merkit.example')
    expect(summary.counts).toMatchObject({ requirements: 1888 + 232, people: 40, awards: 5 })
    expect(summary.verdicts).toEqual({
      'badge.png': 'valid',
      'ob2.jws': 'valid',
      'ob3.jwt': 'valid',
      'ob3.json': 'valid',
      'revoked.png': 'revoked',
    })
    expect(said()).toContain(
      `Done: ${Object.entries(summary.counts)
        .map(([what, count]) => `${count} ${what}`)
        .join(', ')}.`,
    )
  })
})

othersVerify(out)
listsTell(out)
worldIsWhole(out)
nothingPrivate(out)
tamperingShows(out)
otherKeyShows(out)
optionsWork(out)
