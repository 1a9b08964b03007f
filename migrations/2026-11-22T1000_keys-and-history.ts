import { type Kysely, sql } from 'kysely'

/** Keys that change, badges that are signed anew, the stop switch for all, and the signed heads of the history (SECURITY-BAR §5, §6). */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Where in the chain the latest line about keys or the stop switch stands. Who signs says which it read, and the row that orders all
    -- writing refuses what rests on an older one: award and rotation come one after the other, without a lock on the key.
    alter table history_head add column key_seq bigint not null default 0;

    -- The lines that speak of one award. A column, because under row-level security no index on an expression is used.
    alter table history_content add column award_id uuid generated always as ((content::jsonb ->> 'award')::uuid) stored;
    create index history_content_of_award on history_content (tenant_id, award_id);

    -- The key that a compact JWS names, as its whole address. Looks at the beginning only, since a badge's text is long.
    create function app.jws_kid(jws text) returns text language sql immutable parallel safe as $$
      select convert_from(decode(rpad(translate(head, '-_', '+/'), (length(head) + 3) / 4 * 4, '='), 'base64'), 'UTF8')::jsonb ->> 'kid'
      from (select split_part(left(jws, 2000), '.', 1) as head) as part
    $$;
    grant execute on function app.jws_kid to osaamispassi_service;

    -- A badge that was signed anew: since when its holder's copy is an old one. Null: no copy is old, or the new one was fetched.
    alter table award add column download_again_since timestamptz;
    grant update (download_again_since) on award to osaamispassi_service;

    -- What others' badges rest on is an award's state and end, not its bytes: a signature moves no evidence.
    drop trigger evidence_changed on award;
    create trigger evidence_changed after insert or update of state, valid_until on award
      for each row execute function app.touch_evidence();

    -- The service may not change signed bytes (S-30). The one way is this: new bytes that a line of the chain already commits to.
    create function app.resign_award(of_award uuid, line uuid, new_ob2 text, new_ob3 text, new_json text, new_from timestamptz)
      returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
    declare
      tenant constant text := current_setting('app.tenant', true);
    begin
      if not exists (
        select from public.history h join public.history_content c on c.tenant_id = h.tenant_id and c.history_id = h.id
        where h.tenant_id = tenant and h.id = line and h.kind = 'award.resigned' and h.commitment = sha256(c.salt || convert_to(c.content, 'UTF8'))
          and c.content::jsonb @> jsonb_build_object('award', of_award,
            'ob2', encode(sha256(convert_to(new_ob2, 'UTF8')), 'hex'), 'ob3', encode(sha256(convert_to(new_ob3, 'UTF8')), 'hex'),
            'ob3Json', encode(sha256(convert_to(new_json, 'UTF8')), 'hex'))) then
        raise exception using errcode = 'check_violation', message = 'no line of the history says that the award was signed anew';
      end if;
      update public.award set ob2_jws = new_ob2, ob3_jwt = new_ob3, ob3_json = new_json, valid_from = new_from
        where tenant_id = tenant and id = of_award and valid_from < new_from;
      return found;
    end $$;
    revoke all on function app.resign_award from public;
    grant execute on function app.resign_award to osaamispassi_service;

    -- A key goes from active to retired to compromised, or from active to compromised, and never back. Its halves never change.
    create function app.key_moves() returns trigger language plpgsql as $$
    begin
      if (old.state = 'retired' and new.state = 'active') or (old.state = 'compromised' and new.state <> 'compromised')
        or new.algorithm <> old.algorithm or new.public_jwk <> old.public_jwk or new.private_sealed <> old.private_sealed then
        raise exception using errcode = 'check_violation', message = 'a signing key cannot change like that';
      end if;
      return new;
    end $$;
    create trigger key_moves before update on signing_key for each row execute function app.key_moves();

    -- S-31: the head of the chain as it was signed, one for each place at which that was done.
    create table history_signed_head (
      tenant_id text not null references organisation,
      seq bigint not null check (seq > 0),
      hash bytea not null check (octet_length(hash) = 32),
      kid text not null,
      signed_at timestamptz not null,
      document text not null,
      primary key (tenant_id, seq),
      foreign key (tenant_id, kid) references signing_key
    );
    call app.isolate('history_signed_head');
    grant select, insert, update (kid, signed_at, document) on history_signed_head to osaamispassi_service;

    -- S-25: the switch for all. Only the owner may turn it, by command; every award reads it.
    create table app.issuance (one boolean primary key default true check (one), stopped_at timestamptz);
    insert into app.issuance (stopped_at) values (null);
    grant select on app.issuance to osaamispassi_service;
  `.execute(db)
}
