import { type Kysely, sql } from 'kysely'

/**
 * Who works with whom and since when, stand-ins, dated names, protected identity, moving between foundations, one person of two, and two
 * rows of one person. Everything about a client here goes with the client (`on delete cascade`), so that erasing needs no word of it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Somebody is away, and a colleague has the group so long (PRODUCT C7).
    create table stand_in (
      tenant_id text not null,
      id uuid not null,
      account_id uuid not null,
      stand_in_account_id uuid not null,
      from_day date not null,
      until_day date not null,
      made_by uuid not null,
      made_at timestamptz not null,
      ended_by uuid,
      ended_at timestamptz,
      primary key (tenant_id, id),
      foreign key (tenant_id, account_id) references account,
      foreign key (tenant_id, stand_in_account_id) references account,
      foreign key (tenant_id, made_by) references account,
      foreign key (tenant_id, ended_by) references account,
      check (from_day <= until_day),
      check (account_id <> stand_in_account_id)
    );
    create index stand_in_by_day on stand_in (tenant_id, until_day);
    call app.isolate('stand_in');
    grant select, insert, update (ended_by, ended_at) on stand_in to osaamispassi_service;

    -- A relation is a row with days; a stand-in's rows stand beside those of who is away. One that ended today has yesterday as its last day, so
    -- that whoever asks by days alone sees at once that it is over; \`ended_at\` says when it really was.
    alter table client_coach
      drop constraint client_coach_pkey,
      add column id uuid not null default gen_random_uuid(),
      add column stand_in_id uuid,
      add column made_by uuid,
      add column made_at timestamptz,
      add column ended_by uuid,
      add column ended_at timestamptz,
      add primary key (tenant_id, id),
      add foreign key (tenant_id, stand_in_id) references stand_in,
      add foreign key (tenant_id, made_by) references account,
      add foreign key (tenant_id, ended_by) references account;
    create index client_coach_of_client on client_coach (tenant_id, client_id, account_id, from_day);
    create index client_coach_of_stand_in on client_coach (tenant_id, stand_in_id) where stand_in_id is not null;

    alter table client
      -- Protected identity (turvakielto): since when (PRODUCT K7).
      add column protected_at timestamptz,
      -- Went to another foundation: staff of this one see the client no more.
      add column moved_at timestamptz,
      -- Was the same person as another row, to which everything went.
      add column merged_into uuid,
      add foreign key (tenant_id, merged_into) references client on delete cascade;
    create index client_merged_into on client (tenant_id, merged_into) where merged_into is not null;

    -- Every name with the day from which it holds; the current one stands in \`client\` too. Sealed under the client's key.
    create table client_name (
      tenant_id text not null,
      id uuid not null,
      client_id uuid not null,
      from_day date not null,
      name_sealed bytea not null,
      made_by uuid,
      made_at timestamptz not null,
      primary key (tenant_id, id),
      foreign key (tenant_id, client_id) references client on delete cascade,
      foreign key (tenant_id, made_by) references account
    );
    create index client_name_of_client on client_name (tenant_id, client_id, made_at);
    call app.isolate('client_name');
    grant select, insert on client_name to osaamispassi_service;
    insert into client_name (tenant_id, id, client_id, from_day, name_sealed, made_at)
      select tenant_id, gen_random_uuid(), id, (created_at at time zone 'Europe/Helsinki')::date, name_sealed, created_at from client;

    -- A foundation is ready to take a person whom it has met: a code to type, shown once, kept as a keyed digest.
    create table client_invitation (
      tenant_id text not null,
      digest bytea not null,
      coach_id uuid not null,
      made_by uuid not null,
      made_at timestamptz not null,
      expires_at timestamptz not null,
      used_at timestamptz,
      primary key (tenant_id, digest),
      foreign key (tenant_id, coach_id) references account,
      foreign key (tenant_id, made_by) references account
    );
    call app.isolate('client_invitation');
    grant select, insert, update (used_at), delete on client_invitation to osaamispassi_service;

    -- The same person in another foundation: each has a row about the other, under its own policy. \`opened_by\` is whose code opened the session
    -- in which the two were tied together (S-15).
    create table client_link (
      tenant_id text not null,
      client_id uuid not null,
      other_tenant text not null,
      other_client uuid not null,
      opened_by uuid not null,
      linked_at timestamptz not null,
      primary key (tenant_id, client_id, other_tenant),
      foreign key (tenant_id, client_id) references client on delete cascade,
      foreign key (tenant_id, opened_by) references account
    );
    call app.isolate('client_link');
    grant select, insert on client_link to osaamispassi_service;

    -- What the client agreed to, in which session, and what was chosen. Codes, no words.
    create table client_consent (
      tenant_id text not null,
      id uuid not null,
      client_id uuid not null,
      purpose text not null check (purpose in ('move', 'join')),
      text_version smallint not null,
      receiver text not null,
      chosen text[] not null,
      given_at timestamptz not null,
      session_id uuid not null,
      primary key (tenant_id, id),
      foreign key (tenant_id, client_id) references client on delete cascade
    );
    create index client_consent_of_client on client_consent (tenant_id, client_id, given_at);
    call app.isolate('client_consent');
    grant select, insert on client_consent to osaamispassi_service;

    -- What the client brought along from another foundation, sealed under the new key. Never a support level.
    create table client_handover (
      tenant_id text not null,
      client_id uuid not null,
      from_tenant text not null,
      content_sealed bytea not null,
      brought_at timestamptz not null,
      primary key (tenant_id, client_id, from_tenant),
      foreign key (tenant_id, client_id) references client on delete cascade
    );
    call app.isolate('client_handover');
    grant select, insert, update (content_sealed, brought_at) on client_handover to osaamispassi_service;

    -- Two rows of one person: \`from_client\` went into \`client_id\`. Can be taken apart again; which rows came, and the cycle that an award had, are kept.
    create table client_merge (
      tenant_id text not null,
      id uuid not null,
      client_id uuid not null,
      from_client uuid not null,
      merged_by uuid not null,
      merged_at timestamptz not null,
      split_by uuid,
      split_at timestamptz,
      primary key (tenant_id, id),
      foreign key (tenant_id, client_id) references client on delete cascade,
      foreign key (tenant_id, from_client) references client on delete cascade,
      foreign key (tenant_id, merged_by) references account,
      foreign key (tenant_id, split_by) references account,
      check (client_id <> from_client)
    );
    create unique index client_merge_open on client_merge (tenant_id, from_client) where split_at is null;
    create index client_merge_of_client on client_merge (tenant_id, client_id, merged_at);
    call app.isolate('client_merge');
    grant select on client_merge to osaamispassi_service;

    create table client_merge_row (
      tenant_id text not null,
      merge_id uuid not null,
      table_name text not null,
      row_key text not null,
      cycle integer,
      primary key (tenant_id, merge_id, table_name, row_key),
      foreign key (tenant_id, merge_id) references client_merge on delete cascade
    );
    call app.isolate('client_merge_row');
    grant select on client_merge_row to osaamispassi_service;

    -- Gives rows of one client to another, in one statement, so that what points to each other goes together. A row is {t: table, k: key,
    -- s: its sealed columns under the other key, as hexadecimal digits, c: the cycle of an award}. Signed bytes and public ids are not touched. Not for the service.
    create function app.move_client_rows(tenant text, source uuid, target uuid, moving jsonb) returns void
      language plpgsql set search_path = pg_catalog, public, pg_temp as $$
    begin
      with r as materialized (
        select m.t, m.k, m.s, m.c from jsonb_to_recordset(moving) as m (t text, k text, s jsonb, c integer)
      ), o as (
        update observation x set client_id = target, note_sealed = decode(r.s ->> 'note_sealed', 'hex'),
          late_reason_sealed = decode(r.s ->> 'late_reason_sealed', 'hex'),
          replace_reason_sealed = decode(r.s ->> 'replace_reason_sealed', 'hex')
        from r where r.t = 'observation' and x.tenant_id = tenant and x.client_id = source and x.id::text = r.k
      ), f as (
        update evidence_file x set client_id = target, content_sealed = decode(r.s ->> 'content_sealed', 'hex')
        from r where r.t = 'evidence_file' and x.tenant_id = tenant and x.client_id = source and x.id::text = r.k
      ), a as (
        update self_assessment x set client_id = target, words_sealed = decode(r.s ->> 'words_sealed', 'hex')
        from r where r.t = 'self_assessment' and x.tenant_id = tenant and x.client_id = source and x.id::text = r.k
      ), p as (
        update application x set client_id = target, reason_sealed = decode(r.s ->> 'reason_sealed', 'hex')
        from r where r.t = 'application' and x.tenant_id = tenant and x.client_id = source and x.id::text = r.k
      ), w as (
        update award x set client_id = target, cycle = r.c
        from r where r.t = 'award' and x.tenant_id = tenant and x.client_id = source and x.id::text = r.k
      ), v as (
        update revocation x set client_id = target, note_sealed = decode(r.s ->> 'note_sealed', 'hex')
        from r where r.t = 'revocation' and x.tenant_id = tenant and x.client_id = source and x.award_id::text = r.k
      ), q as (
        update rights_request x set client_id = target, words_sealed = decode(r.s ->> 'words_sealed', 'hex'),
          answer_sealed = decode(r.s ->> 'answer_sealed', 'hex')
        from r where r.t = 'rights_request' and x.tenant_id = tenant and x.client_id = source and x.id::text = r.k
      ), e as (
        update client_coach x set client_id = target
        from r where r.t = 'client_coach' and x.tenant_id = tenant and x.client_id = source and x.id::text = r.k
      ), z as (
        update session x set client_id = target
        from r where r.t = 'session' and x.tenant_id = tenant and x.client_id = source and x.id::text = r.k
      ), d as (
        update sign_in_card x set client_id = target
        from r where r.t = 'sign_in_card' and x.tenant_id = tenant and x.client_id = source and x.id::text = r.k
      )
      update sign_in_code x set client_id = target
        from r where r.t = 'sign_in_code' and x.tenant_id = tenant and x.client_id = source and encode(x.digest, 'hex') = r.k;
    end $$;
    revoke all on function app.move_client_rows from public;

    -- The caller holds the locks, has looked at both rows and sealed the words anew. What would stay behind and not go with the row ends it all.
    create function app.merge_clients(merge uuid, target uuid, source uuid, by_account uuid, merged timestamptz, moving jsonb) returns void
      language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
    declare
      tenant constant text := current_setting('app.tenant', true);
      kept record;
      is_left boolean;
    begin
      insert into client_merge (tenant_id, id, client_id, from_client, merged_by, merged_at)
        values (tenant, merge, target, source, by_account, merged);
      insert into client_merge_row (tenant_id, merge_id, table_name, row_key, cycle)
        select tenant, merge, m.t, m.k, w.cycle from jsonb_to_recordset(moving) as m (t text, k text)
          left join award w on m.t = 'award' and w.tenant_id = tenant and w.id::text = m.k;
      update sign_in_card set ended_at = merged where tenant_id = tenant and client_id = source and ended_at is null;
      update sign_in_code set expires_at = merged where tenant_id = tenant and client_id = source and used_at is null and expires_at > merged;
      update session set ended_at = merged where tenant_id = tenant and client_id = source and ended_at is null;
      update share set closed_at = merged where tenant_id = tenant and client_id = source and closed_at is null;
      perform app.move_client_rows(tenant, source, target, moving);
      delete from client_evidence where tenant_id = tenant and client_id = source;
      update client set ended_at = merged, merged_into = target where tenant_id = tenant and id = source;
      for kept in select k.conrelid::regclass as name from pg_constraint k
        where k.contype = 'f' and k.confrelid = 'public.client'::regclass and k.confdeltype <> 'c' and k.conrelid <> 'public.client'::regclass loop
        execute format('select exists (select from %s where tenant_id = $1 and client_id = $2)', kept.name) into is_left using tenant, source;
        perform app.must(not is_left, format('rows of a merged client are left in %s', kept.name));
      end loop;
    end $$;
    revoke all on function app.merge_clients from public;
    grant execute on function app.merge_clients to osaamispassi_service;

    -- Takes them apart: false when it was done meanwhile.
    create function app.split_clients(merge uuid, by_account uuid, split timestamptz, moving jsonb) returns boolean
      language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
    declare
      tenant constant text := current_setting('app.tenant', true);
      was record;
    begin
      update client_merge set split_by = by_account, split_at = split where tenant_id = tenant and id = merge and split_at is null
        returning client_id, from_client into was;
      if not found then
        return false;
      end if;
      update client set ended_at = null, merged_into = null where tenant_id = tenant and id = was.from_client;
      perform app.move_client_rows(tenant, was.client_id, was.from_client, moving);
      return true;
    end $$;
    revoke all on function app.split_clients from public;
    grant execute on function app.split_clients to osaamispassi_service;

    -- A code that somebody handed out who no longer works with the client opens nothing.
    grant update (expires_at) on sign_in_code to osaamispassi_service;
  `.execute(db)
}
