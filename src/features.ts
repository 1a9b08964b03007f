import { accountPages } from './accounts/pages.ts'
import { accountRoutes } from './accounts/routes.ts'
import { auditPages } from './audit/pages.ts'
import { auditRoutes } from './audit/routes.ts'
import { awardPages } from './awards/pages.ts'
import { awardRoutes } from './awards/routes.ts'
import type { Issuing } from './awards/issuing.ts'
import { clientPages } from './clients/pages.ts'
import { clientRoutes } from './clients/routes.ts'
import type { Deps } from './deps.ts'
import { endorsementPages } from './endorsements/pages.ts'
import { endorsementRoutes } from './endorsements/routes.ts'
import { evidencePages } from './evidence/pages.ts'
import { evidenceRoutes } from './evidence/routes.ts'
import type { App } from './http/app-type.ts'
import { foundationPages } from './foundations/pages.ts'
import { integrationPages } from './integrations/pages.ts'
import { integrationRoutes } from './integrations/routes.ts'
import { keyPages } from './keys/pages.ts'
import { keyRoutes } from './keys/routes.ts'
import { modulePages } from './modules/pages.ts'
import { moduleRoutes } from './modules/routes.ts'
import { progressPages } from './progress/pages.ts'
import { progressRoutes } from './progress/routes.ts'
import { publicationRoutes } from './publication/routes.ts'
import { passportPages } from './passport/pages.ts'
import { passportRoutes } from './passport/routes.ts'
import { qualificationRoutes } from './qualifications/routes.ts'
import { rightsPages } from './rights/pages.ts'
import { sharePages } from './shares/pages.ts'
import { shareRoutes } from './shares/routes.ts'
import { verificationPages } from './verification/pages.ts'
import { verificationRoutes } from './verification/routes.ts'

/** All that the features share, with what issuing keeps between awards. */
export type FeatureDeps = Deps & { readonly issuing: Issuing }

/** Every feature's routes (JSON) and pages (HTML). A new feature is two lines here. */
export function features(app: App, deps: FeatureDeps): void {
  accountRoutes(app, deps)
  accountPages(app, deps)
  awardRoutes(app, deps)
  awardPages(app, deps)
  qualificationRoutes(app, deps)
  passportRoutes(app, deps)
  passportPages(app, deps)
  moduleRoutes(app, deps)
  modulePages(app, deps)
  clientRoutes(app, deps)
  clientPages(app, deps)
  foundationPages(app, deps)
  keyRoutes(app, deps)
  keyPages(app, deps)
  integrationRoutes(app, deps)
  integrationPages(app, deps)
  progressRoutes(app, deps)
  progressPages(app, deps)
  evidenceRoutes(app, deps)
  evidencePages(app, deps)
  endorsementRoutes(app, deps)
  endorsementPages(app, deps)
  shareRoutes(app, deps)
  sharePages(app, deps)
  auditRoutes(app, deps)
  auditPages(app, deps)
  rightsPages(app, deps)
  publicationRoutes(app, deps)
  verificationRoutes(app, deps)
  verificationPages(app, deps)
}
