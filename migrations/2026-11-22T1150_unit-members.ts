import { type Kysely, sql } from 'kysely'

/** Whose work unit is which: clients have one at a time, coaches any number; both by days. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- What ended today has yesterday as its last day, as in client_coach; \`ended_at\` says when it really was.
    create table client_unit (
      tenant_id text not null,
      id uuid not null default gen_random_uuid(),
      client_id uuid not null,
      unit_id uuid not null,
      from_day date not null,
      until_day date,
      made_by uuid not null,
      made_at timestamptz not null,
      ended_by uuid,
      ended_at timestamptz,
      primary key (tenant_id, id),
      -- It goes with its client: erasing needs no word of it.
      foreign key (tenant_id, client_id) references client on delete cascade,
      foreign key (tenant_id, unit_id) references work_unit,
      foreign key (tenant_id, made_by) references account,
      foreign key (tenant_id, ended_by) references account
    );
    create unique index client_unit_now on client_unit (tenant_id, client_id) where until_day is null;
    create index client_unit_of_client on client_unit (tenant_id, client_id, from_day);
    create index client_unit_of_unit on client_unit (tenant_id, unit_id, client_id);
    call app.isolate('client_unit');
    grant select, insert, update (until_day, ended_by, ended_at) on client_unit to osaamispassi_service;

    create table account_unit (
      tenant_id text not null,
      id uuid not null default gen_random_uuid(),
      account_id uuid not null,
      unit_id uuid not null,
      from_day date not null,
      until_day date,
      made_by uuid not null,
      made_at timestamptz not null,
      ended_by uuid,
      ended_at timestamptz,
      primary key (tenant_id, id),
      foreign key (tenant_id, account_id) references account,
      foreign key (tenant_id, unit_id) references work_unit,
      foreign key (tenant_id, made_by) references account,
      foreign key (tenant_id, ended_by) references account
    );
    create index account_unit_of_unit on account_unit (tenant_id, unit_id, account_id);
    create index account_unit_of_account on account_unit (tenant_id, account_id, unit_id);
    call app.isolate('account_unit');
    grant select, insert, update (until_day, ended_by, ended_at) on account_unit to osaamispassi_service;
  `.execute(db)
}
