import { type Kysely, sql } from 'kysely'

/** Keys, history, applications, awards, revocations and status lists (DESIGN, The award path; SECURITY-BAR §5, §6). */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- A private key lies only as AES-256-GCM under a data key that the key-encryption key wraps (S-20). All keys of an issuer stay for ever (3.8).
    create table signing_key (
      tenant_id text not null references organisation,
      kid text not null check (kid ~ '^[a-z0-9-]{1,40}$'),
      algorithm text not null check (algorithm in ('RS256', 'ES256', 'EdDSA')),
      state text not null check (state in ('active', 'retired', 'compromised')),
      public_jwk jsonb not null,
      data_key bytea not null,
      kek_version text not null,
      private_sealed bytea not null,
      created_at timestamptz not null,
      retired_at timestamptz,
      compromised_at timestamptz,
      primary key (tenant_id, kid)
    );
    create unique index signing_key_active on signing_key (tenant_id, algorithm) where state = 'active';
    call app.isolate('signing_key');
    grant select, insert, update on signing_key to osaamispassi_service;

    -- S-30…S-32: a chain for each tenant, only ever added to, without personal content.
    create table history (
      tenant_id text not null references organisation,
      seq bigint not null,
      id uuid not null,
      kind text not null check (octet_length(kind) between 1 and 255),
      at timestamptz not null,
      prev bytea not null check (octet_length(prev) = 32),
      hash bytea not null check (octet_length(hash) = 32),
      commitment bytea not null check (octet_length(commitment) = 32),
      primary key (tenant_id, seq),
      unique (tenant_id, id)
    );
    call app.isolate('history');
    grant select, insert on history to osaamispassi_service;

    -- What a history entry commits to, with its salt. Can be erased; the chain still verifies (S-32).
    create table history_content (
      tenant_id text not null,
      history_id uuid not null,
      salt bytea not null check (octet_length(salt) = 32),
      content text not null,
      primary key (tenant_id, history_id)
    );
    call app.isolate('history_content');
    grant select, insert, delete on history_content to osaamispassi_service;

    create table history_head (
      tenant_id text primary key references organisation,
      seq bigint not null,
      prev bytea not null,
      hash bytea not null
    );
    call app.isolate('history_head');
    grant select, update on history_head to osaamispassi_service;

    -- SHA-256(prev ‖ seq ‖ tenant ‖ id ‖ kind ‖ at ‖ commitment): seq and at (microseconds since 1970) as 8 bytes big-endian, tenant as
    -- its 4 ASCII bytes, id as 16 bytes, kind with one byte of length before it (S-31).
    create function app.history_hash(prev bytea, seq bigint, tenant text, id uuid, kind text, at timestamptz, commitment bytea)
      returns bytea language sql immutable parallel safe as $$
      select sha256(prev || int8send(seq) || convert_to(tenant, 'UTF8') || uuid_send(id)
        || set_byte('\\x00'::bytea, 0, octet_length(kind)) || convert_to(kind, 'UTF8')
        || int8send((extract(epoch from at) * 1000000)::bigint) || commitment)
    $$;
    grant execute on function app.history_hash to osaamispassi_service;

    -- Ends a statement whose parts do not all hold: what it wrote so far is rolled back with it.
    create function app.must(holds boolean, what text) returns boolean language plpgsql as $$
    begin
      if not holds then raise exception using errcode = 'OP001', message = what; end if;
      return true;
    end $$;
    grant execute on function app.must to osaamispassi_service;

    -- One list: which places are given out (leased in blocks, never again) and the signed document as it is served.
    create table status_list (
      tenant_id text not null references organisation,
      list integer not null,
      taken bit varying not null,
      leased integer not null default 0,
      changed_at timestamptz not null,
      signed_at timestamptz,
      document text,
      primary key (tenant_id, list)
    );
    call app.isolate('status_list');
    grant select, insert, update on status_list to osaamispassi_service;

    create table application (
      tenant_id text not null,
      id uuid not null,
      client_id uuid not null,
      badge_class_id uuid not null,
      badge_class_version_id uuid not null,
      state text not null check (state in ('proposed', 'submitted', 'withdrawn', 'declined', 'returned', 'rejected', 'awarded')),
      language text not null check (language in ('fi', 'sv', 'en')),
      -- the coach who proposed it; null when the client applied unasked
      proposed_by uuid,
      created_at timestamptz not null,
      submitted_at timestamptz,
      -- the client's session that applied or agreed: shows whose code and which browser it was (S-15)
      submitted_session_id uuid,
      decided_by uuid,
      decided_at timestamptz,
      reason_sealed bytea,
      award_id uuid,
      primary key (tenant_id, id),
      foreign key (tenant_id, client_id) references client,
      foreign key (tenant_id, badge_class_id) references badge_class,
      foreign key (tenant_id, badge_class_version_id) references badge_class_version,
      foreign key (tenant_id, proposed_by) references account,
      foreign key (tenant_id, decided_by) references account,
      foreign key (tenant_id, submitted_session_id) references session,
      check (state = 'proposed' or state in ('withdrawn', 'declined') or submitted_at is not null),
      check (state <> 'awarded' or award_id is not null)
    );
    create unique index application_open on application (tenant_id, client_id, badge_class_id) where state in ('proposed', 'submitted');
    create index application_by_state on application (tenant_id, state, submitted_at);
    call app.isolate('application');
    grant select, insert, update on application to osaamispassi_service;

    create table award (
      tenant_id text not null,
      id uuid not null,
      public_id text not null check (public_id ~ '^[0-9a-z]{4}[0-9A-Za-z]{22}$'),
      client_id uuid not null,
      badge_class_id uuid not null,
      badge_class_version_id uuid not null,
      cycle integer not null check (cycle > 0),
      application_id uuid not null,
      language text not null,
      state text not null check (state in ('offered', 'accepted', 'declined')),
      decided_by uuid not null,
      awarded_at timestamptz not null,
      valid_from timestamptz not null,
      valid_until timestamptz,
      -- the evidence rule as it was when it was met
      rule jsonb not null,
      credential_id text not null,
      assertion_id text not null,
      recipient_urn text not null,
      recipient_salt text not null,
      status_list integer not null,
      status_index integer not null,
      -- the exact bytes that were signed; the embedded proof follows by a job
      ob2_jws text not null,
      ob3_jwt text not null,
      ob3_json text,
      answered_at timestamptz,
      answered_session_id uuid,
      published_at timestamptz,
      unpublished_at timestamptz,
      primary key (tenant_id, id),
      unique (tenant_id, public_id),
      unique (tenant_id, client_id, badge_class_id, cycle),
      unique (tenant_id, status_list, status_index),
      foreign key (tenant_id, client_id) references client,
      foreign key (tenant_id, badge_class_id) references badge_class,
      foreign key (tenant_id, badge_class_version_id) references badge_class_version,
      foreign key (tenant_id, application_id) references application,
      foreign key (tenant_id, decided_by) references account,
      foreign key (tenant_id, status_list) references status_list,
      foreign key (tenant_id, answered_session_id) references session
    );
    create index award_of_client on award (tenant_id, client_id, awarded_at);
    create index award_by_credential on award (tenant_id, credential_id);
    create index award_by_assertion on award (tenant_id, assertion_id);
    call app.isolate('award');
    grant select, insert, update (state, answered_at, answered_session_id, published_at, unpublished_at, ob3_json) on award to osaamispassi_service;
    create trigger evidence_changed after insert or update on award for each row execute function app.touch_evidence();

    create table revocation (
      tenant_id text not null,
      award_id uuid not null,
      client_id uuid not null,
      revoked_by uuid not null,
      revoked_at timestamptz not null,
      -- a general reason from a closed list: this one is public
      reason text not null check (reason in ('issued-in-error', 'evidence-corrected', 'misuse', 'holder-asked')),
      -- the coordinator's own words, for the foundation and the client
      note_sealed bytea,
      primary key (tenant_id, award_id),
      foreign key (tenant_id, award_id) references award,
      foreign key (tenant_id, client_id) references client,
      foreign key (tenant_id, revoked_by) references account
    );
    call app.isolate('revocation');
    grant select, insert on revocation to osaamispassi_service;
    create trigger evidence_changed after insert on revocation for each row execute function app.touch_evidence();
  `.execute(db)
}
