import { type Kysely, sql } from 'kysely'

/** Who was marked as protected while two rows were one is protected in both when they are taken apart. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- As before, and the mark goes along: nobody can tell here whom of the two it was meant for.
    create or replace function app.split_clients(merge uuid, by_account uuid, split timestamptz, moving jsonb) returns boolean
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
      update client f set ended_at = null, merged_into = null, protected_at = coalesce(f.protected_at, i.protected_at)
        from client i where i.tenant_id = tenant and i.id = was.client_id and f.tenant_id = tenant and f.id = was.from_client;
      perform app.move_client_rows(tenant, was.client_id, was.from_client, moving);
      return true;
    end $$;
  `.execute(db)
}
