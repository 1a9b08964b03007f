import { expect, test } from 'vitest'
import { languages, messages } from '../../src/i18n/index.ts'
import { kept, lasting } from '../../src/retention/kept.ts'

// `/tiedot` says how long what the client made is kept: what it says is what the daily job does.

test.each(languages)('links and files are kept as the page says, in %s', (lang) => {
  const { links, files } = messages(lang).ownData.keptWhat
  const share = kept.filter(({ table }) => table === 'share')
  expect(share.map(({ days, from }) => ({ days, from }))).toEqual([
    { days: Number(/\d+/.exec(links)?.[0]), from: 'coalesce(closed_at, ends_at)' },
  ])
  // Of files no number is said: they stay until the client removes them.
  expect(files).not.toMatch(/\d/)
  expect(lasting['evidence_file']).toContain('goes with the client')
})
