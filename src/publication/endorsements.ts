import { publicAddresses } from '../credentials/addresses.ts'
import { contentTypes } from '../credentials/content-types.ts'
import { asTenant } from '../db/connect.ts'
import type { Trx } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import { documentOf, jsonDocument, type PublicDocument } from './document.ts'
import type { EndorsementPath } from './public-path.ts'
import { isShownPublicly } from './store.ts'

/** Whoever keeps it asks again: taking back, and hiding the badge, hold at once. */
const asked = { maxAge: 0 }

/**
 * A school's endorsement at its address (CONFORMANCE 9.6): the exact bytes that were signed, 410 when the school took it back. One of a
 * single award is there only while its holder shows the badge to all (PRODUCT, Principles 3), so that it says nothing of a badge that is
 * not shown. Undefined for an id that nobody has.
 */
export async function readEndorsementDocument(
  { db, config }: Pick<Deps, 'db' | 'config'>,
  { tenant, id }: EndorsementPath,
): Promise<PublicDocument | undefined> {
  const found = await asTenant(db, tenant, async (trx) => await findGiven(trx, tenant, id))
  if (!found) return undefined
  const { subject_kind, subject_tenant: foundation, subject, withdrawn_at, document } = found
  const isShown =
    subject_kind === 'achievement' ||
    (await asTenant(db, foundation, async (trx) => await isShownPublicly(trx, foundation, subject)))
  if (!isShown) return undefined
  if (withdrawn_at === null) return documentOf(document, contentTypes.credential, asked)
  const address = publicAddresses.endorsement(config.publicOrigin, tenant, id)
  return jsonDocument({ id: address, revoked: true }, ['application/json'], { status: 410, ...asked })
}

async function findGiven(
  trx: Trx,
  tenant: string,
  id: string,
): Promise<
  | {
      readonly subject_kind: 'achievement' | 'award'
      readonly subject_tenant: string
      readonly subject: string
      readonly withdrawn_at: Date | null
      readonly document: string
    }
  | undefined
> {
  return await trx
    .selectFrom('endorsement')
    .select(['subject_kind', 'subject_tenant', 'subject', 'withdrawn_at', 'document'])
    .where('tenant_id', '=', tenant)
    .where('id', '=', id)
    .executeTakeFirst()
}
