import type { ClientPurpose } from '../clients/client-key.ts'
import type { Database } from '../db/database.ts'

/** What becomes of one column in the client's own copy (S-51). */
export type Field =
  | { readonly as: string }
  /** Words under the client's key: opened. */
  | { readonly as: string; readonly sealed: ClientPurpose }
  /** An id that is told with its name. */
  | { readonly as: string; readonly names: 'account' | 'task' | 'badge' | 'unit' }
  /** Left out, and why. */
  | { readonly left: string }

type Section<Table extends keyof Database> = {
  /** What the section is called in the copy. */
  readonly as: string
  /** The column that says whose the row is. */
  readonly whose: 'id' | 'client_id'
  readonly order: keyof Database[Table] & string
  readonly fields: Readonly<Record<Exclude<keyof Database[Table], 'tenant_id' | 'client_id'>, Field>>
}

const digest = { left: 'a keyed digest: it says nothing to anybody but this service' } as const
const as = <Name extends string>(name: Name): { readonly as: Name } => ({ as: name })
const account = (name: string): Field => ({ as: name, names: 'account' })

/**
 * Every table with rows of a client, column by column: a column that is added does not compile before it is named here, and a test reads
 * the database's own catalogue for tables that are missing (S-51).
 */
export const ownData = {
  client: {
    as: 'person',
    whose: 'id',
    order: 'merged_into',
    fields: {
      id: as('id'),
      data_key: { left: 'the key itself: what it opens is told' },
      kek_version: { left: 'the key itself: what it opens is told' },
      name_sealed: { as: 'name', sealed: 'client.name' },
      language: as('language'),
      created_at: as('createdAt'),
      ended_at: as('endedAt'),
      protected_at: as('protectedSince'),
      moved_at: as('movedAt'),
      merged_into: as('joinedInto'),
    },
  },
  client_name: {
    as: 'names',
    whose: 'client_id',
    order: 'made_at',
    fields: {
      id: as('id'),
      from_day: as('fromDay'),
      name_sealed: { as: 'name', sealed: 'client.name' },
      made_by: account('madeBy'),
      made_at: as('madeAt'),
    },
  },
  client_link: {
    as: 'otherFoundations',
    whose: 'client_id',
    order: 'linked_at',
    fields: {
      other_tenant: as('organisation'),
      other_client: as('idThere'),
      opened_by: account('openedBy'),
      linked_at: as('linkedAt'),
    },
  },
  client_consent: {
    as: 'consents',
    whose: 'client_id',
    order: 'given_at',
    fields: {
      id: as('id'),
      purpose: as('purpose'),
      text_version: as('textVersion'),
      receiver: as('organisation'),
      chosen: as('chosen'),
      given_at: as('givenAt'),
      session_id: as('sessionId'),
    },
  },
  client_handover: {
    as: 'broughtAlong',
    whose: 'client_id',
    order: 'brought_at',
    fields: {
      from_tenant: as('organisation'),
      content_sealed: { as: 'content', sealed: 'client.handover' },
      brought_at: as('broughtAt'),
    },
  },
  client_merge: {
    as: 'joinedRows',
    whose: 'client_id',
    order: 'merged_at',
    fields: {
      id: as('id'),
      from_client: as('otherId'),
      merged_by: account('mergedBy'),
      merged_at: as('mergedAt'),
      split_by: account('splitBy'),
      split_at: as('splitAt'),
    },
  },
  client_coach: {
    as: 'coaches',
    whose: 'client_id',
    order: 'from_day',
    fields: {
      id: as('id'),
      account_id: account('coach'),
      from_day: as('fromDay'),
      until_day: as('untilDay'),
      stand_in_id: as('standInId'),
      made_by: account('madeBy'),
      made_at: as('madeAt'),
      ended_by: account('endedBy'),
      ended_at: as('endedAt'),
    },
  },
  client_unit: {
    as: 'units',
    whose: 'client_id',
    order: 'made_at',
    fields: {
      id: as('id'),
      unit_id: { as: 'unit', names: 'unit' },
      from_day: as('fromDay'),
      until_day: as('untilDay'),
      made_by: account('madeBy'),
      made_at: as('madeAt'),
      ended_by: account('endedBy'),
      ended_at: as('endedAt'),
    },
  },
  observation: {
    as: 'observations',
    whose: 'client_id',
    order: 'recorded_at',
    fields: {
      id: as('id'),
      task_id: { as: 'task', names: 'task' },
      observed_on: as('observedOn'),
      support_level: as('supportLevel'),
      note_sealed: { as: 'note', sealed: 'observation.note' },
      late_reason_sealed: { as: 'lateReason', sealed: 'observation.late-reason' },
      recorded_by: account('recordedBy'),
      recorded_at: as('recordedAt'),
      session_id: as('sessionId'),
      replaces: as('replaces'),
      replace_reason_sealed: { as: 'replaceReason', sealed: 'observation.replace-reason' },
      undone_at: as('undoneAt'),
    },
  },
  self_assessment: {
    as: 'selfAssessments',
    whose: 'client_id',
    order: 'assessed_at',
    fields: {
      id: as('id'),
      task_id: { as: 'task', names: 'task' },
      choice: as('choice'),
      words_sealed: { as: 'words', sealed: 'self-assessment.words' },
      assessed_at: as('assessedAt'),
      session_id: as('sessionId'),
    },
  },
  evidence_file: {
    as: 'evidenceFiles',
    whose: 'client_id',
    order: 'added_at',
    fields: {
      id: as('id'),
      observation_id: as('observationId'),
      media_type: as('mediaType'),
      byte_size: as('size'),
      content_sealed: {
        left: 'the file itself: the client saves it from /liitteet, or from /api/v1/evidence-files and its id',
      },
      added_by: account('addedBy'),
      added_at: as('addedAt'),
      consent_text: as('consentText'),
    },
  },
  client_evidence: {
    as: 'evidenceChanges',
    whose: 'client_id',
    order: 'revision',
    fields: { revision: as('count') },
  },
  application: {
    as: 'applications',
    whose: 'client_id',
    order: 'created_at',
    fields: {
      id: as('id'),
      badge_class_id: as('badgeClassId'),
      badge_class_version_id: { as: 'badge', names: 'badge' },
      state: as('state'),
      language: as('language'),
      proposed_by: account('proposedBy'),
      created_at: as('createdAt'),
      submitted_at: as('submittedAt'),
      submitted_session_id: as('submittedSessionId'),
      decided_by: account('decidedBy'),
      decided_at: as('decidedAt'),
      reason_sealed: { as: 'reason', sealed: 'application.reason' },
      award_id: as('awardId'),
    },
  },
  award: {
    as: 'awards',
    whose: 'client_id',
    order: 'awarded_at',
    fields: {
      id: as('id'),
      public_id: as('publicId'),
      badge_class_id: as('badgeClassId'),
      badge_class_version_id: { as: 'badge', names: 'badge' },
      cycle: as('cycle'),
      application_id: as('applicationId'),
      language: as('language'),
      state: as('state'),
      decided_by: account('decidedBy'),
      awarded_at: as('awardedAt'),
      valid_from: as('validFrom'),
      valid_until: as('validUntil'),
      rule: as('rule'),
      credential_id: as('credentialId'),
      assertion_id: as('assertionId'),
      recipient_urn: as('recipientUrn'),
      recipient_salt: as('recipientSalt'),
      status_list: as('statusList'),
      status_index: as('statusIndex'),
      ob2_jws: as('ob2Jws'),
      ob3_jwt: as('ob3Jwt'),
      ob3_json: as('ob3Json'),
      answered_at: as('answeredAt'),
      answered_session_id: as('answeredSessionId'),
      published_at: as('publishedAt'),
      unpublished_at: as('unpublishedAt'),
      download_again_since: as('downloadAgainSince'),
    },
  },
  revocation: {
    as: 'revocations',
    whose: 'client_id',
    order: 'revoked_at',
    fields: {
      award_id: as('awardId'),
      revoked_by: account('revokedBy'),
      revoked_at: as('revokedAt'),
      reason: as('reason'),
      note_sealed: { as: 'note', sealed: 'revocation.note' },
    },
  },
  sign_in_code: {
    as: 'signInCodes',
    whose: 'client_id',
    order: 'handed_at',
    fields: {
      digest,
      handed_by: account('handedBy'),
      handed_at: as('handedAt'),
      expires_at: as('expiresAt'),
      used_at: as('usedAt'),
    },
  },
  sign_in_card: {
    as: 'signInCards',
    whose: 'client_id',
    order: 'made_at',
    fields: {
      id: as('id'),
      digest,
      pin_digest: digest,
      made_by: account('madeBy'),
      made_at: as('madeAt'),
      expires_at: as('expiresAt'),
      ended_at: as('endedAt'),
    },
  },
  session: {
    as: 'visits',
    whose: 'client_id',
    order: 'started_at',
    fields: {
      id: as('id'),
      account_id: { left: 'of staff only: empty in a client’s visit' },
      opened_by: account('openedBy'),
      browser: digest,
      shared: as('sharedComputer'),
      started_at: as('startedAt'),
      last_seen_at: as('lastSeenAt'),
      ends_at: as('endsAt'),
      ended_at: as('endedAt'),
      wants: { left: 'of staff only: empty in a client’s visit' },
      device_id: { left: 'of staff only: empty in a client’s visit' },
      open_until: { left: 'of staff only: empty in a client’s visit' },
      more_time_until: as('moreTimeUntil'),
      card_id: as('cardId'),
      root_tenant: as('cameFrom'),
      root_session: as('cameFromVisit'),
      went_tenant: as('wentTo'),
      went_session: as('wentToVisit'),
    },
  },
  share: {
    as: 'links',
    whose: 'client_id',
    order: 'made_at',
    fields: {
      id: as('id'),
      token_digest: digest,
      made_at: as('madeAt'),
      ends_at: as('endsAt'),
      closed_at: as('closedAt'),
    },
  },
  share_award: {
    as: 'badgesInLinks',
    whose: 'client_id',
    order: 'share_id',
    fields: { share_id: as('linkId'), award_id: as('awardId') },
  },
  share_opening: {
    as: 'openingsOfLinks',
    whose: 'client_id',
    order: 'at',
    fields: { share_id: as('linkId'), at: as('at'), id: as('id') },
  },
  rights_request: {
    as: 'requests',
    whose: 'client_id',
    order: 'asked_at',
    fields: {
      id: as('id'),
      kind: as('kind'),
      state: as('state'),
      words_sealed: { as: 'words', sealed: 'rights.words' },
      asked_at: as('askedAt'),
      answer_sealed: { as: 'answer', sealed: 'rights.answer' },
      answered_by: account('answeredBy'),
      answered_at: as('answeredAt'),
      received_on: as('receivedOn'),
      entered_by: account('enteredBy'),
    },
  },
  audit_event: {
    as: 'looksAndActs',
    whose: 'client_id',
    order: 'at',
    fields: {
      at: as('at'),
      id: as('id'),
      kind: as('kind'),
      actor_kind: as('byKind'),
      actor_id: account('by'),
      session_id: { left: 'the visit of who acted, not the client’s own' },
      ref: as('ref'),
      reason: as('reason'),
      what: as('what'),
    },
  },
} as const satisfies { readonly [Table in keyof Database]?: Section<Table> }

export type OwnTable = keyof typeof ownData

/** Tables that name a client and are not in the copy, and why. */
export const notInCopy: Readonly<Record<string, string>> = {
  erasure: 'is written when everything else of the client goes: a client who can ask has no row there',
}
