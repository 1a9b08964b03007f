import { randomBytes } from 'node:crypto'
import { type Selectable, sql } from 'kysely'
import { asTenant } from '../db/connect.ts'
import type { Db, Trx } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import { foundOrganisation, type NewOrganisation } from '../foundations/found.ts'
import { Refusal } from '../refusal.ts'
import { prepareAccount } from './account.ts'
import { wantsAtSignIn } from './second-factor.ts'
import { openStaffSession, type Origin, type SignedIn, type SignInDeps } from './sign-in.ts'
import { keyedDigest } from './sign-in-code.ts'
import type { SetupLinkTable } from './tables.ts'

/** How long the first administrator has. */
const life = 24 * 3_600_000

/**
 * The first administrator's link, made as the owner role: for an organisation that has no administrator yet, or, without one named, for an
 * installation without any organisation. Links made before open nothing any more. The secret is given once and kept as a keyed digest.
 */
export async function makeSetupLink(
  deps: Pick<Deps, 'secrets' | 'now'> & { readonly ownerDb: Db },
  organisation: string | null,
): Promise<{ readonly link: string; readonly expiresAt: Date }> {
  const now = deps.now()
  const link = randomBytes(16).toString('base64url')
  const expiresAt = new Date(now.getTime() + life)
  const digest = keyedDigest(deps.secrets.codePepper, 'setup', link)
  await deps.ownerDb.transaction().execute(async (trx) => {
    await sql`update setup_link set used_at = ${now} where organisation is not distinct from ${organisation} and used_at is null`.execute(
      trx,
    )
    await trx
      .insertInto('setup_link')
      .values({ digest, organisation, made_at: now, expires_at: expiresAt, used_at: null })
      .execute()
  })
  return { link, expiresAt }
}

/** What the link sets up. Refuses `gone` for one that was used, is too old, or never was. */
export async function readSetupLink(
  deps: Pick<Deps, 'db' | 'secrets' | 'now'>,
  link: string,
): Promise<Pick<Selectable<SetupLinkTable>, 'organisation'>> {
  const found = await deps.db
    .selectFrom('setup_link')
    .select('organisation')
    .where('digest', '=', keyedDigest(deps.secrets.codePepper, 'setup', link))
    .where('used_at', 'is', null)
    .where('expires_at', '>', deps.now())
    .executeTakeFirst()
  if (!found) throw gone()
  return found
}

export type FirstAdmin = {
  readonly signInName: string
  readonly displayName: string
  readonly password: string
  readonly language: 'fi' | 'sv' | 'en'
  /** Where the link founds one. */
  readonly organisation?: NewOrganisation | undefined
}

/**
 * Uses the link up: founds the organisation with its keys where there is none, makes the administrator's account, and opens a session that
 * wants a second factor set up. All in one transaction: a form that comes back with an error has used nothing up. Refuses `gone`, and
 * `content` with pointers.
 */
export async function useSetupLink(
  deps: SignInDeps & Pick<Deps, 'config'>,
  link: string,
  wanted: FirstAdmin,
  origin: Origin,
): Promise<SignedIn> {
  const { organisation } = await readSetupLink(deps, link)
  const tenant = organisation ?? wanted.organisation?.code
  if (tenant === undefined) throw new Refusal('content', 'Say which organisation', { code: 'validation' })
  const digest = keyedDigest(deps.secrets.codePepper, 'setup', link)
  const writeAccount = await prepareAccount(deps, tenant, { ...wanted, roles: ['admin'] })
  const enter = async (trx: Trx): Promise<SignedIn> => {
    const accountId = await writeAccount(trx)
    const wants = await wantsAtSignIn(deps, trx, { tenant, accountId })
    return await openStaffSession(deps, trx, { tenant, accountId, wants }, origin)
  }
  if (organisation === null && wanted.organisation) return await found(deps, digest, wanted.organisation, enter)
  return await asTenant(deps.db, tenant, async (trx) => {
    const used = await trx
      .updateTable('setup_link')
      .set({ used_at: deps.now() })
      .where('digest', '=', digest)
      .where('used_at', 'is', null)
      .returning('digest')
      .executeTakeFirst()
    if (!used) throw gone()
    return await enter(trx)
  })
}

/** The service may found one organisation by a link that the owner made, and no other (S-10). */
async function found(
  deps: SignInDeps & Pick<Deps, 'config'>,
  digest: Buffer,
  organisation: NewOrganisation,
  enter: (trx: Trx) => Promise<SignedIn>,
): Promise<SignedIn> {
  await refuseTakenCode(deps.db, organisation.code)
  const made: SignedIn[] = []
  await foundOrganisation({ ...deps, ownerDb: deps.db }, organisation, async (trx, wanted, now) => {
    const { rows } = await sql<{ isFounded: boolean }>`
      select app.found_by_link(${digest}, ${wanted.code}, ${wanted.kind}, ${wanted.name}, ${wanted.url}, ${wanted.email},
        ${wanted.badgeAlgorithm ?? 'RS256'}, ${now}) as "isFounded"`.execute(trx)
    if (rows[0]?.isFounded !== true) throw gone()
    made.splice(0, made.length, await enter(trx))
  })
  const [session] = made
  if (!session) throw new Error('an organisation was founded without its administrator')
  return session
}

async function refuseTakenCode(db: Db, code: string): Promise<void> {
  const taken = await db.selectFrom('organisation').select('name').where('tenant_id', '=', code).executeTakeFirst()
  if (!taken) return
  throw new Refusal('content', 'The code is taken: choose another', {
    code: 'code-taken',
    fields: [{ pointer: '/code', code: 'code-taken', detail: 'the code is taken' }],
  })
}

function gone(): Refusal {
  return new Refusal('gone', 'The link was used, or is too old. Make a new one by the command setup', {
    code: 'setup-gone',
  })
}
