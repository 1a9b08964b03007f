import { sql } from 'kysely'
import { asTenant } from '../db/connect.ts'
import type { Trx } from '../db/database.ts'
import { Refusal } from '../refusal.ts'
import { latestSigning, methodEnd } from './resign-read.ts'
import { resignAward, type ResignDeps } from './resign.ts'

export type ResignedOlder = {
  /** Badges that were signed anew just now. */
  readonly resigned: number
  /** Signed by a compromised key after others may have had it: left as they are, since nobody can tell them from forged ones by their key. */
  readonly later: readonly string[]
  /** Not what the history says, and so not signed. */
  readonly differing: readonly string[]
}

export type ResignOptions = {
  /** Also those that were awarded after the key was known to others, when somebody has looked at them. */
  readonly alsoLater?: boolean
  readonly onProgress?: (done: number, total: number) => void
}

/** How many badges are looked for at once. */
const page = 200

/**
 * Signs anew every offered or accepted badge of a tenant whose key was compromised, if its line in the history is older than that (S-22). What
 * is done is not found again, so that it goes on where it was ended; any number may run at once. Never signs what the history does not know.
 */
export async function resignOlder(
  deps: ResignDeps,
  tenant: string,
  { alsoLater = false, onProgress = (): void => undefined }: ResignOptions = {},
): Promise<ResignedOlder> {
  const keys = await asTenant(deps.db, tenant, async (trx) => await compromisedKeys(trx, tenant))
  if (keys.length === 0) return { resigned: 0, later: [], differing: [] }
  const done = { resigned: 0, later: [] as string[], differing: [] as string[] }
  const total = await asTenant(deps.db, tenant, async (trx) => await countAwards(trx, tenant))
  let [seen, last] = [0, '00000000-0000-0000-0000-000000000000']
  for (;;) {
    const found = await asTenant(deps.db, tenant, async (trx) => await findSigned(trx, tenant, keys, last))
    for (const award of found.signed) {
      if (!award.isOlder && !alsoLater) done.later.push(award.publicId)
      else if (await resignOne(deps, tenant, award, keys)) done.resigned += 1
      else done.differing.push(award.publicId)
      onProgress(seen, total)
    }
    seen += found.seen
    onProgress(Math.min(seen, total), total)
    if (found.last === null) return done
    last = found.last
  }
}

/** False: the stored badge is not what the history says. One that somebody else signed anew meanwhile counts as done. */
async function resignOne(
  deps: ResignDeps,
  tenant: string,
  award: Signed,
  keys: readonly CompromisedKey[],
): Promise<boolean> {
  try {
    const onlySignedBy = keys.map((key) => key.kid)
    await resignAward(deps, { tenant, id: award.id }, { why: 'key-compromised', onlySignedBy })
    return true
  } catch (error) {
    if (error instanceof Refusal && error.code === 'history-differs') return false
    throw error
  }
}

type CompromisedKey = { readonly kid: string; readonly since: Date; readonly methodEnd: string | null }

async function compromisedKeys(trx: Trx, tenant: string): Promise<readonly CompromisedKey[]> {
  const rows = await trx
    .selectFrom('signing_key')
    .select(['kid', 'algorithm', 'public_jwk', 'compromised_at'])
    .where('tenant_id', '=', tenant)
    .where('state', '=', 'compromised')
    .execute()
  return rows.map(({ kid, algorithm, public_jwk, compromised_at }) => ({
    kid,
    since: compromised_at ?? new Date(0),
    methodEnd: algorithm === 'EdDSA' ? methodEnd(public_jwk) : null,
  }))
}

async function countAwards(trx: Trx, tenant: string): Promise<number> {
  const { count } = await trx
    .selectFrom('award')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('tenant_id', '=', tenant)
    .executeTakeFirstOrThrow()
  return count
}

type Signed = { readonly id: string; readonly publicId: string; readonly isOlder: boolean }

type Found = {
  readonly signed: readonly Signed[]
  readonly seen: number
  /** Where to go on; null at the end. */
  readonly last: string | null
}

/** The next awards, and which of them carry a compromised key's signature. */
async function findSigned(trx: Trx, tenant: string, keys: readonly CompromisedKey[], after: string): Promise<Found> {
  const result = await sql<{ seen: number; last: string | null; signed: readonly Signed[] }>`
    with keys as (
      select * from unnest(${keys.map(({ kid }) => kid)}::text[], ${keys.map(({ since }) => since)}::timestamptz[],
        ${keys.map((key) => key.methodEnd)}::text[]) as k (kid, since, method_end)
    ), page as (
      select aw.* from award aw where aw.tenant_id = ${tenant} and aw.id > ${after} order by aw.id limit ${page}
    ), signed as (
      select aw.id, aw.public_id, coalesce(bool_and(line.at < k.since), false) as is_older
      from page aw
        join keys k on regexp_replace(app.jws_kid(aw.ob2_jws), '.*/', '') = k.kid
          or regexp_replace(app.jws_kid(aw.ob3_jwt), '.*/', '') = k.kid
          or position(k.method_end in aw.ob3_json) > 0
        left join lateral ${latestSigning} line on true
      where aw.state <> 'declined'
      group by aw.id, aw.public_id
    )
    select (select count(*)::integer from page) as seen,
      (select case when count(*) < ${page} then null else (array_agg(id order by id desc))[1] end from page) as last,
      (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'publicId', public_id, 'isOlder', is_older) order by id), '[]')
        from signed) as signed`.execute(trx)
  return result.rows[0] ?? { signed: [], seen: 0, last: null }
}
