import { readFile } from 'node:fs/promises'
import { sql } from 'kysely'
import { makeAccount } from '../src/accounts/account.ts'
import { addClient } from '../src/clients/client.ts'
import type { Db } from '../src/db/database.ts'
import type { Deps } from '../src/deps.ts'
import { foundOrganisation } from '../src/foundations/found.ts'
import { loadModule } from '../src/modules/load.ts'
import { parseModuleFile, parseShortNames } from '../src/modules/module-file.ts'
import { parseCriteria } from '../src/qualifications/eperusteet/parse.ts'
import { importCriteria } from '../src/qualifications/import.ts'

/** Where awards can be made: a foundation with a coordinator and many applications that wait, each of a client with the evidence. */
export type AwardWorld = {
  readonly coordinator: string
  readonly password: string
  readonly applications: readonly string[]
}

const tenant = 'ben1'
const password = 'bench-joki-hilla-1'

/** Fills an empty database: real criteria and a real module, then `count` clients copied from one by SQL. */
export async function makeAwardWorld(deps: Deps, ownerDb: Db, count: number): Promise<AwardWorld> {
  const now = deps.now()
  const data = async (name: string): Promise<Uint8Array> => await readFile(new URL(`../demo/${name}`, import.meta.url))
  await importCriteria(deps, parseCriteria(await data('criteria/puuteollisuus-OPH-2455-2017.json')), { now })
  await foundOrganisation(
    { ...deps, ownerDb },
    {
      code: tenant,
      kind: 'foundation',
      name: 'Mittaussäätiö',
      url: 'https://bench.example/',
      email: 'bench@bench.example',
    },
  )
  const module = parseModuleFile(
    await data('modules/puupintojen-kasittely.json'),
    parseShortNames(await data('short-names.json')),
  )
  await loadModule(deps, module, { tenant, now })
  const account = async (name: string, role: 'coach' | 'coordinator'): Promise<string> =>
    await makeAccount(deps, tenant, { signInName: `${name}@bench.example`, password, displayName: name, roles: [role] })
  const coach = await account('coach', 'coach')
  const coordinator = await account('coordinator', 'coordinator')
  const actor = {
    kind: 'staff',
    tenant,
    sessionId: coach,
    accountId: coach,
    name: '',
    roles: ['coach'],
    language: 'fi',
  } as const
  const model = await addClient(deps, actor, {
    name: { given: 'Malli', family: 'Mittari' },
    language: 'fi',
    coachIds: [coach],
    today: now.toISOString().slice(0, 10),
  })
  await copyClients(ownerDb, { model, coach, coordinator, count, now })
  const rows = await ownerDb
    .selectFrom('application')
    .select('id')
    .where('tenant_id', '=', tenant)
    .orderBy('id')
    .execute()
  return { coordinator: 'coordinator@bench.example', password, applications: rows.map((row) => row.id) }
}

async function copyClients(
  ownerDb: Db,
  {
    model,
    coach,
    count,
    now,
  }: {
    readonly model: string
    readonly coach: string
    readonly coordinator: string
    readonly count: number
    readonly now: Date
  },
): Promise<void> {
  const slug = 'puupintojen-kasittely-hionta'
  await ownerDb.transaction().execute(async (trx) => {
    await sql`
      create temporary table made on commit drop as
        select gen_random_uuid() as client_id, gen_random_uuid() as session_id from generate_series(1, ${count})`.execute(
      trx,
    )
    await sql`insert into client (tenant_id, id, data_key, kek_version, name_sealed, language, created_at)
      select c.tenant_id, made.client_id, c.data_key, c.kek_version, c.name_sealed, c.language, c.created_at
      from made, client c where c.tenant_id = ${tenant} and c.id = ${model}`.execute(trx)
    await sql`insert into session (tenant_id, id, client_id, opened_by, browser, started_at, last_seen_at, ends_at)
      select ${tenant}, session_id, client_id, ${coach}, '\\x00', ${now}, ${now}, ${now}::timestamptz + interval '1 hour' from made`.execute(
      trx,
    )
    await sql`insert into observation (tenant_id, id, client_id, task_id, observed_on, support_level, recorded_by, recorded_at)
      select ${tenant}, gen_random_uuid(), made.client_id, t.id, current_date - d, 'minor', ${coach}, ${now}
      from made, task t, generate_series(0, 1) d where t.tenant_id = ${tenant} and t.key in ('t1', 't2')`.execute(trx)
    await sql`insert into self_assessment (tenant_id, id, client_id, task_id, choice, assessed_at, session_id)
      select ${tenant}, gen_random_uuid(), made.client_id, t.id, 4, ${now}, made.session_id
      from made, task t where t.tenant_id = ${tenant} and t.key in ('t1', 't2')`.execute(trx)
    await sql`insert into application (tenant_id, id, client_id, badge_class_id, badge_class_version_id, state, language, created_at,
        submitted_at, submitted_session_id)
      select ${tenant}, gen_random_uuid(), made.client_id, bc.id, bv.id, 'submitted', 'fi', ${now}, ${now}, made.session_id
      from made, badge_class bc join badge_class_version bv on bv.tenant_id = bc.tenant_id and bv.badge_class_id = bc.id
      where bc.tenant_id = ${tenant} and bc.slug = ${slug}`.execute(trx)
  })
  await sql`analyze`.execute(ownerDb)
}
