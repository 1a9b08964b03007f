/** How long a table keeps a row that has had its time. */
export type Kept = {
  readonly table: string
  /** So many days after the moment that `from` tells. */
  readonly days: number
  /** The moment from which a row is not needed any more, as SQL; null: it still is. */
  readonly from: string
  /** Only these rows, as SQL. */
  readonly only?: string
  /** These stay all the same, as SQL; the row is `r`. */
  readonly unless?: string
  /** Rows of no tenant. */
  readonly isGlobal?: true
  /** The service may not delete here: this function does it, and looks at the time itself. */
  readonly by?: 'app.forget_origins'
  readonly why: string
}

/** An act of a client names its session: whose code opened it and in which browser is shown to who decides (S-15). */
const namedByAct = `(exists (select from self_assessment a where a.tenant_id = SESSION.tenant_id and a.session_id = SESSION.id)
  or exists (select from application a where a.tenant_id = SESSION.tenant_id and a.submitted_session_id = SESSION.id)
  or exists (select from award a where a.tenant_id = SESSION.tenant_id and a.answered_session_id = SESSION.id)
  or exists (select from client_consent a where a.tenant_id = SESSION.tenant_id and a.session_id = SESSION.id))`
const ofSession = (name: string): string => namedByAct.replaceAll('SESSION', name)
const named = `${ofSession('r')} or (r.account_id is not null and exists (select from session c
  where c.tenant_id = r.tenant_id and c.browser = r.browser and ${ofSession('c')}))`

const season = 90

/**
 * Everything that is kept for a time only (S-50, DOMAIN 9.8), in the order in which it goes: what names a row before the row. Removed daily by
 * `removeOld`. Every other table stands in `lasting`; a test reads the database's catalogue for one that is in neither.
 */
export const kept: readonly Kept[] = [
  {
    table: 'idempotency',
    days: 1,
    from: 'at',
    why: 'the same request is answered alike for a day (PRODUCT §7, Idempotency)',
  },
  {
    table: 'session',
    days: 30,
    from: 'ends_at',
    only: 'r.card_id is null',
    unless: named,
    why: 'to look into a sign-in that somebody asks about',
  },
  {
    table: 'session',
    days: 273,
    from: 'ends_at',
    only: 'r.card_id is not null',
    unless: named,
    why: 'the client sees on /katselut how a card was used, while it lasts and a season after (S-15)',
  },
  {
    table: 'sign_in_code',
    days: season,
    from: 'expires_at',
    isGlobal: true,
    why: 'the client sees a season’s codes on /katselut (S-15)',
  },
  {
    table: 'sign_in_card',
    days: season,
    from: 'coalesce(ended_at, expires_at)',
    unless: 'exists (select from session s where s.tenant_id = r.tenant_id and s.card_id = r.id)',
    why: 'the client sees a season’s cards on /katselut (S-15)',
  },
  {
    table: 'staff_device',
    days: season,
    from: 'ended_at',
    unless: 'exists (select from session s where s.tenant_id = r.tenant_id and s.device_id = r.id)',
    why: 'a coach sees for a season which devices were taken away',
  },
  {
    table: 'share',
    days: season,
    from: 'coalesce(closed_at, ends_at)',
    why: 'the client sees for a season what was shown and when it was opened; then the list of openings goes too',
  },
  {
    table: 'client_invitation',
    days: 30,
    from: 'coalesce(used_at, expires_at)',
    why: 'to tell a link that was used from one that never was',
  },
  {
    table: 'account_link',
    days: 30,
    from: 'coalesce(used_at, expires_at)',
    why: 'to tell a link that was used from one that never was',
  },
  {
    table: 'setup_link',
    days: 30,
    from: 'coalesce(used_at, expires_at)',
    isGlobal: true,
    why: 'to tell a link that was used from one that never was',
  },
  {
    table: 'rights_request',
    days: 730,
    from: 'coalesce(answered_at, asked_at)',
    only: "r.state <> 'open'",
    why: 'to show that a person’s request was answered; two years, as long as somebody may still ask',
  },
  {
    table: 'audit_origin',
    days: 14,
    from: 'at',
    by: 'app.forget_origins',
    why: 'network addresses are kept for 14 days (S-50); the lines of the audit stay',
  },
  { table: 'sign_in_failure', days: 1, from: 'minute', isGlobal: true, why: 'failures count for an hour (S-17)' },
  {
    table: 'sign_in_backoff',
    days: 1,
    from: 'last_failed_at',
    isGlobal: true,
    why: 'waiting counts for twelve hours (S-17)',
  },
  { table: 'rate_limit', days: 1, from: 'starts_at', isGlobal: true, why: 'the longest limit is an hour (S-60)' },
]

const client = 'goes with the client: when the foundation’s service for the person is over and the person asks, S-52'
const chain = 'holds no person (S-32), and a chain with a gap proves nothing'
const catalogue = 'holds no person; badges and records point at it'
const staff = 'says who did what; of somebody who left the name goes and the id stays (DOMAIN 9.8)'

/** Tables without an end of their own, and why. */
export const lasting: Readonly<Record<string, string>> = {
  client,
  client_coach: client,
  client_unit: client,
  client_name: client,
  client_link: client,
  client_consent: client,
  client_handover: client,
  client_evidence: client,
  client_merge: client,
  client_merge_row: 'goes with its merge',
  observation: client,
  self_assessment: client,
  evidence_file: client,
  application: client,
  award: client,
  revocation: client,
  share_award: 'goes with its share',
  share_opening: 'goes with its share',
  stand_in: staff,
  account_unit: staff,
  account: staff,
  role_grant: staff,
  sign_in_name: staff,
  sign_in_subject: staff,
  second_factor: staff,
  recovery_code: staff,
  api_key: staff,
  organisation: catalogue,
  work_unit: catalogue,
  qualification: catalogue,
  unit: catalogue,
  requirement: catalogue,
  module: catalogue,
  module_version: catalogue,
  task: catalogue,
  step: catalogue,
  module_task: catalogue,
  task_requirement: catalogue,
  module_gap: catalogue,
  badge_class: catalogue,
  badge_class_version: catalogue,
  badge_picture: catalogue,
  endorsement: catalogue,
  received_endorsement: catalogue,
  signing_key: 'a retired key verifies for ever (S-22)',
  history: chain,
  history_head: chain,
  history_signed_head: chain,
  history_content: 'what the chain commits to; goes with the client (S-52)',
  status_list: 'a badge’s place is looked up as long as the badge is about',
  audit_event: 'ids and codes without words (S-53): nothing of it has to go',
  erasure: 'a restored backup is erased again by it (S-52)',
  erased_award: 'the address of an erased badge answers 410 for ever, and its place is never given out again (S-52)',
}
