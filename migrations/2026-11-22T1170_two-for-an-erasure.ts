import { type Kysely, sql } from 'kysely'

/**
 * What one member of staff entered for a client, as from a paper, another one carries out: nobody erases a person alone (S-15, S-52). A request
 * that the client made needs one.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function app.keep_two_for_an_erasure() returns trigger
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
    begin
      if exists (select from public.rights_request r where r.tenant_id = new.tenant_id and r.client_id = new.client_id
        and r.kind = 'erasure' and r.state = 'open' and r.entered_by = new.erased_by) then
        raise exception 'who entered a request to be erased does not carry it out' using errcode = 'OP003';
      end if;
      return new;
    end $$;
    revoke all on function app.keep_two_for_an_erasure from public;
    create trigger two_for_an_erasure before insert on erasure for each row execute function app.keep_two_for_an_erasure();
  `.execute(db)
}
