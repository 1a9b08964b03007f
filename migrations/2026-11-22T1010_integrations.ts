import { type Kysely, sql } from 'kysely'

/** Keys of programs (S-13), rate limits that hold over several processes (S-60), and what the daily tidying may remove. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- A program that uses a key has an account of its own, so that what it records and proposes says who did. Nobody signs in with it.
    alter table account add column kind text not null default 'person' check (kind in ('person', 'program'));

    -- A key acts in the organisation that owns the row, and in no other: for a test key that is the sandbox. made_for is the organisation
    -- whose admin made it.
    create table api_key (
      tenant_id text not null references organisation,
      id uuid not null,
      account_id uuid not null,
      name text not null,
      mode text not null check (mode in ('test', 'live')),
      -- keyed digest: the key itself is told once and kept nowhere
      digest bytea not null check (octet_length(digest) = 32),
      scopes text[] not null check (cardinality(scopes) > 0),
      made_for text not null check (made_for ~ '^[0-9a-z]{4}$'),
      made_by uuid not null,
      created_at timestamptz not null,
      expires_at timestamptz not null,
      last_used_at timestamptz,
      revoked_at timestamptz,
      revoked_by uuid,
      primary key (tenant_id, id),
      unique (tenant_id, digest),
      unique (tenant_id, account_id),
      foreign key (tenant_id, account_id) references account,
      check (expires_at > created_at and expires_at <= created_at + interval '366 days'),
      check (mode = 'test' or made_for = tenant_id)
    );
    create index api_key_made_for on api_key (tenant_id, made_for, id);
    call app.isolate('api_key');
    grant select, insert, update (last_used_at, revoked_at, revoked_by) on api_key to osaamispassi_service;

    -- Global: a network or an account (keyed digest) and how much of its limit the processes have taken in the window that began then.
    create table rate_limit (
      bucket bytea primary key check (octet_length(bucket) = 32),
      starts_at timestamptz not null,
      taken integer not null
    );
    grant select, insert, update, delete on rate_limit to osaamispassi_service;

    -- Old sessions go, but not those that an act still names (S-15): looked up when one is removed.
    grant delete on session to osaamispassi_service;
    create index self_assessment_of_session on self_assessment (tenant_id, session_id);
    create index application_of_session on application (tenant_id, submitted_session_id) where submitted_session_id is not null;
    create index award_of_session on award (tenant_id, answered_session_id) where answered_session_id is not null;
    create index session_by_end on session (tenant_id, ends_at);
    create index idempotency_by_age on idempotency (tenant_id, at);
  `.execute(db)
}
