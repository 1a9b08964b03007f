import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { copyAwards, rechain } from '../../bench/history-world.ts'
import { type AwardsChecked, checkAwards } from '../../src/awards/check/check-awards.ts'
import { embedProof } from '../../src/awards/embed.ts'
import { newHistoryLine } from '../../src/awards/history.ts'
import { signHistoryHead } from '../../src/awards/history-head.ts'
import { resignOlder } from '../../src/awards/resign-older.ts'
import { addHistoryLine } from '../../src/awards/write.ts'
import { main } from '../../src/cli/main.ts'
import { asTenant } from '../../src/db/connect.ts'
import type { Db } from '../../src/db/database.ts'
import { compromiseKey } from '../../src/keys/compromise.ts'
import { listKeys } from '../../src/keys/list.ts'
import { rotateKey } from '../../src/keys/rotate.ts'
import { accept, givenOffered, publicOrigin, revoke } from '../publication/given-award.ts'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'

// S-31: somebody who owns the database changes the history or the badges. Each test changes, looks, and puts everything back.

const copies = 1200
let service: TestService
let f: Foundation
beforeAll(async () => {
  service = await startService({ publicOrigin })
  f = await givenFoundation(service)
  const award = await givenOffered(f)
  await embedProof(service.deps, { tenant: f.code, id: award.id })
  await accept(f, award)
  const other = await givenOffered(f, 'antti')
  await accept(f, other, 'antti')
  await revoke(f, other)
  await copyAwards(service.deps, service.database.ownerDb, { tenant: f.code, count: copies })
  await signHistoryHead(service.deps, f.code)
  await rotateKey(service.deps, f.code, { algorithm: 'RS256' })
}, 180_000)
afterAll(async () => await service.close())

const check = async (): Promise<AwardsChecked> => await checkAwards(service.deps.db, [f.code])
const codes = ({ faults }: AwardsChecked): readonly string[] => faults.map(({ code }) => code)

const keptTables = [
  ['history', 'kept_history', sql`*`],
  ['history_content', 'kept_content', sql`tenant_id, history_id, salt, content`],
  ['history_head', 'kept_head', sql`*`],
] as const

type Change = ReturnType<typeof sql> | ((ownerDb: Db) => Promise<void>)

/** Does something to the rows as their owner, looks, and takes it back. */
async function after(...changes: readonly Change[]): Promise<AwardsChecked> {
  const { ownerDb } = service.database
  for (const [table, kept, columns] of keptTables)
    await sql`create table ${sql.table(kept)} as select ${columns} from ${sql.table(table)}`.execute(ownerDb)
  try {
    for (const change of changes) await (typeof change === 'function' ? change(ownerDb) : change.execute(ownerDb))
    return await check()
  } finally {
    for (const [table, kept, columns] of keptTables) {
      await sql`delete from ${sql.table(table)}`.execute(ownerDb)
      await sql`insert into ${sql.table(table)} ${table === 'history_content' ? sql`(${columns})` : sql``} select * from ${sql.table(kept)}`.execute(
        ownerDb,
      )
      await sql`drop table ${sql.table(kept)}`.execute(ownerDb)
    }
  }
}

/** The number of the n-th award's line. */
async function lineOfAward(n: number): Promise<number> {
  const { rows } = await sql<{ seq: number }>`select seq from history where tenant_id = ${f.code} and kind = 'award'
    order by seq offset ${n} limit 1`.execute(service.database.ownerDb)
  return rows[0]?.seq ?? 0
}

describe('S-31: check:awards of a history that nobody touched', () => {
  test('finds nothing, in pages, and tells how far it is', async () => {
    const seen: number[] = []
    const checked = await checkAwards(service.deps.db, [f.code], { onProgress: (done) => void seen.push(done) })
    expect(checked).toMatchObject({ tenants: 1, awards: copies + 2, heads: 1, faults: [], faultCount: 0 })
    expect(checked.entries).toBeGreaterThan(2 * copies)
    expect(seen.length).toBeGreaterThan(3)
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))
  })
})

describe('S-31: an entry is', () => {
  test.each([
    ['kind', sql`kind = 'award.declined'`],
    ['time, by a microsecond', sql`at = at + interval '1 microsecond'`],
    ['id', sql`id = gen_random_uuid()`],
    ['commitment', sql`commitment = sha256('x')`],
    ['hash', sql`hash = sha256('x')`],
    ['predecessor', sql`prev = sha256('x')`],
  ])('changed: its %s', async (_, set) => {
    const seq = await lineOfAward(300)
    const checked = await after(sql`update history set ${set} where tenant_id = ${f.code} and seq = ${seq}`)
    expect(checked.faults.filter((fault) => fault.seq === seq).map(({ code }) => code)).toContain('entry-changed')
    expect(checked.faults[0]?.what).toContain(`entry ${seq}`)
  })

  test('changed in what it tells', async () => {
    const seq = await lineOfAward(300)
    const checked = await after(sql`update history_content c set content = replace(content, '"ob2":"', '"ob2":"0')
      from history h where h.tenant_id = c.tenant_id and h.id = c.history_id and h.seq = ${seq}`)
    expect(checked.faults).toContainEqual(expect.objectContaining({ code: 'content-changed', seq }))
  })

  test.each(['in the middle', 'at the end'])('removed %s', async (where) => {
    const seq = where === 'at the end' ? (await check()).entries : await lineOfAward(301)
    const checked = await after(sql`delete from history where tenant_id = ${f.code} and seq = ${seq}`)
    expect(checked.faults).toContainEqual(expect.objectContaining({ code: 'entry-removed', seq }))
  })

  test('removed, with all after it moved back', async () => {
    const seq = await lineOfAward(302)
    const checked = await after(
      sql`delete from history where tenant_id = ${f.code} and seq = ${seq}`,
      sql`update history set seq = seq + 1000000 where tenant_id = ${f.code} and seq > ${seq}`,
      sql`update history set seq = seq - 1000001 where tenant_id = ${f.code} and seq > 1000000`,
      sql`update history_head set seq = seq - 1 where tenant_id = ${f.code}`,
    )
    expect(checked.faults[0]).toMatchObject({ code: 'entry-removed', seq })
  })

  test.each(['their numbers', 'what they say'])('swapped with another: %s', async (what) => {
    const [one, other] = [await lineOfAward(310), await lineOfAward(650)]
    const numbers = [
      sql`update history set seq = 5000000 where tenant_id = ${f.code} and seq = ${one}`,
      sql`update history set seq = ${one} where tenant_id = ${f.code} and seq = ${other}`,
      sql`update history set seq = ${other} where tenant_id = ${f.code} and seq = 5000000`,
    ]
    const contents = [
      sql`alter table history drop constraint history_tenant_id_id_key`,
      sql`update history h set id = o.id, kind = o.kind, at = o.at, commitment = o.commitment from history o
        where h.tenant_id = ${f.code} and o.tenant_id = h.tenant_id and (h.seq, o.seq) in ((${one}, ${other}), (${other}, ${one}))`,
      sql`alter table history add constraint history_tenant_id_id_key unique (tenant_id, id)`,
    ]
    const checked = await after(...(what === 'their numbers' ? numbers : contents))
    const found = checked.faults.filter(({ code }) => code === 'entries-swapped')
    expect(found).toHaveLength(1)
    expect(found[0]?.what).toBe(`entries ${one} and ${other} have changed places`)
  })

  test('inserted, with all after it moved on', async () => {
    const seq = await lineOfAward(303)
    const checked = await after(
      sql`update history set seq = seq + 1000001 where tenant_id = ${f.code} and seq >= ${seq}`,
      sql`update history set seq = seq - 1000000 where tenant_id = ${f.code} and seq > 1000000`,
      sql`insert into history select tenant_id, ${seq}, gen_random_uuid(), kind, at, prev, hash, commitment from history
        where tenant_id = ${f.code} and seq = ${seq - 1}`,
      sql`update history_head set seq = seq + 1 where tenant_id = ${f.code}`,
    )
    expect(checked.faults).toContainEqual(expect.objectContaining({ code: 'entry-inserted', seq }))
  })

  test('inserted after the head', async () => {
    const { entries } = await check()
    const checked =
      await after(sql`insert into history select tenant_id, ${entries + 1}, gen_random_uuid(), kind, at, hash, hash, commitment
      from history where tenant_id = ${f.code} and seq = ${entries}`)
    expect(checked.faults).toContainEqual(expect.objectContaining({ code: 'entry-inserted', seq: entries + 1 }))
  })

  test('written anew with every hash after it and the head: the signed head shows it, and where', async () => {
    const seq = await lineOfAward(1000)
    const checked = await after(
      sql`delete from history where tenant_id = ${f.code} and seq = ${seq}`,
      sql`update history set seq = seq + 1000000 where tenant_id = ${f.code} and seq > ${seq}`,
      sql`update history set seq = seq - 1000001 where tenant_id = ${f.code} and seq > 1000000`,
      async (ownerDb) => await rechain(ownerDb, f.code, seq),
    )
    expect(codes(checked)).toContain('history-rewritten')
    expect(codes(checked)).not.toContain('entry-changed')
  })
})

/** Two copies, by their ids in order. */
async function twoAwards(): Promise<
  readonly { id: string; public_id: string; ob3_jwt: string; ob2_jws: string; ob3_json: string | null }[]
> {
  return await service.database.ownerDb
    .selectFrom('award')
    .select(['id', 'public_id', 'ob3_jwt', 'ob2_jws', 'ob3_json'])
    .where('tenant_id', '=', f.code)
    .where('cycle', '>', 100)
    .orderBy('id')
    .limit(2)
    .execute()
}

type Bytes = { readonly ob2_jws?: string; readonly ob3_jwt?: string; readonly ob3_json?: string | null }

/** Changes a badge's bytes, looks, and puts them back. */
async function withBytes(id: string, bytes: Bytes): Promise<AwardsChecked> {
  const set = async (values: Bytes): Promise<void> => {
    await service.database.ownerDb.updateTable('award').set(values).where('id', '=', id).execute()
  }
  const before = (await twoAwards()).find((award) => award.id === id)
  await set(bytes)
  const checked = await check()
  await set({ ob2_jws: before?.ob2_jws ?? '', ob3_jwt: before?.ob3_jwt ?? '', ob3_json: before?.ob3_json ?? null })
  return checked
}

describe('S-31: a badge is', () => {
  test('changed by a letter in each of its forms', async () => {
    const [award] = await twoAwards()
    if (!award) throw new Error('there are copies')
    const changed = (text: string): string =>
      `${text.slice(0, -10)}${text.at(-10) === 'A' ? 'B' : 'A'}${text.slice(-9)}`
    for (const bytes of [
      { ob2_jws: changed(award.ob2_jws) },
      { ob3_jwt: changed(award.ob3_jwt) },
      { ob3_json: changed(award.ob3_json ?? '') },
    ]) {
      const { faults } = await withBytes(award.id, bytes)
      expect(faults[0]).toMatchObject({ code: 'award-changed', award: award.public_id })
      expect(faults[0]?.what).toContain(award.public_id)
    }
  })

  test('exchanged for another’s, which is well signed', async () => {
    const [one, other] = await twoAwards()
    const { faults } = await withBytes(one?.id ?? '', { ob2_jws: other?.ob2_jws ?? '', ob3_jwt: other?.ob3_jwt ?? '' })
    expect(faults.map(({ code }) => code)).toEqual([
      'award-changed',
      'award-changed',
      'award-signature',
      'award-signature',
    ])
    expect(new Set(faults.map(({ award }) => award))).toEqual(new Set([one?.public_id]))
  })

  test('removed, or put in without an entry', async () => {
    const [award] = await twoAwards()
    const id = award?.id ?? ''
    const { ownerDb } = service.database
    await sql`create table kept as select * from award where id = ${id}`.execute(ownerDb)
    await sql`delete from award where id = ${id}`.execute(ownerDb)
    expect((await check()).faults).toEqual([expect.objectContaining({ code: 'award-removed' })])
    await sql`update kept set id = gen_random_uuid(), public_id = reverse(public_id), cycle = 100000`.execute(ownerDb)
    await sql`update kept set public_id = ${f.code} || left(public_id, 22)`.execute(ownerDb)
    await sql`insert into award select * from kept`.execute(ownerDb)
    const { faults } = await check()
    expect(faults.map(({ code }) => code)).toEqual(['award-removed', 'award-inserted'])
    await sql`delete from award where cycle = 100000`.execute(ownerDb)
    await sql`update kept set id = ${id}, public_id = ${award?.public_id}, cycle = 99999`.execute(ownerDb)
    await sql`insert into award select * from kept`.execute(ownerDb)
    await sql`drop table kept`.execute(ownerDb)
    expect((await check()).faultCount).toBe(0)
  })

  test('no longer revoked, without a word', async () => {
    const { ownerDb } = service.database
    await sql`create table kept as select * from revocation`.execute(ownerDb)
    await sql`delete from revocation where tenant_id = ${f.code}`.execute(ownerDb)
    expect((await check()).faults).toEqual([expect.objectContaining({ code: 'revocation-removed' })])
    await sql`insert into revocation select * from kept`.execute(ownerDb)
    await sql`drop table kept`.execute(ownerDb)
  })

  test('signed by a key that was put in the place of ours', async () => {
    const { ownerDb } = service.database
    await sql`alter table signing_key disable trigger key_moves`.execute(ownerDb)
    const other = await givenFoundation(service, { module: false })
    const swap = sql`update signing_key k set public_jwk = o.public_jwk from signing_key o
      where k.algorithm = 'RS256' and o.algorithm = 'RS256' and k.state = 'active' and o.state = 'active'
        and (k.tenant_id, o.tenant_id) in ((${f.code}, ${other.code}), (${other.code}, ${f.code}))`
    await swap.execute(ownerDb)
    expect((await check()).faults[0]).toMatchObject({ code: 'key-changed' })
    await swap.execute(ownerDb)
    await sql`alter table signing_key enable trigger key_moves`.execute(ownerDb)
    expect((await check()).faultCount).toBe(0)
  })
})

describe('S-31, S-32: an award whose content was taken out of the history, with its row', () => {
  /** The line that an erasure leaves. */
  const tombstone = async (): Promise<void> => {
    const line = newHistoryLine(service.deps.newId(), 'erasure', service.deps.now(), { awards: '1' })
    await asTenant(service.deps.db, f.code, async (trx) => await addHistoryLine(trx, f.code, line))
  }

  const gone = async (count: boolean): Promise<AwardsChecked> => {
    const { ownerDb } = service.database
    const [award] = await twoAwards()
    await sql`create table kept as select * from award where id = ${award?.id}`.execute(ownerDb)
    const checked = await after(
      sql`delete from history_content where award_id = ${award?.id}`,
      sql`delete from award where id = ${award?.id}`,
      sql`insert into erased_award (tenant_id, public_id, badge_class_version_id, language, awarded_on, was_accepted, was_public, status_list, status_index)
        select tenant_id, public_id, badge_class_version_id, language, awarded_at, true, false, status_list, status_index from kept where ${count}`,
      ...(count ? [tombstone] : []),
    )
    await sql`delete from erased_award`.execute(ownerDb)
    await sql`insert into award select * from kept`.execute(ownerDb)
    await sql`drop table kept`.execute(ownerDb)
    return checked
  }

  test('is no fault when its client was erased: the chain still verifies', async () => {
    expect((await gone(true)).faults).toEqual([])
  })

  test('is one when nobody was', async () => {
    expect((await gone(false)).faults).toEqual([expect.objectContaining({ code: 'award-removed' })])
  })
})

describe('S-31: npm run check:awards', () => {
  async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
    const said = { out: '', err: '' }
    const code = await main(['check', 'awards', ...args], {
      out: (text) => void (said.out += text),
      err: (text) => void (said.err += text),
      stdin: process.stdin,
      isTerminal: false,
      env: { ...inject('server').secrets, DATABASE_URL: service.database.ownerUrl, PUBLIC_ORIGIN: publicOrigin },
    })
    return { code, ...said }
  }

  test('ends with 0 and says what it saw; with 1 and each fault by name', async () => {
    const good = await run(f.code)
    expect(good).toMatchObject({ code: 0 })
    expect(good.out).toMatch(/^All is whole: \d+ entries, \d+ badges and 1 signed heads of 1 organisations in /)
    expect(good.err).toContain('Checking 100 %')
    const seq = await lineOfAward(5)
    await after(sql`update history set kind = 'x' where tenant_id = ${f.code} and seq = ${seq}`, async () => {
      const bad = await run(f.code)
      expect(bad).toMatchObject({ code: 1 })
      expect(bad.out).toContain(`${f.code}  entry ${seq} (x, `)
      const json = JSON.parse((await run(f.code, '--json')).out) as { faults: { seq: number }[] }
      expect(json.faults.map((fault) => fault.seq)).toContain(seq)
    })
    expect(await run('zzz9')).toMatchObject({ code: 2, err: expect.stringContaining('no organisation zzz9') as string })
  }, 60_000)

  test('with a head that was kept elsewhere it finds a history that was written anew with its own signed heads', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'osaamispassi-head-'))
    const file = join(folder, 'head.jws')
    await writeFile(file, await signHistoryHead(service.deps, f.code))
    expect(await run(f.code, '--head', file)).toMatchObject({ code: 0 })
    await writeFile(join(folder, 'other'), readFileSync(file, 'utf8').slice(0, -4) + 'AAAA')
    expect((await run(f.code, '--head', join(folder, 'other'))).out).toContain('no good signature of ours')
    await writeFile(join(folder, 'none'), 'x')
    expect(await run(f.code, '--head', join(folder, 'none'))).toMatchObject({ code: 1 })
    const seq = await lineOfAward(1100)
    await after(
      sql`delete from history_signed_head where tenant_id = ${f.code}`,
      sql`update history set kind = 'award.declined' where tenant_id = ${f.code} and seq = ${seq}`,
      async (ownerDb) => await rechain(ownerDb, f.code, seq),
      async () => {
        expect((await run(f.code, '--head', file)).out).toContain('are not those whose head was signed on')
      },
    )
    await rm(folder, { recursive: true })
  }, 60_000)
})

describe('S-22, S-31: after a key was compromised', () => {
  test('what it signed before is whole, also once it was signed anew; what it signed afterwards is a fault', async () => {
    const g = await givenFoundation(service)
    const award = await givenOffered(g)
    await embedProof(service.deps, { tenant: g.code, id: award.id })
    service.at('2026-11-24T09:00:00Z')
    const late = await givenOffered(g, 'antti')
    const key = (await listKeys(service.deps.db, g.code)).find(({ algorithm }) => algorithm === 'RS256')
    await compromiseKey(service.deps, g.code, { kid: key?.kid ?? '', since: new Date('2026-11-23T09:00:00Z') })
    const faults = async (): Promise<unknown> =>
      (await checkAwards(service.deps.db, [g.code])).faults.map(({ code, award: id }) => [code, id])
    const ofLate = ['signed-after-compromise', late.publicId]
    expect(await faults()).toEqual([ofLate, ofLate])
    expect((await resignOlder(service.deps, g.code)).resigned).toBe(1)
    await signHistoryHead(service.deps, g.code)
    expect(await faults()).toEqual([ofLate, ofLate])
    await resignOlder(service.deps, g.code, { alsoLater: true })
    expect(await faults()).toEqual([])
  }, 60_000)
})
