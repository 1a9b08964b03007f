import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Browser, signInByPage } from '../support/app.ts'
import { password } from '../support/given.ts'
import { givenWorld, roles, type World } from './given-world.ts'

// What a page offers opens: no link leads where its reader may not go, or to nothing.

let world: World
beforeAll(async () => {
  world = await givenWorld()
})
afterAll(async () => await world?.service.close())

async function browserOf(role: (typeof roles)[number]): Promise<Browser> {
  if (role === 'client') return await world.foundation.browser('maija')
  const browser = world.service.browser()
  await signInByPage(browser, world.emails[role], password)
  return browser
}

/** Addresses of this service that a page links to, without what they ask for besides. */
function linksOn(page: string): readonly string[] {
  const origin = world.service.deps.config.publicOrigin
  return [...page.matchAll(/<a [^>]*href="([^"#]+)/g)]
    .map(([, address = '']) => address.replaceAll('&amp;', '&').replace(origin, ''))
    .filter((address) => address.startsWith('/'))
}

/** Goes wherever a link leads, each kind of page a few times: which pages it saw, and what did not open. */
async function walk(browser: Browser): Promise<{ readonly seen: number; readonly faults: readonly string[] }> {
  const timesOfKind = new Map<string, number>()
  const known = new Set(['/'])
  const faults: string[] = []
  const waiting = [{ address: '/', from: '' }]
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const { address, from } = next
    const answer = await browser.get(address)
    if (answer.statusCode >= 400) faults.push(`${address} (on ${from}) ${answer.statusCode}`)
    const found = answer.statusCode === 303 ? [answer.headers.location ?? ''] : linksOn(answer.body)
    for (const link of found) {
      const kind = link.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|(?<==)[^&]+/g, '…')
      const times = timesOfKind.get(kind) ?? 0
      if (known.has(link) || times >= 3) continue
      known.add(link)
      timesOfKind.set(kind, times + 1)
      waiting.push({ address: link, from: address })
    }
  }
  return { seen: known.size, faults }
}

describe('every link opens', () => {
  test.each(roles)('for a %s', { timeout: 120_000 }, async (role) => {
    const { seen, faults } = await walk(await browserOf(role))
    expect(faults).toEqual([])
    expect(seen).toBeGreaterThan(40)
  })

  test('for somebody who is not signed in', async () => {
    const { seen, faults } = await walk(world.service.browser())
    expect(faults).toEqual([])
    expect(seen).toBeGreaterThan(10)
  })
})
