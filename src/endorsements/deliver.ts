import { readBadgeFacts } from '../awards/read.ts'
import { badgeClassFacts } from '../badges/facts.ts'
import { checkPublishable } from '../badges/publish.ts'
import type { IssuerFacts } from '../credentials/facts.ts'
import { asTenant } from '../db/connect.ts'
import type { Trx } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import { parsePublicPath } from '../publication/public-path.ts'
import { signedDocument } from './document.ts'
import { type EndorsementRow, findEndorsement, findTakenAward, keepReceived, listPublishedBadges } from './store.ts'
import type { ReceivedEndorsementTable } from './tables.ts'

export type DeliverDeps = Pick<Deps, 'db' | 'config' | 'now'>

/**
 * Brings an endorsement, or the news that it was taken back, to the foundation whose badge it is about: no request reads across tenants
 * (PERFORMANCE, Scale 3). Before a badge may carry it a whole example of it is checked with it inside, in safe mode too (DESIGN, The award
 * path 6). Any number of times: the same rows. Does nothing when it is not there, or its badge is no longer.
 */
export async function deliverEndorsement(
  deps: DeliverDeps,
  { school, id }: { readonly school: string; readonly id: string },
): Promise<void> {
  const endorsement = await asTenant(deps.db, school, async (trx) => await findEndorsement(trx, school, id))
  if (!endorsement) return
  const foundation = endorsement.subject_tenant
  const place = await asTenant(deps.db, foundation, async (trx) => await placeOf(trx, deps, endorsement))
  if (!place) return
  const { badge_class_version_id: carrier } = place
  if (carrier !== null && endorsement.withdrawn_at === null) await checkCarried(deps, foundation, carrier, endorsement)
  await asTenant(deps.db, foundation, async (trx) => {
    const { document, given_at, withdrawn_at } = endorsement
    await keepReceived(trx, { tenant_id: foundation, id, endorser: school, ...place, document, given_at, withdrawn_at })
  })
}

type Place = Pick<ReceivedEndorsementTable, 'badge_class_version_id' | 'language' | 'award_id'>

/** The foundation's own row that the endorsement is about. */
async function placeOf(trx: Trx, { config }: DeliverDeps, endorsement: EndorsementRow): Promise<Place | undefined> {
  const { subject_tenant: foundation, subject_kind, subject } = endorsement
  if (subject_kind === 'award') {
    const award = await findTakenAward(trx, foundation, subject)
    return award && { badge_class_version_id: null, language: null, award_id: award.id }
  }
  const path = parsePublicPath(subject.slice(config.publicOrigin.length))
  if (path?.kind !== 'achievement') return undefined
  const [badge] = await listPublishedBadges(trx, foundation, path)
  return badge && { badge_class_version_id: badge.versionId, language: path.language, award_id: null }
}

async function checkCarried(
  { db, config, now }: DeliverDeps,
  foundation: string,
  versionId: string,
  { language, document }: EndorsementRow,
): Promise<void> {
  const badge = await readBadgeFacts(db, { tenant: foundation, versionId, language, endorsements: [] })
  if (!badge) return
  const named = await db
    .selectFrom('organisation')
    .select(['name', 'url', 'email'])
    .where('tenant_id', '=', foundation)
    .executeTakeFirstOrThrow()
  const issuer: IssuerFacts = { origin: config.publicOrigin, code: foundation, ...named }
  const endorsements = [signedDocument(document)]
  await checkPublishable({ ...badgeClassFacts(badge, issuer, language), endorsements }, now())
}
