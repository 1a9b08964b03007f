import { pickText } from '../i18n/index.ts'
import type { ApplicationView } from './list.ts'
import type { ApplicationBody } from './schema.ts'

/** An application as the API answers it. */
export function applicationBody(view: ApplicationView): ApplicationBody {
  return {
    id: view.id,
    clientId: view.clientId,
    badgeClass: {
      id: view.badgeClassId,
      slug: view.slug,
      version: view.version,
      name: pickText(view.badgeName, view.language).text,
      tier: view.tier,
      scope: view.scope,
    },
    state: view.state,
    language: view.language,
    proposed: view.proposedBy !== null,
    createdAt: view.createdAt.toISOString(),
    submittedAt: view.submittedAt?.toISOString() ?? null,
    decidedAt: view.decidedAt?.toISOString() ?? null,
    awardId: view.awardId,
  }
}
