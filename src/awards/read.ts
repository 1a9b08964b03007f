import type { EvidenceRule } from '../badges/evidence-rule.ts'
import type { StoredAlignment } from '../badges/tables.ts'
import type { Language, Scope, Tier } from '../credentials/facts.ts'
import type { JsonObject } from '../credentials/json.ts'
import { maxEndorsements } from '../credentials/ob3/build.ts'
import { sessionTimes } from '../accounts/session.ts'
import { inOneTrip } from '../db/connect.ts'
import type { Role } from '../http/permissions.ts'
import type { Db } from '../db/database.ts'
import { statement } from '../db/statement.ts'
import { signedDocument } from '../endorsements/document.ts'
import type { SupportLevel } from '../modules/tables.ts'
import type { Text } from '../qualifications/tables.ts'
import type { ApplicationState } from './tables.ts'

/** What never changes of a badge class version in one language: read once by a process and kept. */
export type BadgeFacts = {
  readonly badge_class_id: string
  readonly slug: string
  readonly scope: Scope
  readonly version: number
  readonly tier: Tier
  readonly name: Text
  readonly description: Text
  readonly criteria: Text
  readonly languages: Language[]
  readonly rule: EvidenceRule
  readonly alignments: readonly StoredAlignment[]
  readonly valid_months: number | null
  readonly caption: string
  readonly task_names: readonly { readonly id: string; readonly name: Text }[]
  /** What schools say of it, as they signed it: carried inside the credential (CONFORMANCE 9.6). */
  readonly endorsements: readonly JsonObject[]
}

/** What is read anew for each decision. */
type MovingFacts = {
  readonly application_id: string
  readonly state: ApplicationState
  readonly language: Language
  readonly client_id: string
  readonly client_data_key: Buffer
  readonly client_kek_version: string
  readonly proposed_by: string | null
  /** Accounts of the programs whose keys the decider made. */
  readonly programs: readonly string[]
  readonly application_award: { readonly id: string; readonly publicId: string } | null
  readonly badge_class_version_id: string
  readonly version_state: 'draft' | 'published' | 'retired' | 'withdrawn'
  readonly org_name: string
  readonly org_url: string
  readonly org_email: string
  readonly issuing_stopped: boolean
  /** Place of the latest line about keys: the writing statement refuses when there is a later one. */
  readonly key_seq: number
  readonly revision: number
  readonly observations: readonly {
    readonly taskId: string
    readonly observedOn: string
    readonly supportLevel: SupportLevel
    readonly recordedBy: string
    readonly late: boolean
  }[]
  readonly self_assessed: readonly string[]
  readonly held: readonly string[]
  /** Ids of the badge's standing endorsements in this language. */
  readonly endorsed_by: readonly string[]
  /** How the organisation chose to sign OB 3.0 (CONFORMANCE 3.1). */
  readonly badge_algorithm: 'RS256' | 'ES256'
  /** The RSA key in use, which signs OB 2.0, and OB 3.0 too where RS256 was chosen. Null: there is none. */
  readonly ob2: StoredKey | null
  /** The P-256 key in use, where ES256 was chosen. */
  readonly ob3: StoredKey | null
  readonly idempotency: { readonly digest: string; readonly status: number; readonly ref: string } | null
}

/** Everything a decision needs (DESIGN, The award path 4). `badge` is its unchanging part by itself: the same object as long as a process keeps it. */
export type DecisionFacts = MovingFacts & BadgeFacts & { readonly badge: BadgeFacts }

/** Who asks, from the session's own row. */
export type Account = { readonly id: string; readonly roles: readonly Role[] }

/** Bytes inside JSON are base64. */
type Asked = {
  readonly account: Account
  readonly facts: (Omit<MovingFacts, 'client_data_key'> & { readonly client_data_key: string }) | null
}

/** Finds the unchanging part: a process may keep it. */
export type FindBadgeFacts = (wanted: BadgeRef) => Promise<BadgeFacts | undefined>
export type BadgeRef = {
  readonly tenant: string
  readonly versionId: string
  readonly language: Language
  /** Ids of the endorsements that stand, oldest first: when they change it is read anew. */
  readonly endorsements: readonly string[]
}

/** Whose decision about which application is asked for. */
export type DecisionRequest = {
  readonly sessionId: string
  readonly applicationId: string
  /** The request's Idempotency-Key. */
  readonly key: string
  readonly now: Date
}

/** Finds what may have moved: a process may read for several at once. */
export type FindMoving = (tenant: string, wanted: DecisionRequest) => Promise<Asked | undefined>

/**
 * Reads everything that a decision rests on. `facts` is null when the tenant has no such application; undefined when the session is over
 * (S-14).
 */
export async function readDecisionFacts(
  find: { readonly findMoving: FindMoving; readonly findBadgeFacts: FindBadgeFacts },
  tenant: string,
  wanted: DecisionRequest,
): Promise<{ readonly account: Account; readonly facts: DecisionFacts | null } | undefined> {
  const asked = await find.findMoving(tenant, wanted)
  if (!asked?.facts) return asked && { account: asked.account, facts: null }
  const { badge_class_version_id: versionId, language, client_data_key, ...moving } = asked.facts
  const { endorsed_by: endorsements } = moving
  const badge = await find.findBadgeFacts({ tenant, versionId, language, endorsements })
  if (!badge) throw new Error('an application without its badge class version')
  const ids = { badge_class_version_id: versionId, language, client_data_key: Buffer.from(client_data_key, 'base64') }
  return { account: asked.account, facts: { ...moving, ...badge, ...ids, badge } }
}

export type StoredKey = {
  readonly kid: string
  readonly algorithm: 'RS256' | 'ES256'
  /** Base64, like the sealed key. */
  readonly data_key: string
  readonly kek_version: string
  readonly private_sealed: string
}

/**
 * Reads everything that may have moved in one statement, for several decisions of a tenant: the session with its roles, the application, its
 * evidence, the keys and the idempotency row (DESIGN, The award path 4). One JSON value each, because forty columns cost more to read than
 * to make. Undefined where the session has ended, idled away or is no member of staff's (S-14).
 */
export async function readMoving(
  db: Db,
  tenant: string,
  wanted: readonly DecisionRequest[],
): Promise<readonly (Asked | undefined)[]> {
  const rows = wanted.map(({ sessionId, applicationId, key, now }, place) => {
    const idle = new Date(now.getTime() - sessionTimes.idle)
    return { tenant_id: tenant, place, session_id: sessionId, application_id: applicationId, key, now, idle }
  })
  const asking = statement<{ place: number; asked: Asked }>('award.read')`
    select wanted.place, jsonb_build_object(
      'account', jsonb_build_object('id', a.id, 'roles', (select coalesce(jsonb_agg(g.role), '[]') from role_grant g
        where g.tenant_id = s.tenant_id and g.account_id = s.account_id and g.ended_at is null)),
      'facts', (select jsonb_build_object(
        'application_id', ap.id, 'state', ap.state, 'language', ap.language, 'client_id', ap.client_id, 'proposed_by', ap.proposed_by,
        'programs', (select coalesce(jsonb_agg(distinct ak.account_id), '[]') from api_key ak
          where ak.tenant_id = ap.tenant_id and ak.made_by = a.id),
        'client_data_key', encode(cl.data_key, 'base64'), 'client_kek_version', cl.kek_version,
        'application_award', (select jsonb_build_object('id', aw.id, 'publicId', aw.public_id) from award aw
          where aw.tenant_id = ap.tenant_id and aw.id = ap.award_id),
        'badge_class_version_id', bv.id, 'version_state', bv.state,
        'org_name', o.name, 'org_url', o.url, 'org_email', o.email, 'issuing_stopped', o.issuing_stopped_at is not null or exists (select from app.issuance where stopped_at is not null),
        'key_seq', (select h.key_seq from history_head h where h.tenant_id = ap.tenant_id),
        'revision', coalesce(e.revision, 0),
        'observations', (select coalesce(jsonb_agg(jsonb_build_object('taskId', ob.task_id, 'observedOn', ob.observed_on,
            'supportLevel', ob.support_level, 'recordedBy', ob.recorded_by, 'late', ob.late_reason_sealed is not null)), '[]')
          from observation ob
          where ob.tenant_id = ap.tenant_id and ob.client_id = ap.client_id and ob.undone_at is null
            and not exists (select from observation newer where newer.tenant_id = ob.tenant_id and newer.client_id = ob.client_id
              and newer.replaces = ob.id and newer.undone_at is null)),
        'self_assessed', (select coalesce(jsonb_agg(distinct sa.task_id), '[]') from self_assessment sa
          where sa.tenant_id = ap.tenant_id and sa.client_id = ap.client_id),
        'held', (select coalesce(jsonb_agg(distinct hb.slug), '[]')
          from award held join badge_class hb on hb.tenant_id = held.tenant_id and hb.id = held.badge_class_id
          where held.tenant_id = ap.tenant_id and held.client_id = ap.client_id and held.state = 'accepted'
            and (held.valid_until is null or held.valid_until > wanted.now)
            and not exists (select from revocation r where r.tenant_id = held.tenant_id and r.award_id = held.id)),
        'endorsed_by', (select coalesce(jsonb_agg(re.id order by re.given_at, re.id), '[]') from (
          select id, given_at from received_endorsement
          where tenant_id = ap.tenant_id and badge_class_version_id = ap.badge_class_version_id and language = ap.language
            and withdrawn_at is null
          order by given_at, id limit ${maxEndorsements}) re),
        'badge_algorithm', o.badge_algorithm,
        'ob2', case when k2.kid is null then null else jsonb_build_object('kid', k2.kid, 'algorithm', k2.algorithm,
          'data_key', encode(k2.data_key, 'base64'),
          'kek_version', k2.kek_version, 'private_sealed', encode(k2.private_sealed, 'base64')) end,
        'ob3', case when k3.kid is null then null else jsonb_build_object('kid', k3.kid, 'algorithm', k3.algorithm,
          'data_key', encode(k3.data_key, 'base64'), 'kek_version', k3.kek_version,
          'private_sealed', encode(k3.private_sealed, 'base64')) end,
        'idempotency', (select jsonb_build_object('digest', encode(i.digest, 'hex'), 'status', i.status, 'ref', i.ref)
          from idempotency i where i.tenant_id = ap.tenant_id and i.holder = a.id and i.key = wanted.key))
        from application ap
          join client cl on cl.tenant_id = ap.tenant_id and cl.id = ap.client_id
          join badge_class_version bv on bv.tenant_id = ap.tenant_id and bv.id = ap.badge_class_version_id
          join organisation o on o.tenant_id = ap.tenant_id
          left join client_evidence e on e.tenant_id = ap.tenant_id and e.client_id = ap.client_id
          left join signing_key k2 on k2.tenant_id = ap.tenant_id and k2.algorithm = 'RS256' and k2.state = 'active'
          left join signing_key k3 on k3.tenant_id = ap.tenant_id and o.badge_algorithm = 'ES256' and k3.algorithm = 'ES256'
            and k3.state = 'active'
        where ap.tenant_id = ${tenant} and ap.id = wanted.application_id)) as asked
    from json_to_recordset(${JSON.stringify(rows)}) as wanted (tenant_id text, place integer, session_id uuid, application_id uuid, key text,
        now timestamptz, idle timestamptz)
      join session s on s.tenant_id = ${tenant} and s.id = wanted.session_id
      join account a on a.tenant_id = s.tenant_id and a.id = s.account_id and a.disabled_at is null
    where wanted.tenant_id = ${tenant} and s.ended_at is null and s.ends_at > wanted.now and s.last_seen_at > wanted.idle and s.wants is null
      and coalesce(s.open_until > wanted.now, true)`
  const found = new Map((await inOneTrip(db, tenant, asking)).map(({ place, asked }) => [place, asked]))
  return wanted.map((_, place) => found.get(place))
}

/** Reads what never changes of a badge class version, with its picture's words in one language. */
export async function readBadgeFacts(
  db: Db,
  { tenant, versionId, language, endorsements }: BadgeRef,
): Promise<BadgeFacts | undefined> {
  const asking = statement<StoredBadgeFacts>('award.badge')`
    select bc.id as badge_class_id, bc.slug, bc.scope, bv.version, bv.tier, bv.name, bv.description, bv.criteria, bv.languages, bv.rule,
      bv.alignments, bv.valid_months, coalesce(bp.caption, '') as caption,
      (select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name) order by mt.position), '[]')
        from module_task mt join task t on t.tenant_id = mt.tenant_id and t.id = mt.task_id
        where mt.tenant_id = bv.tenant_id and mt.module_version_id = bv.module_version_id) as task_names,
      (select coalesce(jsonb_agg(re.document order by re.given_at, re.id), '[]') from received_endorsement re
        where re.tenant_id = bv.tenant_id and re.id = any(${endorsements}::uuid[])) as endorsements
    from badge_class_version bv
      join badge_class bc on bc.tenant_id = bv.tenant_id and bc.id = bv.badge_class_id
      left join badge_picture bp on bp.tenant_id = bv.tenant_id and bp.badge_class_version_id = bv.id and bp.language = ${language}
    where bv.tenant_id = ${tenant} and bv.id = ${versionId}`
  const [stored] = await inOneTrip(db, tenant, asking)
  return stored && { ...stored, endorsements: stored.endorsements.map(signedDocument) }
}

/** Signed documents are texts there, so that not a member of them moves. */
type StoredBadgeFacts = Omit<BadgeFacts, 'endorsements'> & { readonly endorsements: readonly string[] }
