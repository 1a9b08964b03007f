import { refuseManyCodes, tryOf } from '../accounts/backoff.ts'
import { noteFailure } from '../accounts/backoff-store.ts'
import { keyedDigest, newSignInCode, tidyCode } from '../accounts/sign-in-code.ts'
import { recordAudit } from '../audit/record.ts'
import { asTenant } from '../db/connect.ts'
import type { Deps } from '../deps.ts'
import type { ClientActor, StaffActor } from '../http/actor.ts'
import { Refusal } from '../refusal.ts'
import { refuseUnknownCoach } from './coaches.ts'

/** So long a foundation's code for a newcomer works, milliseconds. */
const lifetime = 7 * 86_400_000

type InvitationDeps = Pick<Deps, 'db' | 'secrets' | 'now'>

/** The code of a foundation that is ready to take somebody from another one. Shown once; nothing keeps it. */
export type Invitation = { readonly code: string; readonly expiresAt: Date }

/**
 * A coordinator makes a code for somebody who comes from another foundation: the foundation's own code and 8 random characters, 7 days, once.
 * Nothing is known of the person until the person agrees. Refuses `content` for somebody who is no coach.
 */
export async function makeInvitation(
  deps: InvitationDeps,
  actor: StaffActor,
  wanted: { readonly coachId: string },
): Promise<Invitation> {
  const { tenant } = actor
  const now = deps.now()
  const code = `${tenant.toUpperCase()}${newSignInCode()}`
  const expiresAt = new Date(now.getTime() + lifetime)
  await asTenant(deps.db, tenant, async (trx) => {
    await refuseUnknownCoach(trx, tenant, wanted.coachId, '/coachId')
    await trx
      .insertInto('client_invitation')
      .values({
        tenant_id: tenant,
        digest: keyedDigest(deps.secrets.codePepper, 'invitation', code),
        coach_id: wanted.coachId,
        made_by: actor.accountId,
        made_at: now,
        expires_at: expiresAt,
        used_at: null,
      })
      .execute()
    await recordAudit(trx, { tenant, at: now, kind: 'client.invited', by: actor, ref: wanted.coachId })
  })
  return { code, expiresAt }
}

/** A live invitation, by what the client typed. */
export type OpenInvitation = {
  readonly tenant: string
  readonly organisation: string
  readonly digest: Buffer
}

/**
 * Which foundation a typed code is of. Wrong, used and old codes, and one of the client's own foundation, answer alike. Refuses `content`, and
 * `too-many` after 10 wrong codes in an hour from one network (S-17).
 */
export async function findInvitation(
  deps: InvitationDeps,
  actor: ClientActor,
  typed: string,
  address: string,
): Promise<OpenInvitation> {
  const now = deps.now()
  const code = tidyCode(typed)
  const one = tryOf(deps, { what: 'code', address })
  await refuseManyCodes(deps, one, now)
  const tenant = code.slice(0, 4).toLowerCase()
  const digest = keyedDigest(deps.secrets.codePepper, 'invitation', code)
  const isCode = /^[0-9a-z]{4}$/.test(tenant) && tenant !== actor.tenant
  const found = await asTenant(
    deps.db,
    isCode ? tenant : '0000',
    async (trx) =>
      await trx
        .selectFrom('client_invitation as i')
        .innerJoin('organisation as o', 'o.tenant_id', 'i.tenant_id')
        .select('o.name')
        .where('i.tenant_id', '=', tenant)
        .where('i.digest', '=', digest)
        .where('i.used_at', 'is', null)
        .where('i.expires_at', '>', now)
        .executeTakeFirst(),
  )
  if (found) return { tenant, organisation: found.name, digest }
  await noteFailure(deps.db, one, now)
  throw wrongInvitation()
}

export function wrongInvitation(): Refusal {
  const fields = [{ pointer: '/code', code: 'wrong-invitation', detail: 'wrong, used or too old' }]
  return new Refusal('content', '/code: wrong, used or too old', { code: 'wrong-invitation', fields })
}
