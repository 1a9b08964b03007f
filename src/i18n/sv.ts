import type { Messages } from './fi.ts'
import { apiKeys } from './sv/api-keys.ts'
import { account } from './sv/account.ts'
import { app } from './sv/app.ts'
import { applications } from './sv/applications.ts'
import { audit } from './sv/audit.ts'
import { awards } from './sv/awards.ts'
import { badges } from './sv/badges.ts'
import { checks } from './sv/checks.ts'
import { endorsements } from './sv/endorsements.ts'
import { error } from './sv/error.ts'
import { evidenceRule } from './sv/evidence-rule.ts'
import { feedback } from './sv/feedback.ts'
import { goal } from './sv/goal.ts'
import { group } from './sv/group.ts'
import { landing } from './sv/landing.ts'
import { modules } from './sv/modules.ts'
import { nav } from './sv/nav.ts'
import { ownData } from './sv/own-data.ts'
import { passport } from './sv/passport.ts'
import { publicBadge } from './sv/public-badge.ts'
import { qualifications } from './sv/qualifications.ts'
import { record } from './sv/record.ts'
import { scale } from './sv/scale.ts'
import { school } from './sv/school.ts'
import { selfAssessment } from './sv/self-assessment.ts'
import { share } from './sv/share.ts'
import { signIn } from './sv/sign-in.ts'
import { supportHint, supportLevel } from './sv/support-level.ts'
import { tier } from './sv/tier.ts'
import { verify } from './sv/verify.ts'

/** Swedish. */
export const sv: Messages = {
  apiKeys,
  account,
  app,
  applications,
  audit,
  awards,
  badges,
  checks,
  endorsements,
  error,
  evidenceRule,
  feedback,
  goal,
  group,
  landing,
  modules,
  nav,
  ownData,
  passport,
  publicBadge,
  qualifications,
  record,
  scale,
  school,
  selfAssessment,
  share,
  signIn,
  supportHint,
  supportLevel,
  tier,
  verify,
}
