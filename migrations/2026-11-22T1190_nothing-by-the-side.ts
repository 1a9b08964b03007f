import { type Kysely, sql } from 'kysely'

/** What the service's role could still do by the side: move rows that never came, and take out what history commits to. And who was protected stays so. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Whatever the caller names: only what came by this joining goes back, with what hangs on it since. Otherwise a badge could go to anybody.
    create function app.must_have_come(merge uuid, moving jsonb) returns void
      language plpgsql set search_path = pg_catalog, public, pg_temp as $$
    declare
      tenant constant text := current_setting('app.tenant', true);
      strange text;
    begin
      with named as (
        select m.t, m.k from jsonb_to_recordset(moving) as m (t text, k text)
      ), came as (
        select r.table_name as t, r.row_key as k from client_merge_row r where r.tenant_id = tenant and r.merge_id = merge
      )
      select named.t into strange from named
      where not exists (select from came where came.t = named.t and came.k = named.k)
        and not (named.t = 'revocation' and exists (select from came where came.t = 'award' and came.k = named.k))
        and not (named.t = 'observation' and exists (select from observation o join named before on before.t = 'observation'
          and before.k = o.replaces::text where o.tenant_id = tenant and o.id::text = named.k))
        and not (named.t = 'evidence_file' and exists (select from evidence_file f join named record on record.t = 'observation'
          and record.k = f.observation_id::text where f.tenant_id = tenant and f.id::text = named.k))
      limit 1;
      perform app.must(strange is null, format('a row of %s did not come by this joining', strange));
    end $$;
    revoke all on function app.must_have_come from public;

    -- As before, and it looks first. Who was marked as protected while two rows were one is so in both when they are taken apart: nobody can tell
    -- here whom of the two it was meant for.
    create or replace function app.split_clients(merge uuid, by_account uuid, split timestamptz, moving jsonb) returns boolean
      language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
    declare
      tenant constant text := current_setting('app.tenant', true);
      was record;
    begin
      perform app.must_have_come(merge, moving);
      update client_merge set split_by = by_account, split_at = split where tenant_id = tenant and id = merge and split_at is null
        returning client_id, from_client into was;
      if not found then
        return false;
      end if;
      update client f set ended_at = null, merged_into = null, protected_at = coalesce(f.protected_at, i.protected_at)
        from client i where i.tenant_id = tenant and i.id = was.client_id and f.tenant_id = tenant and f.id = was.from_client;
      perform app.move_client_rows(tenant, was.client_id, was.from_client, moving);
      return true;
    end $$;

    -- What history commits to goes with a person's erasure only, which has a function of its own (S-32).
    revoke delete on history_content from osaamispassi_service;
  `.execute(db)
}
