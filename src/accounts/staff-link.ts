import { recordAudit } from '../audit/record.ts'
import { asTenant } from '../db/connect.ts'
import type { Trx } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import type { StaffActor } from '../http/actor.ts'
import type { Language } from '../i18n/index.ts'
import { Refusal } from '../refusal.ts'
import { hashPassword } from './password.ts'
import { wantsAtSignIn } from './second-factor.ts'
import { openStaffSession, type Origin, type SignedIn, type SignInDeps } from './sign-in.ts'
import { keyedDigest, newSecret, tenantOfSecret } from './sign-in-code.ts'
import { linkLife as life, lockAccount, refuseOneForBoth } from './two-for-account.ts'

export type MadeLink = { readonly link: string; readonly expiresAt: Date }

/**
 * A link by which a member of staff sets the own password: given once, kept as a keyed digest, opens once within three days. The link made
 * before it opens nothing any more. In the caller's transaction. Refuses `conflict` (`two-for-account`).
 */
export async function makeStaffLink(
  deps: Pick<Deps, 'secrets' | 'now'>,
  trx: Trx,
  actor: StaffActor,
  accountId: string,
): Promise<MadeLink> {
  const { tenant } = actor
  const now = deps.now()
  const link = newSecret(tenant)
  const expiresAt = new Date(now.getTime() + life)
  await endStaffLinks(trx, tenant, accountId, now)
  await refuseOneForBoth(trx, actor, accountId, { kind: 'second-factor.reset', now })
  await trx
    .insertInto('account_link')
    .values({
      tenant_id: tenant,
      digest: keyedDigest(deps.secrets.codePepper, 'staff-link', link),
      account_id: accountId,
      made_by: actor.accountId,
      made_at: now,
      expires_at: expiresAt,
      used_at: null,
    })
    .execute()
  await recordAudit(trx, { tenant, at: now, kind: 'account.link-made', by: actor, ref: accountId })
  return { link, expiresAt }
}

/** Links of the account that were not used open nothing any more. */
export async function endStaffLinks(trx: Trx, tenant: string, accountId: string, now: Date): Promise<void> {
  // The account's row first, so that two links made at once come one after the other.
  await lockAccount(trx, tenant, accountId)
  await trx
    .updateTable('account_link')
    .set({ used_at: now })
    .where('tenant_id', '=', tenant)
    .where('account_id', '=', accountId)
    .where('used_at', 'is', null)
    .execute()
}

/** Whose link it is: the name as colleagues see it. Refuses `gone` for one that was used, is too old, or never was. */
export async function readStaffLink(
  deps: Pick<Deps, 'db' | 'secrets' | 'now'>,
  link: string,
): Promise<{ readonly tenant: string; readonly accountId: string; readonly name: string; readonly digest: Buffer }> {
  const tenant = tenantOfSecret(link)
  if (tenant === undefined) throw gone()
  const digest = keyedDigest(deps.secrets.codePepper, 'staff-link', link)
  const row = await asTenant(
    deps.db,
    tenant,
    async (trx) =>
      await trx
        .selectFrom('account_link as l')
        .innerJoin('account as a', (j) => j.onRef('a.tenant_id', '=', 'l.tenant_id').onRef('a.id', '=', 'l.account_id'))
        .select(['a.id', 'a.display_name'])
        .where('l.tenant_id', '=', tenant)
        .where('l.digest', '=', digest)
        .where('l.used_at', 'is', null)
        .where('l.expires_at', '>', deps.now())
        .where('a.disabled_at', 'is', null)
        // What a colleague made opens nothing once the colleague is no administrator any more.
        .where((is) =>
          is.exists(
            is
              .selectFrom('account as m')
              .innerJoin('role_grant as g', (j) =>
                j.onRef('g.tenant_id', '=', 'm.tenant_id').onRef('g.account_id', '=', 'm.id'),
              )
              .whereRef('m.tenant_id', '=', 'l.tenant_id')
              .whereRef('m.id', '=', 'l.made_by')
              .where('m.disabled_at', 'is', null)
              .where('g.role', '=', 'admin')
              .where('g.ended_at', 'is', null),
          ),
        )
        .executeTakeFirst(),
  )
  if (!row) throw gone()
  return { tenant, accountId: row.id, name: row.display_name, digest }
}

/**
 * Uses the link up: the member's own password, every older session ends (S-14), and a session is opened that wants the second factor where
 * there is one or must be one (S-17). A password that is refused has used nothing up. Refuses `gone`, and `content` a weak password.
 */
export async function useStaffLink(
  deps: SignInDeps,
  link: string,
  wanted: { readonly password: string; readonly language: Language },
  origin: Origin,
): Promise<SignedIn> {
  const { tenant, accountId, name, digest } = await readStaffLink(deps, link)
  const hash = await hashPassword(wanted.password, [name])
  const now = deps.now()
  return await asTenant(deps.db, tenant, async (trx) => {
    const used = await trx
      .updateTable('account_link')
      .set({ used_at: now })
      .where('tenant_id', '=', tenant)
      .where('digest', '=', digest)
      .where('used_at', 'is', null)
      .returning('account_id')
      .executeTakeFirst()
    if (!used) throw gone()
    const set = await trx
      .updateTable('account')
      .set({ password_hash: hash, language: wanted.language })
      .where('tenant_id', '=', tenant)
      .where('id', '=', accountId)
      .where('disabled_at', 'is', null)
      .returning('id')
      .executeTakeFirst()
    if (!set) throw gone()
    const by = { kind: 'staff', accountId, address: origin.address } as const
    await recordAudit(trx, { tenant, at: now, kind: 'account.link-used', by, ref: accountId })
    const wants = await wantsAtSignIn(deps, trx, { tenant, accountId })
    return await openStaffSession(deps, trx, { tenant, accountId, ...(wants !== undefined && { wants }) }, origin)
  })
}

function gone(): Refusal {
  return new Refusal('gone', 'The link was used, or is too old. Ask your administrator for a new one', {
    code: 'staff-link-gone',
  })
}
