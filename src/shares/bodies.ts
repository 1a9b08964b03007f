import { type OpenedShare, type Share, stateOf } from './share.ts'
import type { OpenedShareBody, ShareBody } from './schema.ts'

/** A share as the API tells it to its owner. */
export function shareBody(share: Share, now: Date): ShareBody {
  return {
    id: share.id,
    awardIds: [...share.awardIds],
    madeAt: share.madeAt.toISOString(),
    endsAt: share.endsAt.toISOString(),
    closedAt: share.closedAt?.toISOString() ?? null,
    state: stateOf(share, now),
    openings: { count: share.openings, last: share.lastOpening?.toISOString() ?? null },
  }
}

/** What the link shows, as JSON: the words of each badge in its own language. */
export function openedShareBody({ name, endsAt, badges }: OpenedShare): OpenedShareBody {
  return {
    holder: { givenName: name.given, familyName: name.family },
    endsAt: endsAt.toISOString(),
    badges: badges.map(({ award, jwt, verdict }) => ({
      name: award.name[award.language] ?? award.name['fi'] ?? award.slug,
      issuerName: award.issuerName,
      awardedAt: award.awardedAt.toISOString(),
      verdict: verdict.verdict,
      credential: jwt,
    })),
  }
}
