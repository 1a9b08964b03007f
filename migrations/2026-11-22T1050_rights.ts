import { type Kysely, sql } from 'kysely'

/** Who did and saw what (S-53), what people ask about their own data (S-51), and erasing them (S-52). */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- S-53: only ever added to. Ids and codes, no words: nothing of it has to go when a person is erased. No key leads to a client or an
    -- account, so that a line outlives both. \`at\` stands in the primary key: the table can be cut into months without a change of its keys.
    create table audit_event (
      tenant_id text not null references organisation,
      at timestamptz not null,
      id uuid not null default gen_random_uuid(),
      kind text not null check (kind ~ '^[a-z-]{1,30}([.][a-z-]{1,30})?$'),
      actor_kind text not null check (actor_kind in ('staff', 'client', 'machine', 'command')),
      actor_id uuid,
      session_id uuid,
      client_id uuid,
      ref uuid,
      -- why somebody looked: a code
      reason text check (reason ~ '^[a-z-]{1,30}$'),
      -- what else there is to say: a role, a route's pattern; never words of a person
      what text check (length(what) <= 120),
      primary key (tenant_id, at, id),
      check (actor_kind = 'command' or actor_id is not null)
    );
    create index audit_event_of_client on audit_event (tenant_id, client_id, at) where client_id is not null;
    create index audit_event_of_actor on audit_event (tenant_id, actor_id, at);
    create index audit_event_of_kind on audit_event (tenant_id, kind, at);
    call app.isolate('audit_event');
    grant select, insert on audit_event to osaamispassi_service;

    -- From where: apart, because it is kept for 14 days only (S-50).
    create table audit_origin (
      tenant_id text not null references organisation,
      at timestamptz not null,
      event_id uuid not null,
      address inet not null,
      primary key (tenant_id, at, event_id)
    );
    call app.isolate('audit_origin');
    grant select, insert on audit_origin to osaamispassi_service;

    -- The service cannot take an address out before its time: never one younger than 14 days before the latest line of the audit.
    create function app.forget_origins(before timestamptz) returns bigint
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
    declare
      tenant constant text := current_setting('app.tenant', true);
      latest timestamptz;
      gone bigint;
    begin
      select max(at) into latest from public.audit_event where tenant_id = tenant;
      delete from public.audit_origin where tenant_id = tenant and at < least(before, latest - interval '14 days');
      get diagnostics gone = row_count;
      return gone;
    end $$;
    revoke all on function app.forget_origins from public;
    grant execute on function app.forget_origins to osaamispassi_service;

    -- What a client asks about the own data: to correct something, or to erase everything. Goes with the client.
    create table rights_request (
      tenant_id text not null,
      id uuid not null,
      client_id uuid not null,
      kind text not null check (kind in ('correction', 'erasure')),
      state text not null default 'open' check (state in ('open', 'answered', 'withdrawn')),
      words_sealed bytea,
      asked_at timestamptz not null,
      answer_sealed bytea,
      answered_by uuid,
      answered_at timestamptz,
      primary key (tenant_id, id),
      foreign key (tenant_id, client_id) references client,
      foreign key (tenant_id, answered_by) references account,
      check (kind = 'erasure' or words_sealed is not null)
    );
    create index rights_request_of_client on rights_request (tenant_id, client_id, asked_at);
    create index rights_request_open on rights_request (tenant_id, asked_at) where state = 'open';
    create unique index rights_request_erasure on rights_request (tenant_id, client_id) where kind = 'erasure' and state = 'open';
    call app.isolate('rights_request');
    grant select, insert, update (state, answer_sealed, answered_by, answered_at) on rights_request to osaamispassi_service;

    -- The erasure list: what a restored backup has to do again (S-52). A random id and two times.
    create table erasure (
      tenant_id text not null references organisation,
      client_id uuid not null,
      asked_at timestamptz not null,
      erased_at timestamptz not null,
      erased_by uuid not null,
      primary key (tenant_id, client_id)
    );
    call app.isolate('erasure');
    grant select on erasure to osaamispassi_service;

    -- What stays of an erased badge: its address, which answers a neutral 410 if it ever was public; its place in the status list, never given
    -- out again; what the public lists said of its revocation; and which badge it was and when, for sums. Nothing ties two of them together.
    create table erased_award (
      tenant_id text not null,
      public_id text not null,
      badge_class_version_id uuid not null,
      language text not null,
      awarded_on date not null,
      was_accepted boolean not null,
      was_public boolean not null,
      status_list integer not null,
      status_index integer not null,
      revoked_on date,
      reason text,
      credential_id text,
      assertion_id text,
      primary key (tenant_id, public_id),
      unique (tenant_id, status_list, status_index),
      foreign key (tenant_id, badge_class_version_id) references badge_class_version,
      foreign key (tenant_id, status_list) references status_list,
      check (num_nulls(revoked_on, reason, credential_id, assertion_id) in (0, 4))
    );
    call app.isolate('erased_award');
    grant select on erased_award to osaamispassi_service;

    -- Erases one client in the caller's transaction. The order of locks is that of the award's statement: application, evidence, then the
    -- rest; who waits for the application finds it gone. Not for the service: see app.erase_client.
    create function app.erase_rows(tenant text, client uuid) returns void
      language plpgsql set search_path = pg_catalog, pg_temp as $$
    declare
      awards uuid[];
      things text[];
    begin
      perform from public.application where tenant_id = tenant and client_id = client order by id for update;
      perform from public.client_evidence where tenant_id = tenant and client_id = client for update;
      perform from public.client c where c.tenant_id = tenant and c.id = client for update;
      select coalesce(array_agg(id), '{}') into awards from public.award where tenant_id = tenant and client_id = client;
      select coalesce(array_agg(id::text), '{}') into things from (
        select id from public.award where tenant_id = tenant and client_id = client
        union all select id from public.application where tenant_id = tenant and client_id = client
        union all select id from public.observation where tenant_id = tenant and client_id = client) own;

      insert into public.erased_award (tenant_id, public_id, badge_class_version_id, language, awarded_on, was_accepted, was_public,
        status_list, status_index, revoked_on, reason, credential_id, assertion_id)
      select aw.tenant_id, aw.public_id, aw.badge_class_version_id, aw.language, aw.awarded_at, aw.state = 'accepted',
        aw.state = 'accepted' and aw.published_at is not null, aw.status_list, aw.status_index, r.revoked_at, r.reason,
        case when r.award_id is not null then aw.credential_id end, case when r.award_id is not null then aw.assertion_id end
      from public.award aw left join public.revocation r on r.tenant_id = aw.tenant_id and r.award_id = aw.id
      where aw.tenant_id = tenant and aw.client_id = client;

      -- S-32: salt and content go, the chain's own lines stay.
      delete from public.history_content where tenant_id = tenant and award_id = any(awards);
      delete from public.history_content c using public.history h
        where h.tenant_id = tenant and h.kind = 'passport.signed' and c.tenant_id = h.tenant_id and c.history_id = h.id
          and string_to_array(c.content::jsonb ->> 'awards', ' ') && things;
      delete from public.received_endorsement where tenant_id = tenant and award_id = any(awards);
      delete from public.revocation where tenant_id = tenant and client_id = client;
      delete from public.award where tenant_id = tenant and client_id = client;
      delete from public.application where tenant_id = tenant and client_id = client;
      delete from public.self_assessment where tenant_id = tenant and client_id = client;
      delete from public.observation where tenant_id = tenant and client_id = client;
      delete from public.client_evidence where tenant_id = tenant and client_id = client;
      delete from public.client_coach where tenant_id = tenant and client_id = client;
      delete from public.rights_request where tenant_id = tenant and client_id = client;
      delete from public.idempotency where tenant_id = tenant and (holder = client or string_to_array(ref, ',') && things);
      delete from public.sign_in_code where tenant_id = tenant and client_id = client;
      delete from public.session where tenant_id = tenant and client_id = client;
      delete from public.sign_in_card where tenant_id = tenant and client_id = client;
      delete from public.client c where c.tenant_id = tenant and c.id = client;
    end $$;
    revoke all on function app.erase_rows from public;

    -- The service erases whom a client's own open request names, and nobody else. False when there is no such request (any more).
    create function app.erase_client(request uuid, by_account uuid, erased timestamptz) returns boolean
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
    declare
      tenant constant text := current_setting('app.tenant', true);
      asked record;
    begin
      select client_id, asked_at into asked from public.rights_request
        where tenant_id = tenant and id = request and kind = 'erasure' and state = 'open';
      if not found then
        return false;
      end if;
      insert into public.erasure (tenant_id, client_id, asked_at, erased_at, erased_by)
        values (tenant, asked.client_id, asked.asked_at, erased, by_account) on conflict do nothing;
      if not found then
        return false;
      end if;
      perform app.erase_rows(tenant, asked.client_id);
      return true;
    end $$;
    revoke all on function app.erase_client from public;
    grant execute on function app.erase_client to osaamispassi_service;
  `.execute(db)
}
