import { afterAll, beforeAll, expect, test } from 'vitest'
import { documentOf, type PublicDocument } from '../../src/publication/document.ts'
import { forgetLists, hotOf } from '../../src/publication/hot.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

const noon = Date.parse('2026-11-22T12:00:00Z')
const document = (text: string): PublicDocument => documentOf(text, ['text/plain'], { maxAge: 1 })

/** A reader that tells how often it was asked. */
function reader(...texts: readonly string[]): { times: number; read: () => Promise<PublicDocument | undefined> } {
  const counted = {
    times: 0,
    read: async (): Promise<PublicDocument | undefined> => {
      const text = texts[Math.min(counted.times, texts.length - 1)]
      counted.times += 1
      return await Promise.resolve(text === undefined ? undefined : document(text))
    },
  }
  return counted
}

test('a document is read once in five seconds, by however many at once', async () => {
  const hot = hotOf(database.db)
  const one = reader('a')
  await Promise.all(Array.from({ length: 20 }, async () => await hot.get('/o/aaa1', noon, one.read)))
  await hot.get('/o/aaa1', noon + 4999, one.read)
  expect(one.times).toBe(1)
  await hot.get('/o/aaa1', noon + 5000, one.read)
  expect(one.times).toBe(2)
})

test('the same bytes stay the same array, other bytes do not', async () => {
  const hot = hotOf(database.db)
  const changing = reader('a', 'a', 'b')
  const first = await hot.get('/o/aaa2', noon, changing.read)
  expect((await hot.get('/o/aaa2', noon + 6000, changing.read))?.body).toBe(first?.body)
  expect((await hot.get('/o/aaa2', noon + 12_000, changing.read))?.body.toString()).toBe('b')
})

test('what is not there is not remembered', async () => {
  const hot = hotOf(database.db)
  const none = reader()
  await hot.get('/o/none', noon, none.read)
  await hot.get('/o/none', noon, none.read)
  expect(none.times).toBe(2)
})

test('a revocation drops the tenant’s lists, also one that is just being read, and nothing else', async () => {
  const hot = hotOf(database.db)
  const lists = ['/o/aaa3/status/1', '/o/aaa3/revoked', '/o/aaa3/revoked/ob2']
  const others = ['/o/aaa3', '/o/aaa4/status/1']
  const readers = new Map([...lists, ...others].map((path) => [path, reader('old', 'new')]))
  for (const [path, { read }] of readers) await hot.get(path, noon, read)
  const slow = Promise.withResolvers<PublicDocument>()
  const reading = hot.get('/o/aaa3/status/2', noon, async () => await slow.promise)
  forgetLists(database.db, 'aaa3')
  slow.resolve(document('old'))
  expect((await reading)?.body.toString()).toBe('old')
  expect((await hot.get('/o/aaa3/status/2', noon, reader('new').read))?.body.toString()).toBe('new')
  for (const [path, { read }] of readers) {
    expect([path, (await hot.get(path, noon, read))?.body.toString()]).toEqual([
      path,
      lists.includes(path) ? 'new' : 'old',
    ])
  }
})

test('memory is bounded: the oldest leave first', async () => {
  const hot = hotOf(database.ownerDb)
  const big = Buffer.alloc(10 * 1024 * 1024)
  const read = async (): Promise<PublicDocument> => await Promise.resolve(documentOf(big, ['image/png'], { maxAge: 1 }))
  for (let place = 0; place < 6; place += 1) await hot.get(`/o/aaa5/${place}`, noon, read)
  const again = reader('x')
  await hot.get('/o/aaa5/5', noon, again.read)
  expect(again.times).toBe(0)
  await hot.get('/o/aaa5/0', noon, again.read)
  expect(again.times).toBe(1)
})
