import { administration } from './fi/administration.ts'
import { apiKeys } from './fi/api-keys.ts'
import { account } from './fi/account.ts'
import { app } from './fi/app.ts'
import { applications } from './fi/applications.ts'
import { audit } from './fi/audit.ts'
import { awards } from './fi/awards.ts'
import { badges } from './fi/badges.ts'
import { checks } from './fi/checks.ts'
import { endorsements } from './fi/endorsements.ts'
import { error } from './fi/error.ts'
import { evidence } from './fi/evidence.ts'
import { evidenceRule } from './fi/evidence-rule.ts'
import { feedback } from './fi/feedback.ts'
import { goal } from './fi/goal.ts'
import { group } from './fi/group.ts'
import { landing } from './fi/landing.ts'
import { levels } from './fi/levels.ts'
import { modules } from './fi/modules.ts'
import { nav } from './fi/nav.ts'
import { ownData } from './fi/own-data.ts'
import { paperRequests } from './fi/paper-requests.ts'
import { passport } from './fi/passport.ts'
import { publicBadge } from './fi/public-badge.ts'
import { qualifications } from './fi/qualifications.ts'
import { record } from './fi/record.ts'
import { relations } from './fi/relations.ts'
import { scale } from './fi/scale.ts'
import { school } from './fi/school.ts'
import { selfAssessment } from './fi/self-assessment.ts'
import { share } from './fi/share.ts'
import { signIn } from './fi/sign-in.ts'
import { signingKeys } from './fi/signing-keys.ts'
import { staff } from './fi/staff.ts'
import { supportHint, supportLevel } from './fi/support-level.ts'
import { tier } from './fi/tier.ts'
import { verify } from './fi/verify.ts'

/** Finnish: the source. The other languages have the same keys and the same placeholders by type. */
export const fi = {
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

/** All texts of one language. */
export type Messages = typeof fi
