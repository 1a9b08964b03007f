import type { Messages } from './fi.ts'
import { administration } from './sv/administration.ts'
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
import { evidence } from './sv/evidence.ts'
import { evidenceRule } from './sv/evidence-rule.ts'
import { feedback } from './sv/feedback.ts'
import { goal } from './sv/goal.ts'
import { group } from './sv/group.ts'
import { landing } from './sv/landing.ts'
import { levels } from './sv/levels.ts'
import { modules } from './sv/modules.ts'
import { nav } from './sv/nav.ts'
import { ownData } from './sv/own-data.ts'
import { paperRequests } from './sv/paper-requests.ts'
import { passport } from './sv/passport.ts'
import { publicBadge } from './sv/public-badge.ts'
import { qualifications } from './sv/qualifications.ts'
import { record } from './sv/record.ts'
import { relations } from './sv/relations.ts'
import { scale } from './sv/scale.ts'
import { school } from './sv/school.ts'
import { selfAssessment } from './sv/self-assessment.ts'
import { share } from './sv/share.ts'
import { signIn } from './sv/sign-in.ts'
import { signingKeys } from './sv/signing-keys.ts'
import { staff } from './sv/staff.ts'
import { supportHint, supportLevel } from './sv/support-level.ts'
import { tier } from './sv/tier.ts'
import { verify } from './sv/verify.ts'

/** Swedish. */
export const sv: Messages = {
  administration,
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
  evidence,
  evidenceRule,
  feedback,
  goal,
  group,
  landing,
  levels,
  modules,
  nav,
  ownData,
  paperRequests,
  passport,
  publicBadge,
  qualifications,
  record,
  relations,
  scale,
  school,
  selfAssessment,
  share,
  signIn,
  signingKeys,
  staff,
  supportHint,
  supportLevel,
  tier,
  verify,
}
