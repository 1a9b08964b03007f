import type { Kysely, Transaction } from 'kysely'
import type {
  AccountLinkTable,
  AccountTable,
  IdempotencyTable,
  RecoveryCodeTable,
  RoleGrantTable,
  SecondFactorTable,
  SessionTable,
  SetupLinkTable,
  SignInBackoffTable,
  SignInCardTable,
  SignInCodeTable,
  SignInFailureTable,
  SignInNameTable,
  SignInSubjectTable,
  StaffDeviceTable,
} from '../accounts/tables.ts'
import type { AuditEventTable, AuditOriginTable } from '../audit/tables.ts'
import type {
  ApplicationTable,
  AwardTable,
  HistoryContentTable,
  HistoryHeadTable,
  HistorySignedHeadTable,
  HistoryTable,
  RevocationTable,
  StatusListTable,
} from '../awards/tables.ts'
import type { BadgeClassTable, BadgeClassVersionTable, BadgePictureTable } from '../badges/tables.ts'
import type {
  AccountUnitTable,
  ClientCoachTable,
  ClientConsentTable,
  ClientHandoverTable,
  ClientInvitationTable,
  ClientLinkTable,
  ClientMergeRowTable,
  ClientMergeTable,
  ClientNameTable,
  ClientTable,
  ClientUnitTable,
  StandInTable,
} from '../clients/tables.ts'
import type { EndorsementTable, ReceivedEndorsementTable } from '../endorsements/tables.ts'
import type { EvidenceFileTable } from '../evidence/tables.ts'
import type { OrganisationTable, WorkUnitTable } from '../foundations/tables.ts'
import type { ApiKeyTable } from '../integrations/tables.ts'
import type { SigningKeyTable } from '../keys/tables.ts'
import type {
  ModuleGapTable,
  ModuleTable,
  ModuleTaskTable,
  ModuleVersionTable,
  StepTable,
  TaskRequirementTable,
  TaskTable,
} from '../modules/tables.ts'
import type { ClientEvidenceTable, ObservationTable, SelfAssessmentTable } from '../progress/tables.ts'
import type { QualificationTable, RequirementTable, UnitTable } from '../qualifications/tables.ts'
import type { ErasedAwardTable, ErasureTable, RightsRequestTable } from '../rights/tables.ts'
import type { ShareAwardTable, ShareOpeningTable, ShareTable } from '../shares/tables.ts'
import type { RateLimitTable } from './rate-limit.ts'

/** All tables together: each feature says what its own look like. */
export type Database = {
  organisation: OrganisationTable
  work_unit: WorkUnitTable
  account: AccountTable
  account_link: AccountLinkTable
  role_grant: RoleGrantTable
  sign_in_name: SignInNameTable
  sign_in_code: SignInCodeTable
  sign_in_failure: SignInFailureTable
  sign_in_backoff: SignInBackoffTable
  sign_in_subject: SignInSubjectTable
  sign_in_card: SignInCardTable
  second_factor: SecondFactorTable
  recovery_code: RecoveryCodeTable
  staff_device: StaffDeviceTable
  setup_link: SetupLinkTable
  session: SessionTable
  idempotency: IdempotencyTable
  api_key: ApiKeyTable
  rate_limit: RateLimitTable
  client: ClientTable
  client_coach: ClientCoachTable
  client_unit: ClientUnitTable
  account_unit: AccountUnitTable
  stand_in: StandInTable
  client_name: ClientNameTable
  client_invitation: ClientInvitationTable
  client_link: ClientLinkTable
  client_consent: ClientConsentTable
  client_handover: ClientHandoverTable
  client_merge: ClientMergeTable
  client_merge_row: ClientMergeRowTable
  share: ShareTable
  share_award: ShareAwardTable
  share_opening: ShareOpeningTable
  qualification: QualificationTable
  unit: UnitTable
  requirement: RequirementTable
  module: ModuleTable
  module_version: ModuleVersionTable
  task: TaskTable
  step: StepTable
  module_task: ModuleTaskTable
  task_requirement: TaskRequirementTable
  module_gap: ModuleGapTable
  badge_class: BadgeClassTable
  badge_class_version: BadgeClassVersionTable
  badge_picture: BadgePictureTable
  client_evidence: ClientEvidenceTable
  observation: ObservationTable
  self_assessment: SelfAssessmentTable
  evidence_file: EvidenceFileTable
  signing_key: SigningKeyTable
  history: HistoryTable
  history_content: HistoryContentTable
  history_head: HistoryHeadTable
  history_signed_head: HistorySignedHeadTable
  status_list: StatusListTable
  application: ApplicationTable
  award: AwardTable
  revocation: RevocationTable
  endorsement: EndorsementTable
  received_endorsement: ReceivedEndorsementTable
  audit_event: AuditEventTable
  audit_origin: AuditOriginTable
  rights_request: RightsRequestTable
  erasure: ErasureTable
  erased_award: ErasedAwardTable
}

/** Readers take `Db`, so they work in and out of a transaction; writers take `Trx`, so that forgetting one does not compile. */
export type Db = Kysely<Database>
export type Trx = Transaction<Database>
