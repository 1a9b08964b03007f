import { type Kysely, sql } from 'kysely'

/**
 * Organisations, people who sign in, and the rules every tenant table follows.
 *
 * `tenant_id` is the organisation's fixed 4-character code: it stands first in every key and index, and in every public id, so that no
 * directory is needed. Row-level security with FORCE holds for the tables' owner too; the service sets `app.tenant` inside its transaction.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create schema if not exists app;
    grant usage on schema app to osaamispassi_service;

    -- Turns on isolation for one tenant table: what a tenant may see and write is what carries its code.
    create procedure app.isolate(name regclass) language plpgsql as $$
    begin
      execute format('alter table %s enable row level security', name);
      execute format('alter table %s force row level security', name);
      execute format(
        'create policy tenant on %s using (tenant_id = current_setting(''app.tenant'', true)) with check (tenant_id = current_setting(''app.tenant'', true))',
        name);
    end $$;

    -- An organisation's name and addresses are public facts: everybody reads them. Founding one is a maintenance act of the owner role.
    create table organisation (
      tenant_id text primary key check (tenant_id ~ '^[0-9a-z]{4}$'),
      kind text not null check (kind in ('foundation', 'school')),
      name text not null,
      url text not null,
      email text not null,
      badge_algorithm text not null default 'RS256' check (badge_algorithm in ('RS256', 'ES256')),
      demo boolean not null default false,
      issuing_stopped_at timestamptz,
      founded_at timestamptz not null
    );
    call app.isolate('organisation');
    create policy public_facts on organisation for select using (true);
    grant select, update (name, url, email, issuing_stopped_at) on organisation to osaamispassi_service;

    create table account (
      tenant_id text not null references organisation,
      id uuid not null,
      display_name text not null,
      password_hash text not null,
      language text not null default 'fi' check (language in ('fi', 'sv', 'en')),
      created_at timestamptz not null,
      disabled_at timestamptz,
      primary key (tenant_id, id)
    );
    call app.isolate('account');
    grant select, insert, update on account to osaamispassi_service;

    create table role_grant (
      tenant_id text not null,
      account_id uuid not null,
      role text not null check (role in ('coach', 'coordinator', 'foundation_lead', 'admin', 'school')),
      granted_at timestamptz not null,
      ended_at timestamptz,
      primary key (tenant_id, account_id, role),
      foreign key (tenant_id, account_id) references account
    );
    call app.isolate('role_grant');
    grant select, insert, update on role_grant to osaamispassi_service;

    -- Global: who signs in is known before the tenant is. Holds a keyed digest of the sign-in name, never the name.
    create table sign_in_name (
      digest bytea primary key,
      tenant_id text not null,
      account_id uuid not null,
      foreign key (tenant_id, account_id) references account
    );
    grant select, insert, delete on sign_in_name to osaamispassi_service;

    -- A client (valmentautuja). The name is sealed under the client's own data key, which the key-encryption key wraps.
    create table client (
      tenant_id text not null references organisation,
      id uuid not null,
      data_key bytea not null,
      kek_version text not null,
      name_sealed bytea not null,
      language text not null default 'fi' check (language in ('fi', 'sv', 'en')),
      created_at timestamptz not null,
      ended_at timestamptz,
      primary key (tenant_id, id)
    );
    call app.isolate('client');
    grant select, insert, update on client to osaamispassi_service;

    -- Who coaches whom, by dates (S-12, current relation).
    create table client_coach (
      tenant_id text not null,
      client_id uuid not null,
      account_id uuid not null,
      from_day date not null,
      until_day date,
      primary key (tenant_id, client_id, account_id, from_day),
      foreign key (tenant_id, client_id) references client,
      foreign key (tenant_id, account_id) references account
    );
    create index client_coach_of_coach on client_coach (tenant_id, account_id, client_id);
    call app.isolate('client_coach');
    grant select, insert, update on client_coach to osaamispassi_service;

    -- Global: a one-time code is typed before the tenant is known. Holds an HMAC of the code (S-17).
    create table sign_in_code (
      digest bytea primary key,
      tenant_id text not null,
      client_id uuid not null,
      handed_by uuid not null,
      handed_at timestamptz not null,
      expires_at timestamptz not null,
      used_at timestamptz,
      foreign key (tenant_id, client_id) references client,
      foreign key (tenant_id, handed_by) references account
    );
    grant select, insert, update (used_at), delete on sign_in_code to osaamispassi_service;

    -- Global: failed sign-ins for each network address (keyed digest) and hour, so that limits hold over several processes.
    create table sign_in_failure (
      source bytea not null,
      hour timestamptz not null,
      failures integer not null,
      primary key (source, hour)
    );
    grant select, insert, update, delete on sign_in_failure to osaamispassi_service;

    create table session (
      tenant_id text not null references organisation,
      id uuid not null,
      account_id uuid,
      client_id uuid,
      -- The staff member whose code opened a client's session (S-15).
      opened_by uuid,
      -- Keyed digest of the browser's own random mark: tells that a client's act came from a staff member's browser (S-15).
      browser bytea not null,
      shared boolean not null default false,
      started_at timestamptz not null,
      last_seen_at timestamptz not null,
      ends_at timestamptz not null,
      ended_at timestamptz,
      primary key (tenant_id, id),
      foreign key (tenant_id, account_id) references account,
      foreign key (tenant_id, client_id) references client,
      foreign key (tenant_id, opened_by) references account,
      check (num_nonnulls(account_id, client_id) = 1),
      check (client_id is null or opened_by is not null)
    );
    create index session_of_browser on session (tenant_id, browser);
    call app.isolate('session');
    grant select, insert, update on session to osaamispassi_service;

    create table idempotency (
      tenant_id text not null,
      holder uuid not null,
      key text not null check (octet_length(key) between 1 and 255),
      digest bytea not null,
      status smallint not null,
      ref text not null,
      at timestamptz not null,
      primary key (tenant_id, holder, key)
    );
    call app.isolate('idempotency');
    grant select, insert, delete on idempotency to osaamispassi_service;
  `.execute(db)
}
