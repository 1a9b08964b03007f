import { sql } from 'kysely'
import { z } from 'zod'
import { asTenant } from '../db/connect.ts'
import type { Db } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import type { MachineActor, StaffActor } from '../http/actor.ts'
import { looksLike } from '../i18n/names.ts'
import type { Permission } from '../matrix/matrix.ts'
import { widestReach } from '../matrix/rows.ts'
import type { Vault } from '../keys/vault.ts'
import { Refusal } from '../refusal.ts'
import { type ClientKeyColumns, clientKey, openFor, sealFor } from './client-key.ts'
import { insertName } from './name-row.ts'
import { insertRelation, isCoachedBy } from './relation.ts'

/** A person's name as it is sealed: what is called out in the workshop, and the family name. */
const SealedName = z.object({ given: z.string(), family: z.string() })
export type PersonName = z.infer<typeof SealedName>

export type ClientOnList = {
  readonly id: string
  readonly name: PersonName
  /** `Maija K.`, made longer where two share it (PRODUCT C1). */
  readonly shortName: string
  readonly language: 'fi' | 'sv' | 'en'
  /** Protected identity (turvakielto): stands in no list but those of the own coaches. */
  readonly isProtected: boolean
}

/** Adds a client of the actor's foundation and, when a coach is named, the coach's relation from today. */
export async function addClient(
  deps: Pick<Deps, 'db' | 'vault' | 'now' | 'newId'>,
  actor: StaffActor,
  wanted: {
    readonly name: PersonName
    readonly language: 'fi' | 'sv' | 'en'
    readonly coachIds: readonly string[]
    readonly today: string
  },
): Promise<string> {
  const id = deps.newId()
  const now = deps.now()
  const key = deps.vault.newDataKey({ tenant: actor.tenant, owner: id })
  const sealed = sealFor(deps.vault, key, 'client.name', JSON.stringify(wanted.name))
  await asTenant(deps.db, actor.tenant, async (trx) => {
    await trx
      .insertInto('client')
      .values({
        tenant_id: actor.tenant,
        id,
        data_key: key.dataKey,
        kek_version: key.kekVersion,
        name_sealed: sealed,
        language: wanted.language,
        created_at: now,
        ended_at: null,
      })
      .execute()
    const { tenant, accountId: madeBy } = actor
    await insertName(trx, { tenant, id: deps.newId(), clientId: id, sealed, madeBy, now })
    for (const coachId of wanted.coachIds)
      await insertRelation(trx, { tenant, clientId: id, coachId, fromDay: wanted.today, untilDay: null, madeBy, now })
  })
  return id
}

/** Opens a client's name. */
export function openName(vault: Vault, client: ClientKeyColumns & { readonly name_sealed: Buffer }): PersonName {
  return SealedName.parse(JSON.parse(openFor(vault, clientKey(client), 'client.name', client.name_sealed)))
}

/**
 * The clients a member of staff works with, by name in Finnish order: a coach those with a current relation (S-12), a coordinator all of
 * the own foundation, but for people of protected identity whom the coordinator does not coach (PRODUCT K7). `today` is the day in
 * Europe/Helsinki.
 */
export async function listClients(
  deps: { readonly db: Db; readonly vault: Vault },
  actor: StaffActor,
  today: string,
): Promise<readonly ClientOnList[]> {
  return widestReach(actor.roles, 'client:read') === 'foundation'
    ? byName(deps.vault, await readClients(deps.db, actor.tenant, { listedFor: actor.accountId, today }))
    : await listCoachedClients(deps, actor, today)
}

/** The clients whom this member of staff coaches today: for recording, where a coordinator's wider view gives no right. */
export async function listCoachedClients(
  deps: { readonly db: Db; readonly vault: Vault },
  actor: StaffActor,
  today: string,
): Promise<readonly ClientOnList[]> {
  return byName(deps.vault, await readClients(deps.db, actor.tenant, { coach: actor.accountId, today }))
}

type ClientRow = ClientKeyColumns & {
  readonly name_sealed: Buffer
  readonly language: 'fi' | 'sv' | 'en'
  readonly protected_at: Date | null
}
/** `coach`: whom this account coaches; `listedFor`: whom a list shows to this account. */
type Which = {
  readonly coach?: string
  readonly listedFor?: string
  readonly today?: string
  readonly id?: string
}

async function readClients(db: Db, tenant: string, which: Which): Promise<readonly ClientRow[]> {
  const { coach, listedFor, today = 'infinity', id } = which
  const own = (account: string): ReturnType<typeof isCoachedBy> =>
    isCoachedBy(account, today, sql.ref('client.id'), sql.ref('client.tenant_id'))
  return await asTenant(db, tenant, async (trx) => {
    let query = trx
      .selectFrom('client')
      .select(['tenant_id', 'id', 'data_key', 'kek_version', 'name_sealed', 'language', 'protected_at'])
      .where('tenant_id', '=', tenant)
      .where('ended_at', 'is', null)
      .where('moved_at', 'is', null)
    if (id !== undefined) query = query.where('id', '=', id)
    if (coach !== undefined) query = query.where(own(coach))
    if (listedFor !== undefined) {
      query = query.where((eb) => eb.or([eb('protected_at', 'is', null), own(listedFor)]))
    }
    return await query.execute()
  })
}

function byName(vault: Vault, rows: readonly ClientRow[]): readonly ClientOnList[] {
  const named = rows.map((row) => ({
    id: row.id,
    name: openName(vault, row),
    language: row.language,
    isProtected: row.protected_at !== null,
  }))
  const short = shortNames(named.map((client) => client.name))
  const order = new Intl.Collator('fi')
  return named
    .map((client, index) => ({ ...client, shortName: short[index] ?? '' }))
    .sort((a, b) => order.compare(a.shortName, b.shortName))
}

/** `Maija K.`; as many letters of the family name as tell two apart (PRODUCT C1), else the whole name. */
export function shortNames(names: readonly PersonName[]): readonly string[] {
  return names.map((name) => {
    const namesakes = names.filter((other) => other !== name && looksLike(other.given, name.given))
    const family = Array.from(name.family)
    const letters = family.findIndex((_, i) => {
      const start = family.slice(0, i + 1).join('')
      return namesakes.every((other) => !other.family.startsWith(start))
    })
    if (letters < 0 || letters + 1 >= family.length) return `${name.given} ${name.family}`
    return `${name.given} ${family.slice(0, letters + 1).join('')}.`
  })
}

/**
 * One client of the staff member's reach. Refuses, as if there were nobody, a client the member does not work with (S-11, S-12). `missing` is
 * what is said not to be there, where something of the client's was asked for. How far the member reaches is that of the permission.
 */
export async function requireClient(
  deps: { readonly db: Db; readonly vault: Vault },
  actor: StaffActor | MachineActor,
  clientId: string,
  today: string,
  missing = 'There is no such client',
  permission: Permission = 'client:read',
): Promise<ClientOnList> {
  const reach = actor.kind === 'machine' ? 'foundation' : widestReach(actor.roles, permission)
  if (reach !== 'foundation' && reach !== 'current') throw new Refusal('not-found', missing)
  const which = reach === 'foundation' ? { id: clientId } : { id: clientId, coach: actor.accountId, today }
  const [client] = byName(deps.vault, await readClients(deps.db, actor.tenant, which))
  if (!client) throw new Refusal('not-found', missing)
  return client
}
