import { type Kysely, sql } from 'kysely'

/** Second factors, printed cards, registered devices, sign-in by an organisation's own provider, the first set-up, and waiting after failures. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Counted by the minute, so that an hour is the last sixty minutes and not the hour of the clock (S-17).
    alter table sign_in_failure rename column hour to minute;

    -- Global: failures in a row of one sign-in name, card or second factor (keyed digest), and until when it waits (S-17).
    create table sign_in_backoff (
      subject bytea primary key,
      failures integer not null,
      last_failed_at timestamptz not null,
      wait_until timestamptz
    );
    grant select, insert, update, delete on sign_in_backoff to osaamispassi_service;

    create index sign_in_code_of_client on sign_in_code (tenant_id, client_id, handed_at);

    -- A time-based one-time password (RFC 6238). The secret is sealed under a data key of its own; \`next_sealed\` waits for its first code.
    create table second_factor (
      tenant_id text not null,
      account_id uuid not null,
      data_key bytea not null,
      kek_version text not null,
      secret_sealed bytea,
      next_sealed bytea,
      confirmed_at timestamptz,
      -- The half minute of the last code that was taken: a code opens once.
      last_step bigint not null default 0,
      primary key (tenant_id, account_id),
      foreign key (tenant_id, account_id) references account,
      check ((secret_sealed is null) = (confirmed_at is null))
    );
    call app.isolate('second_factor');
    grant select, insert, update, delete on second_factor to osaamispassi_service;

    -- For the day when the telephone is lost: each opens once. Keyed digests.
    create table recovery_code (
      tenant_id text not null,
      account_id uuid not null,
      digest bytea not null,
      used_at timestamptz,
      primary key (tenant_id, account_id, digest),
      foreign key (tenant_id, account_id) references account
    );
    call app.isolate('recovery_code');
    grant select, insert, update (used_at), delete on recovery_code to osaamispassi_service;

    -- A client's printed card: keyed digests of its 128 random bits, and of its PIN together with them.
    create table sign_in_card (
      tenant_id text not null,
      id uuid not null,
      client_id uuid not null,
      digest bytea not null,
      pin_digest bytea not null,
      made_by uuid not null,
      made_at timestamptz not null,
      expires_at timestamptz not null,
      ended_at timestamptz,
      primary key (tenant_id, id),
      unique (tenant_id, digest),
      foreign key (tenant_id, client_id) references client,
      foreign key (tenant_id, made_by) references account
    );
    -- A new card ends the old one.
    create unique index sign_in_card_of_client on sign_in_card (tenant_id, client_id) where ended_at is null;
    create index sign_in_card_of_client_by_time on sign_in_card (tenant_id, client_id, made_at);
    call app.isolate('sign_in_card');
    grant select, insert, update (ended_at) on sign_in_card to osaamispassi_service;

    -- A coach's own telephone or tablet, known by a random mark in its cookie (keyed digest): keeps a recording session for the day (S-14).
    create table staff_device (
      tenant_id text not null,
      id uuid not null,
      account_id uuid not null,
      digest bytea not null,
      name text not null check (length(name) between 1 and 60),
      registered_at timestamptz not null,
      ended_at timestamptz,
      primary key (tenant_id, id),
      unique (tenant_id, digest),
      foreign key (tenant_id, account_id) references account
    );
    create index staff_device_of_account on staff_device (tenant_id, account_id);
    call app.isolate('staff_device');
    grant select, insert, update (ended_at) on staff_device to osaamispassi_service;

    -- Global: who signs in by the organisation's own provider is known before the tenant is. Keyed digest of issuer and subject.
    create table sign_in_subject (
      digest bytea primary key,
      tenant_id text not null,
      account_id uuid not null,
      linked_at timestamptz not null,
      foreign key (tenant_id, account_id) references account
    );
    create index sign_in_subject_of_account on sign_in_subject (tenant_id, account_id);
    grant select, insert, delete on sign_in_subject to osaamispassi_service;

    -- Global: the first administrator's link, made by the command \`setup\` as the owner. Keyed digest. Without an organisation it founds one.
    create table setup_link (
      digest bytea primary key,
      organisation text,
      made_at timestamptz not null,
      expires_at timestamptz not null,
      used_at timestamptz
    );
    grant select, update (used_at) on setup_link to osaamispassi_service;

    -- Uses a founding link up and founds the organisation: the one way in which the service may. False when the link opens nothing.
    create function app.found_by_link(link bytea, code text, kind text, name text, url text, email text, algorithm text, at timestamptz)
      returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
    begin
      update public.setup_link s set used_at = at where s.digest = link and s.organisation is null and s.used_at is null and s.expires_at > at;
      if not found then
        return false;
      end if;
      perform set_config('app.tenant', code, true);
      insert into public.organisation (tenant_id, kind, name, url, email, badge_algorithm, founded_at)
        values (code, kind, name, url, email, algorithm, at);
      insert into public.history_head (tenant_id, seq, prev, hash) values (code, 0, decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex'));
      return true;
    end $$;
    revoke all on function app.found_by_link from public;
    grant execute on function app.found_by_link to osaamispassi_service;

    alter table session
      -- What is still asked before the session opens anything.
      add column wants text check (wants in ('second-factor', 'enrolment')),
      add column device_id uuid,
      -- On a registered device: until when it opens more than recording.
      add column open_until timestamptz,
      -- A shared computer whose user asked for more time.
      add column more_time_until timestamptz,
      add column card_id uuid,
      add foreign key (tenant_id, device_id) references staff_device,
      add foreign key (tenant_id, card_id) references sign_in_card,
      add check ((device_id is null) = (open_until is null));
    create index session_of_account on session (tenant_id, account_id) where ended_at is null;
    create index session_of_card on session (tenant_id, card_id) where card_id is not null;

    -- S-14: another role, another password and a closed account end every session of the account, whoever wrote the row.
    create function app.end_sessions() returns trigger language plpgsql as $$
    begin
      update session set ended_at = now()
        where tenant_id = new.tenant_id and account_id = (to_jsonb(new) ->> tg_argv[0])::uuid and ended_at is null;
      return null;
    end $$;
    create trigger role_ends_sessions after insert or update on role_grant
      for each row execute function app.end_sessions('account_id');
    create trigger account_ends_sessions after update of password_hash, disabled_at on account
      for each row when (old.password_hash is distinct from new.password_hash or old.disabled_at is distinct from new.disabled_at)
      execute function app.end_sessions('id');
  `.execute(db)
}
