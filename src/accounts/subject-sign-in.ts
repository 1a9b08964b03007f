import { asTenant } from '../db/connect.ts'
import { Refusal } from '../refusal.ts'
import type { ProvenSubject } from './oidc.ts'
import { openStaffSession, type Origin, type SignedIn, type SignInDeps, tidyName } from './sign-in.ts'
import { keyedDigest } from './sign-in-code.ts'
import { findAccountForSignIn, findSignInName, findSubject, insertSubject } from './store.ts'

/**
 * Signs a member of staff in whom the organisation's provider vouches for. The account is the one that this subject was linked to; the
 * first time it is the one whose sign-in name, given by an administrator, is the e-mail that the provider has verified, and which is linked
 * to nobody else. `vouchesFor`: codes of the organisations whose staff it may open, none for all; whoever runs the provider of one must not be
 * let into another. The second factor is then the provider's business. Refuses `not-signed-in`, the same for every reason.
 */
export async function signInBySubject(
  deps: SignInDeps,
  who: ProvenSubject,
  origin: Origin,
  vouchesFor: readonly string[],
): Promise<SignedIn> {
  const pepper = deps.secrets.codePepper
  const digest = keyedDigest(pepper, 'subject', `${who.issuer} ${who.subject}`)
  const linked = await findSubject(deps.db, digest)
  const email = who.verifiedEmail
  const named =
    linked === undefined && email !== undefined
      ? await findSignInName(deps.db, keyedDigest(pepper, 'name', tidyName(email)))
      : undefined
  const known = linked ?? named
  const found = known && (vouchesFor.length === 0 || vouchesFor.includes(known.tenant_id)) ? known : undefined
  const browser = keyedDigest(pepper, 'browser', origin.browser)
  const account = found && (await findAccountForSignIn(deps.db, found, browser))
  if (!account) throw noAccount()
  const { tenant_id: tenant, id: accountId } = account
  return await asTenant(deps.db, tenant, async (trx) => {
    if (!linked) {
      const isFirst = await insertSubject(trx, {
        digest,
        tenant_id: tenant,
        account_id: accountId,
        linked_at: deps.now(),
      })
      if (!isFirst) throw noAccount()
    }
    return await openStaffSession(deps, trx, { tenant, accountId }, origin)
  })
}

function noAccount(): Refusal {
  return new Refusal('not-signed-in', 'Nobody here has this sign-in', { code: 'no-account' })
}
