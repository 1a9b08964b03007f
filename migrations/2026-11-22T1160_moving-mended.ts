import { type Kysely, sql } from 'kysely'

/**
 * From one's passport in one foundation to the other without a longer or less known session; nothing is written for a client whose row went into
 * another; and erasing a person erases every row that was joined into the person's.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- The session that a client opened (root) rests while the client is in the passport of another foundation (S-15): it says where the client
    -- is now, and the session there says where it comes from. Two tenants: no foreign key.
    alter table session
      add column root_tenant text,
      add column root_session uuid,
      add column went_tenant text,
      add column went_session uuid,
      add check (num_nulls(root_tenant, root_session) in (0, 2)),
      add check (num_nulls(went_tenant, went_session) in (0, 2)),
      add check (root_session is null or went_session is null),
      add check (client_id is not null or num_nonnulls(root_session, went_session) = 0);

    -- Both end together, whatever ended one of them: a card, a code's giver, logging out, erasing. One that the client went on from does not end the root.
    create function app.end_crossed() returns trigger
      language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
    declare
      mine constant text := coalesce(current_setting('app.tenant', true), '');
      moment constant timestamptz := case when tg_op = 'UPDATE' then new.ended_at else clock_timestamp() end;
    begin
      if old.went_session is not null then
        perform set_config('app.tenant', old.went_tenant, true);
        update session set ended_at = moment where tenant_id = old.went_tenant and id = old.went_session and ended_at is null;
      end if;
      if old.root_session is not null then
        perform set_config('app.tenant', old.root_tenant, true);
        update session set ended_at = moment
          where tenant_id = old.root_tenant and id = old.root_session and went_session = old.id and ended_at is null;
      end if;
      perform set_config('app.tenant', mine, true);
      return null;
    end $$;
    revoke all on function app.end_crossed from public;
    create trigger ends_crossed after update of ended_at on session for each row
      when (old.ended_at is null and new.ended_at is not null and (old.went_session is not null or old.root_session is not null))
      execute function app.end_crossed();
    create trigger goes_with_crossed after delete on session for each row
      when (old.ended_at is null and (old.went_session is not null or old.root_session is not null))
      execute function app.end_crossed();

    -- What is written while two rows are joined waits for the row of the client, and would then stand on the one that went into the other: refused
    -- as for a client who is gone. After the statement, as the foreign keys do, so that the order of locks stays.
    create function app.must_not_be_merged() returns trigger
      language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
    declare
      gone uuid;
    begin
      select c.merged_into into gone from client c where c.tenant_id = new.tenant_id and c.id = new.client_id for key share;
      if gone is not null then
        raise exception 'the client was joined into another row' using errcode = '23503', constraint = 'merged_client_id_fkey';
      end if;
      return null;
    end $$;
    revoke all on function app.must_not_be_merged from public;
    do $$
    declare
      one record;
    begin
      for one in select distinct k.conrelid::regclass as name from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and a.attname = 'client_id'
        where k.contype = 'f' and k.confrelid = 'client'::regclass and k.conrelid not in ('client'::regclass, 'client_merge'::regclass) loop
        execute format('create trigger not_merged after insert on %s for each row execute function app.must_not_be_merged()', one.name);
      end loop;
    end $$;

    -- Who was erased in the other foundation and comes there anew has another row there.
    grant update (other_client, opened_by, linked_at) on client_link to osaamispassi_service;

    -- As before, but the files: many together are too large for one document. Each is sealed anew by itself, right after.
    create or replace function app.move_client_rows(tenant text, source uuid, target uuid, moving jsonb) returns void
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
        update evidence_file x set client_id = target
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

    -- The content of one file under the other key: only of a file that this transaction gave to the other of two rows that it joins or takes apart.
    create function app.reseal_file(file uuid, sealed bytea) returns void
      language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
    declare
      tenant constant text := current_setting('app.tenant', true);
      this constant xid := pg_current_xact_id()::xid;
    begin
      update evidence_file f set content_sealed = sealed where f.tenant_id = tenant and f.id = file and f.xmin = this
        and exists (select from client_merge m where m.tenant_id = tenant and m.xmin = this and f.client_id in (m.client_id, m.from_client));
      perform app.must(found, 'no file of rows that are being joined');
    end $$;
    revoke all on function app.reseal_file from public;
    grant execute on function app.reseal_file to osaamispassi_service;

    -- As before, and with the person every row that was joined into the person's, each in the list by which a restored backup is erased again.
    create or replace function app.erase_client(request uuid, by_account uuid, erased timestamptz) returns boolean
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
    declare
      tenant constant text := current_setting('app.tenant', true);
      asked record;
      source uuid;
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
      -- Nothing is joined into it from here on.
      perform from public.application where tenant_id = tenant and client_id = asked.client_id order by id for update;
      perform from public.client_evidence where tenant_id = tenant and client_id = asked.client_id for update;
      perform from public.client c where c.tenant_id = tenant and c.id = asked.client_id for update;
      for source in
        with recursive joined as (
          select c.id from public.client c where c.tenant_id = tenant and c.merged_into = asked.client_id
          union select c.id from public.client c join joined j on c.merged_into = j.id where c.tenant_id = tenant
        ) select id from joined
      loop
        insert into public.erasure (tenant_id, client_id, asked_at, erased_at, erased_by)
          values (tenant, source, asked.asked_at, erased, by_account) on conflict do nothing;
        perform app.erase_rows(tenant, source);
      end loop;
      perform app.erase_rows(tenant, asked.client_id);
      return true;
    end $$;
  `.execute(db)
}
