import { sql } from 'kysely'
import { asTenant } from '../db/connect.ts'
import type { Trx } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import type { ClientActor, MachineActor, StaffActor } from '../http/actor.ts'
import type { Language } from '../i18n/index.ts'
import { Refusal } from '../refusal.ts'
import type { ApplicationState } from './tables.ts'

type ApplicationDeps = Pick<Deps, 'db' | 'newId' | 'now'>

export type Applied = { readonly id: string; readonly state: ApplicationState; readonly created: boolean }

/**
 * The client applies for a badge (PRODUCT A3). The same open application is answered when it is there already; a coach's open proposal of the
 * same badge becomes this application. Refuses `not-found` for a badge that cannot be applied for, `conflict` when it is held already.
 * The evidence rule is looked at when it is decided: an application may be sent one step early.
 */
export async function applyForBadge(
  deps: ApplicationDeps,
  actor: ClientActor,
  wanted: { readonly badgeClassId: string; readonly language?: Language | undefined },
): Promise<Applied> {
  const { tenant, clientId } = actor
  const now = deps.now()
  return await asTenant(deps.db, tenant, async (trx) => {
    const version = await publishedVersion(trx, tenant, wanted.badgeClassId)
    await refuseMoved(trx, actor)
    await refuseHeld(trx, tenant, clientId, wanted.badgeClassId, now)
    const open = await findOpen(trx, tenant, clientId, wanted.badgeClassId)
    const language = badgeLanguage(version.languages, wanted.language ?? actor.language)
    if (open?.state === 'submitted') return { id: open.id, state: 'submitted', created: false }
    if (open) return { ...(await submit(trx, actor, open.id, language, now)), created: false }
    const id = deps.newId()
    await trx
      .insertInto('application')
      .values({
        tenant_id: tenant,
        id,
        client_id: clientId,
        badge_class_id: wanted.badgeClassId,
        badge_class_version_id: version.id,
        state: 'submitted',
        language,
        proposed_by: null,
        created_at: now,
        submitted_at: now,
        submitted_session_id: actor.sessionId,
        decided_by: null,
        decided_at: null,
        reason_sealed: null,
        award_id: null,
      })
      .execute()
    return { id, state: 'submitted', created: true }
  })
}

/**
 * A coach, or a program, proposes a badge to an own client (PRODUCT C3): nothing happens until the client agrees. The caller has made sure that the client
 * is the coach's own. Refuses like `applyForBadge`, and `conflict` when an application is open already.
 */
export async function proposeBadge(
  deps: ApplicationDeps,
  actor: StaffActor | MachineActor,
  wanted: { readonly clientId: string; readonly badgeClassId: string },
): Promise<Applied> {
  const { tenant } = actor
  const now = deps.now()
  return await asTenant(deps.db, tenant, async (trx) => {
    const version = await publishedVersion(trx, tenant, wanted.badgeClassId)
    await refuseHeld(trx, tenant, wanted.clientId, wanted.badgeClassId, now)
    const open = await findOpen(trx, tenant, wanted.clientId, wanted.badgeClassId)
    if (open) return { id: open.id, state: open.state, created: false }
    const client = await trx
      .selectFrom('client')
      .select('language')
      .where('tenant_id', '=', tenant)
      .where('id', '=', wanted.clientId)
      .executeTakeFirst()
    if (!client) throw new Refusal('not-found', 'There is no such client')
    const id = deps.newId()
    await trx
      .insertInto('application')
      .values({
        tenant_id: tenant,
        id,
        client_id: wanted.clientId,
        badge_class_id: wanted.badgeClassId,
        badge_class_version_id: version.id,
        state: 'proposed',
        language: badgeLanguage(version.languages, client.language),
        proposed_by: actor.accountId,
        created_at: now,
        submitted_at: null,
        submitted_session_id: null,
        decided_by: null,
        decided_at: null,
        reason_sealed: null,
        award_id: null,
      })
      .execute()
    return { id, state: 'proposed', created: true }
  })
}

/** The client agrees to a proposal, or does not. Only from `proposed`, only the own one. */
export async function answerProposal(
  deps: ApplicationDeps,
  actor: ClientActor,
  wanted: { readonly id: string; readonly agree: boolean; readonly language?: Language | undefined },
): Promise<Applied> {
  const now = deps.now()
  return await asTenant(deps.db, actor.tenant, async (trx) => {
    const found = await ownApplication(trx, actor, wanted.id)
    if (found.state !== 'proposed')
      throw new Refusal('conflict', `The application is ${found.state}`, { code: 'not-proposed' })
    if (wanted.agree) {
      const language = badgeLanguage(found.languages, wanted.language ?? found.language)
      return { ...(await submit(trx, actor, wanted.id, language, now)), created: false }
    }
    await trx
      .updateTable('application')
      .set({ state: 'declined' })
      .where('tenant_id', '=', actor.tenant)
      .where('id', '=', wanted.id)
      .where('state', '=', 'proposed')
      .execute()
    return { id: wanted.id, state: 'declined', created: false }
  })
}

/** The client takes an application back before it is decided. */
export async function withdrawApplication(deps: ApplicationDeps, actor: ClientActor, id: string): Promise<Applied> {
  return await asTenant(deps.db, actor.tenant, async (trx) => {
    await ownApplication(trx, actor, id)
    const moved = await trx
      .updateTable('application')
      .set({ state: 'withdrawn' })
      .where('tenant_id', '=', actor.tenant)
      .where('id', '=', id)
      .where('state', 'in', ['proposed', 'submitted'])
      .executeTakeFirst()
    if (moved.numUpdatedRows === 0n)
      throw new Refusal('conflict', 'The application was decided already', { code: 'decided' })
    return { id, state: 'withdrawn', created: false }
  })
}

/** The badge's language: the wanted one where the badge has it, else Finnish, else what there is (DESIGN, Language of a badge). */
function badgeLanguage(languages: readonly Language[], wanted: Language): Language {
  return [wanted, 'fi' as const, ...languages].find((language) => languages.includes(language)) ?? 'fi'
}

async function publishedVersion(
  trx: Trx,
  tenant: string,
  badgeClassId: string,
): Promise<{ readonly id: string; readonly languages: Language[] }> {
  const version = await trx
    .selectFrom('badge_class_version')
    .select(['id', 'languages'])
    .where('tenant_id', '=', tenant)
    .where('badge_class_id', '=', badgeClassId)
    .where('state', '=', 'published')
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!version) throw new Refusal('not-found', 'There is no such badge to apply for')
  return version
}

/** Who went to another foundation applies there. Locked, so that leaving finds every application that came before it. */
async function refuseMoved(trx: Trx, { tenant, clientId }: ClientActor): Promise<void> {
  const row = await trx
    .selectFrom('client')
    .select('moved_at')
    .where('tenant_id', '=', tenant)
    .where('id', '=', clientId)
    .forShare()
    .executeTakeFirst()
  if (row?.moved_at)
    throw new Refusal('conflict', 'You are a client of another foundation now: apply there', { code: 'moved-away' })
}

async function refuseHeld(trx: Trx, tenant: string, clientId: string, badgeClassId: string, now: Date): Promise<void> {
  const held = await sql<{ state: string }>`
    select aw.state from award aw
    where aw.tenant_id = ${tenant} and aw.client_id = ${clientId} and aw.badge_class_id = ${badgeClassId}
      and aw.state <> 'declined' and (aw.valid_until is null or aw.valid_until > ${now}::timestamptz + interval '60 days')
      and not exists (select from revocation r where r.tenant_id = aw.tenant_id and r.award_id = aw.id)`.execute(trx)
  if (held.rows[0]) throw new Refusal('conflict', 'This badge is already yours', { code: 'already-awarded' })
}

async function findOpen(
  trx: Trx,
  tenant: string,
  clientId: string,
  badgeClassId: string,
): Promise<{ readonly id: string; readonly state: ApplicationState } | undefined> {
  return await trx
    .selectFrom('application')
    .select(['id', 'state'])
    .where('tenant_id', '=', tenant)
    .where('client_id', '=', clientId)
    .where('badge_class_id', '=', badgeClassId)
    .where('state', 'in', ['proposed', 'submitted'])
    .forUpdate()
    .executeTakeFirst()
}

async function ownApplication(
  trx: Trx,
  actor: ClientActor,
  id: string,
): Promise<{ readonly state: ApplicationState; readonly language: Language; readonly languages: Language[] }> {
  const found = await trx
    .selectFrom('application as ap')
    .innerJoin('badge_class_version as bv', (join) =>
      join.onRef('bv.tenant_id', '=', 'ap.tenant_id').onRef('bv.id', '=', 'ap.badge_class_version_id'),
    )
    .select(['ap.state', 'ap.language', 'bv.languages'])
    .where('ap.tenant_id', '=', actor.tenant)
    .where('ap.client_id', '=', actor.clientId)
    .where('ap.id', '=', id)
    .executeTakeFirst()
  if (!found) throw new Refusal('not-found', 'There is no such application')
  return found
}

async function submit(
  trx: Trx,
  actor: ClientActor,
  id: string,
  language: Language,
  now: Date,
): Promise<{ readonly id: string; readonly state: 'submitted' }> {
  await trx
    .updateTable('application')
    .set({ state: 'submitted', language, submitted_at: now, submitted_session_id: actor.sessionId })
    .where('tenant_id', '=', actor.tenant)
    .where('id', '=', id)
    .where('state', '=', 'proposed')
    .execute()
  return { id, state: 'submitted' }
}
