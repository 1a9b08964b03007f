import { createHash, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { historyHash, newHistoryLine } from '../src/awards/history.ts'
import { publicAddresses } from '../src/credentials/addresses.ts'
import type { SigningKey } from '../src/credentials/keys.ts'
import { signJws } from '../src/credentials/proofs/sign-jws.ts'
import type { Db } from '../src/db/database.ts'
import type { Deps } from '../src/deps.ts'
import { openerOf } from '../src/keys/signing-keys.ts'

/** One award of the service's own, whose copies these are. */
type Model = {
  readonly id: string
  readonly ob2: string
  readonly ob3: string
  readonly json: string
  readonly ids: readonly [credential: string, assertion: string, urn: string]
}

type Copy = {
  readonly id: string
  readonly publicId: string
  readonly credentialId: string
  readonly assertionId: string
  readonly ob2: string
  readonly ob3: string
  readonly json: string
}

const chunk = 500

/**
 * Adds `count` copies of a tenant's first award, each with ids of its own, really signed, and with its two lines in the chain, as if the
 * service had awarded them one by one; by SQL, since that would take an hour.
 */
export async function copyAwards(
  deps: Pick<Deps, 'vault' | 'config' | 'now'>,
  ownerDb: Db,
  {
    tenant,
    count,
    onCopied = (): void => undefined,
  }: { tenant: string; count: number; onCopied?: (done: number) => void },
): Promise<void> {
  const key = await rsaKey(deps, ownerDb, tenant)
  const model = await readModel(ownerDb, tenant)
  await sql`alter table award disable trigger evidence_changed`.execute(ownerDb)
  for (let done = 0; done < count; done += chunk) {
    const copies = await Promise.all(
      Array.from({ length: Math.min(chunk, count - done) }, async () => await copyOf(model, tenant, key)),
    )
    await insertAwards(ownerDb, tenant, model, copies, done)
    await insertLines(ownerDb, tenant, copies, deps.now())
    onCopied(done + copies.length)
  }
  await sql`alter table award enable trigger evidence_changed`.execute(ownerDb)
  await sql`analyze`.execute(ownerDb)
}

async function rsaKey(deps: Pick<Deps, 'vault' | 'config'>, ownerDb: Db, tenant: string): Promise<SigningKey> {
  const stored = await ownerDb
    .selectFrom('signing_key')
    .selectAll()
    .where('tenant_id', '=', tenant)
    .where('algorithm', '=', 'RS256')
    .where('state', '=', 'active')
    .executeTakeFirstOrThrow()
  const kid = publicAddresses.key(deps.config.publicOrigin, tenant, stored.kid)
  return { ...openerOf(deps.vault)(stored), alg: 'RS256', kid }
}

async function readModel(ownerDb: Db, tenant: string): Promise<Model> {
  const row = await ownerDb
    .selectFrom('award')
    .select(['id', 'ob2_jws', 'ob3_jwt', 'ob3_json', 'credential_id', 'assertion_id', 'recipient_urn'])
    .where('tenant_id', '=', tenant)
    .orderBy('id')
    .limit(1)
    .executeTakeFirstOrThrow()
  const payload = (jws: string): string => Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString('utf8')
  const ids = [row.credential_id, row.assertion_id, row.recipient_urn] as const
  return { id: row.id, ob2: payload(row.ob2_jws), ob3: payload(row.ob3_jwt), json: row.ob3_json ?? '{}', ids }
}

async function copyOf(model: Model, tenant: string, key: SigningKey): Promise<Copy> {
  const fresh = model.ids.map(() => `urn:uuid:${randomUUID()}`)
  const anew = (text: string): string =>
    model.ids.reduce((made, id, place) => made.replaceAll(id, fresh[place] ?? ''), text)
  const [ob2, ob3] = await Promise.all([signJws(anew(model.ob2), key), signJws(anew(model.ob3), key, 'JWT')])
  return {
    id: randomUUID(),
    publicId: `${tenant}${randomUUID().replaceAll('-', '').slice(0, 22)}`,
    credentialId: fresh[0] ?? '',
    assertionId: fresh[1] ?? '',
    ob2,
    ob3,
    json: anew(model.json),
  }
}

/** One more cycle of the same badge for each, and a place of its own in the list. */
async function insertAwards(
  ownerDb: Db,
  tenant: string,
  model: Model,
  copies: readonly Copy[],
  before: number,
): Promise<void> {
  await sql`insert into award (tenant_id, id, public_id, client_id, badge_class_id, badge_class_version_id, cycle, application_id, language,
      state, decided_by, awarded_at, valid_from, valid_until, rule, credential_id, assertion_id, recipient_urn, recipient_salt,
      status_list, status_index, ob2_jws, ob3_jwt, ob3_json)
    select a.tenant_id, c.id, c.public_id, a.client_id, a.badge_class_id, a.badge_class_version_id, a.cycle + ${before}::integer + c.place::integer,
      a.application_id, a.language, 'accepted', a.decided_by, a.awarded_at, a.valid_from, a.valid_until, a.rule, c.credential_id,
      c.assertion_id, a.recipient_urn, a.recipient_salt, a.status_list, 1000000 + ${before}::integer + c.place::integer, c.ob2, c.ob3, c.json
    from award a, unnest(${copies.map((copy) => copy.id)}::uuid[], ${copies.map((copy) => copy.publicId)}::text[],
      ${copies.map((copy) => copy.credentialId)}::text[], ${copies.map((copy) => copy.assertionId)}::text[],
      ${copies.map((copy) => copy.ob2)}::text[], ${copies.map((copy) => copy.ob3)}::text[], ${copies.map((copy) => copy.json)}::text[])
      with ordinality as c (id, public_id, credential_id, assertion_id, ob2, ob3, json, place)
    where a.tenant_id = ${tenant} and a.id = ${model.id}`.execute(ownerDb)
}

type Line = ReturnType<typeof newHistoryLine> & { readonly seq: number; readonly prev: Buffer; readonly hash: Buffer }

async function insertLines(ownerDb: Db, tenant: string, copies: readonly Copy[], at: Date): Promise<void> {
  const head = await ownerDb
    .selectFrom('history_head')
    .select(['seq', 'hash'])
    .where('tenant_id', '=', tenant)
    .executeTakeFirstOrThrow()
  let [seq, prev] = [head.seq, head.hash]
  const chained = copies.flatMap(linesFor(at)).map((line): Line => {
    seq += 1
    const hash = historyHash(prev, { ...line, seq, tenant })
    const made = { ...line, seq, prev, hash }
    prev = hash
    return made
  })
  const hex = (pick: (line: Line) => Uint8Array): string[] =>
    chained.map((line) => Buffer.from(pick(line)).toString('hex'))
  const ids = chained.map((line) => line.id)
  await sql`insert into history (tenant_id, seq, id, kind, at, prev, hash, commitment)
    select ${tenant}, l.seq, l.id, l.kind, ${at}, decode(l.prev, 'hex'), decode(l.hash, 'hex'), decode(l.commitment, 'hex')
    from unnest(${chained.map((line) => String(line.seq))}::bigint[], ${ids}::uuid[], ${chained.map((line) => line.kind)}::text[],
      ${hex((line) => line.prev)}::text[], ${hex((line) => line.hash)}::text[], ${hex((line) => line.commitment)}::text[])
      as l (seq, id, kind, prev, hash, commitment)`.execute(ownerDb)
  await sql`insert into history_content (tenant_id, history_id, salt, content)
    select ${tenant}, l.id, decode(l.salt, 'hex'), l.content
    from unnest(${ids}::uuid[], ${hex((line) => line.salt)}::text[], ${chained.map((line) => line.content)}::text[]) as l (id, salt, content)`.execute(
    ownerDb,
  )
  await sql`update history_head set seq = ${seq}, prev = ${chained.at(-1)?.prev ?? prev}, hash = ${prev}
    where tenant_id = ${tenant}`.execute(ownerDb)
}

function linesFor(at: Date): (copy: Copy) => readonly ReturnType<typeof newHistoryLine>[] {
  return ({ id, ob2, ob3, json }) => [
    newHistoryLine(randomUUID(), 'award', at, { award: id, ob2: sha256(ob2), ob3: sha256(ob3) }),
    newHistoryLine(randomUUID(), 'award.embedded', at, { award: id, ob3Json: sha256(json) }),
  ]
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Writes the chain anew from one line on, as somebody would who owns the database: all its hashes are right again. */
export async function rechain(ownerDb: Db, tenant: string, from: number): Promise<void> {
  const lines = await ownerDb
    .selectFrom('history')
    .selectAll()
    .where('tenant_id', '=', tenant)
    .where('seq', '>=', from - 1)
    .orderBy('seq')
    .execute()
  let prev = from === 1 ? Buffer.alloc(32) : (lines[0]?.hash ?? Buffer.alloc(32))
  for (const line of lines.filter(({ seq }) => seq >= from)) {
    const hash = historyHash(prev, { ...line, tenant })
    await ownerDb
      .updateTable('history')
      .set({ prev, hash })
      .where('tenant_id', '=', tenant)
      .where('seq', '=', line.seq)
      .execute()
    prev = hash
  }
  const last = lines.at(-1)?.seq ?? 0
  await sql`update history_head set seq = ${last}, hash = ${prev} where tenant_id = ${tenant}`.execute(ownerDb)
}
