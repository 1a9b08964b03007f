import { z } from 'zod'
import { asTenant } from '../db/connect.ts'
import type { Db } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import type { MachineActor, StaffActor } from '../http/actor.ts'
import { looksLike } from '../i18n/names.ts'
import type { Vault } from '../keys/vault.ts'
import { Refusal } from '../refusal.ts'
import { type ClientKeyColumns, clientKey, openFor, sealFor } from './client-key.ts'

/** A person's name as it is sealed: what is called out in the workshop, and the family name. */
const SealedName = z.object({ given: z.string(), family: z.string() })
export type PersonName = z.infer<typeof SealedName>

export type ClientOnList = {
  readonly id: string
  readonly name: PersonName
  /** `Maija K.`, made longer where two share it (PRODUCT C1). */
  readonly shortName: string
  readonly language: 'fi' | 'sv' | 'en'
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
  const key = deps.vault.newDataKey({ tenant: actor.tenant, owner: id })
  await asTenant(deps.db, actor.tenant, async (trx) => {
    await trx
      .insertInto('client')
      .values({
        tenant_id: actor.tenant,
        id,
        data_key: key.dataKey,
        kek_version: key.kekVersion,
        name_sealed: sealFor(deps.vault, key, 'client.name', JSON.stringify(wanted.name)),
        language: wanted.language,
        created_at: deps.now(),
        ended_at: null,
      })
      .execute()
    for (const coach of wanted.coachIds) {
      await trx
        .insertInto('client_coach')
        .values({ tenant_id: actor.tenant, client_id: id, account_id: coach, from_day: wanted.today, until_day: null })
        .execute()
    }
  })
  return id
}

/** Opens a client's name. */
export function openName(vault: Vault, client: ClientKeyColumns & { readonly name_sealed: Buffer }): PersonName {
  return SealedName.parse(JSON.parse(openFor(vault, clientKey(client), 'client.name', client.name_sealed)))
}

/**
 * The clients a member of staff works with, by name in Finnish order: a coach those with a current relation (S-12), a coordinator all of
 * the own foundation. `today` is the day in Europe/Helsinki.
 */
export async function listClients(
  deps: { readonly db: Db; readonly vault: Vault },
  actor: StaffActor,
  today: string,
): Promise<readonly ClientOnList[]> {
  return actor.roles.includes('coordinator')
    ? byName(deps.vault, await readClients(deps.db, actor.tenant, {}))
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

type ClientRow = ClientKeyColumns & { readonly name_sealed: Buffer; readonly language: 'fi' | 'sv' | 'en' }
type Which = { readonly coach?: string; readonly today?: string; readonly id?: string }

async function readClients(db: Db, tenant: string, which: Which): Promise<readonly ClientRow[]> {
  const { coach, today, id } = which
  return await asTenant(db, tenant, async (trx) => {
    let query = trx
      .selectFrom('client')
      .select(['tenant_id', 'id', 'data_key', 'kek_version', 'name_sealed', 'language'])
      .where('tenant_id', '=', tenant)
      .where('ended_at', 'is', null)
    if (id !== undefined) query = query.where('id', '=', id)
    if (coach === undefined || today === undefined) return await query.execute()
    return await query
      .where((eb) =>
        eb.exists(
          eb
            .selectFrom('client_coach')
            .select('client_coach.client_id')
            .where('client_coach.tenant_id', '=', tenant)
            .where('client_coach.account_id', '=', coach)
            .where('client_coach.from_day', '<=', today)
            .where((day) => day.or([day('until_day', 'is', null), day('until_day', '>=', today)]))
            .whereRef('client_coach.client_id', '=', 'client.id'),
        ),
      )
      .execute()
  })
}

function byName(vault: Vault, rows: readonly ClientRow[]): readonly ClientOnList[] {
  const named = rows.map((row) => ({ id: row.id, name: openName(vault, row), language: row.language }))
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
 * what is said not to be there, where something of the client's was asked for.
 */
export async function requireClient(
  deps: { readonly db: Db; readonly vault: Vault },
  actor: StaffActor | MachineActor,
  clientId: string,
  today: string,
  missing = 'There is no such client',
): Promise<ClientOnList> {
  const isEveryones = actor.kind === 'machine' || actor.roles.includes('coordinator')
  const which = isEveryones ? { id: clientId } : { id: clientId, coach: actor.accountId, today }
  const [client] = byName(deps.vault, await readClients(deps.db, actor.tenant, which))
  if (!client) throw new Refusal('not-found', missing)
  return client
}
