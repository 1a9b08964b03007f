import { expect, describe, test } from 'vitest'
import { messages } from '../../src/i18n/index.ts'
import type { OwnCopy, OwnRow } from '../../src/rights/export.ts'
import { ownCopyPdf } from '../../src/rights/pdf.ts'
import { textOf } from './pdf-text.ts'

/** A copy with so much work in it that it takes several pages. */
function copyOf(observations: readonly OwnRow[]): OwnCopy {
  return {
    format: 'osaamispassi-own-data',
    version: 1,
    madeAt: '2026-11-22T09:00:00.000Z',
    organisation: { code: 'mer1', name: 'Meriva' },
    sections: {
      person: [{ id: 'x', name: { given: 'Ŋátšá', family: 'Äijö-Šžœ' }, language: 'sv' }],
      observations,
      evidenceFiles: [{ id: 'f', mediaType: 'image/jpeg', addedAt: new Date('2026-11-22T09:00:00Z') }],
    },
  }
}

const note = 'Hioi tasaisesti: ÅÄÖ åäö šž č đŋŧ Иван Ωμέγα “lainaus” – 20 € ½'
const work = (day: number): OwnRow => ({
  task: { id: 't', name: { fi: `Hionta ${day}`, sv: `Slipning ${day}` } },
  observedOn: '2026-11-20',
  supportLevel: 'minor',
  note: day === 3 ? note : `Rivi ${day} alku\nja loppu ${day}`,
  recordedBy: { id: 'p', name: 'Pekka R.' },
})
const rows = Array.from({ length: 40 }, (_, day) => work(day))

/** Without what depends on where a line ends. */
const dense = (text: string): string => text.replaceAll(/\s/g, '')

describe('S-51: the readable copy', () => {
  test.each(['fi', 'sv', 'en'] as const)('says every word of it in %s, whatever its letters', async (lang) => {
    const pages = textOf(await ownCopyPdf(copyOf(rows), lang))
    const said = dense(pages.join('\n'))
    const t = messages(lang)
    const { sections, fields } = t.ownData
    expect(said).not.toContain('\ufffd')
    for (const words of [
      note,
      'Ŋátšá Äijö-Šžœ',
      'Svenska',
      'Meriva',
      'Pekka R.',
      t.supportLevel.minor,
      t.evidence.picture,
    ])
      expect(said, words).toContain(dense(words))
    for (const heading of Object.values(sections)) expect(said, heading).toContain(dense(heading))
    expect(said).toContain(dense(`${fields.task}: ${lang === 'sv' ? 'Slipning' : 'Hionta'} 39`))
    // Ids and codes are the JSON file's.
    expect(said).not.toMatch(/minor|image\/jpeg|undefined|null|\[object/)
  })

  test('keeps one record on one page, a heading with what follows it, and numbers the pages', async () => {
    const pages = textOf(await ownCopyPdf(copyOf(rows), 'fi'))
    expect(pages.length).toBeGreaterThan(3)
    const pageOf = (words: string): number => pages.findIndex((page) => dense(page).includes(dense(words)))
    for (const day of rows.keys()) {
      const end = day === 3 ? 'Hioi tasaisesti' : `loppu ${day}\nKirjasi: Pekka`
      expect([day, pageOf(end)]).toEqual([day, pageOf(`Hionta ${day}\n`)])
    }
    for (const [index, page] of pages.entries()) {
      const lines = page.trim().split('\n')
      expect(lines.at(-1)).toBe(`${index + 1} / ${pages.length}`)
      expect(Object.values(messages('fi').ownData.sections), 'a heading alone at the end').not.toContain(lines.at(-2))
    }
  })

  test('a note that is longer than a page goes on to the next', async () => {
    const long = 'pitkä muistiinpano jatkuu '.repeat(400)
    const pages = textOf(await ownCopyPdf(copyOf([{ ...work(1), note: `${long}loppui` }]), 'fi'))
    expect(dense(pages.join('\n'))).toContain('loppui')
  })
})
