import { administration } from './en/administration.ts'
import { apiKeys } from './en/api-keys.ts'
import { account } from './en/account.ts'
import { app } from './en/app.ts'
import { applications } from './en/applications.ts'
import { audit } from './en/audit.ts'
import { awards } from './en/awards.ts'
import { badges } from './en/badges.ts'
import { checks } from './en/checks.ts'
import { endorsements } from './en/endorsements.ts'
import { error } from './en/error.ts'
import { evidence } from './en/evidence.ts'
import { evidenceRule } from './en/evidence-rule.ts'
import { feedback } from './en/feedback.ts'
import { goal } from './en/goal.ts'
import { group } from './en/group.ts'
import { landing } from './en/landing.ts'
import { levels } from './en/levels.ts'
import { modules } from './en/modules.ts'
import { nav } from './en/nav.ts'
import { ownData } from './en/own-data.ts'
import { paperRequests } from './en/paper-requests.ts'
import { passport } from './en/passport.ts'
import { publicBadge } from './en/public-badge.ts'
import { qualifications } from './en/qualifications.ts'
import { record } from './en/record.ts'
import { relations } from './en/relations.ts'
import { scale } from './en/scale.ts'
import { school } from './en/school.ts'
import { selfAssessment } from './en/self-assessment.ts'
import { share } from './en/share.ts'
import { signIn } from './en/sign-in.ts'
import { signingKeys } from './en/signing-keys.ts'
import { staff } from './en/staff.ts'
import { supportHint, supportLevel } from './en/support-level.ts'
import { tier } from './en/tier.ts'
import { verify } from './en/verify.ts'
import type { Messages } from './fi.ts'

/** English. */
export const en: Messages = {
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
