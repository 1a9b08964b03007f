import { type Kysely, sql } from 'kysely'

/** What an organisation's administrators need: links for staff, work units, requests that came on paper. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- A link by which a member of staff sets the own password: handed over by an administrator, opens once. Keyed digest; the link itself
    -- begins with the organisation's code, so the tenant is known before the row.
    create table account_link (
      tenant_id text not null,
      digest bytea not null,
      account_id uuid not null,
      made_by uuid not null,
      made_at timestamptz not null,
      expires_at timestamptz not null,
      used_at timestamptz,
      primary key (tenant_id, digest),
      foreign key (tenant_id, account_id) references account,
      foreign key (tenant_id, made_by) references account
    );
    -- A new link ends the one before.
    create unique index account_link_open on account_link (tenant_id, account_id) where used_at is null;
    call app.isolate('account_link');
    grant select, insert, update (used_at), delete on account_link to osaamispassi_service;

    -- A place of work of the organisation (työyksikkö): a workshop, a kitchen. Closed, never removed: what was done there stays.
    create table work_unit (
      tenant_id text not null references organisation,
      id uuid not null,
      name text not null check (length(name) between 1 and 120),
      created_at timestamptz not null,
      closed_at timestamptz,
      primary key (tenant_id, id)
    );
    create unique index work_unit_name on work_unit (tenant_id, lower(name)) where closed_at is null;
    call app.isolate('work_unit');
    grant select, insert, update (name, closed_at) on work_unit to osaamispassi_service;

    -- When the stop switch was turned and why: few lines among very many.
    create index history_of_switch on history (tenant_id, seq) where kind in ('issuing.stopped', 'issuing.started');

    -- A request may come on paper: a coordinator enters it for the client, with the day on which it came. A copy is asked for in this way
    -- only, because who signs in takes the own copy at once.
    alter table rights_request
      drop constraint rights_request_kind_check,
      drop constraint rights_request_check,
      add column received_on date,
      add column entered_by uuid,
      add check (kind in ('copy', 'correction', 'erasure')),
      add check (kind <> 'correction' or words_sealed is not null),
      add check (kind <> 'copy' or entered_by is not null),
      add check ((received_on is null) = (entered_by is null)),
      add foreign key (tenant_id, entered_by) references account;
  `.execute(db)
}
