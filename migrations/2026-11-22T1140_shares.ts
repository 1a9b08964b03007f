import { type Kysely, sql } from 'kysely'

/** What a client shows to somebody for a while (PRODUCT A4; S-16), and each time that it was opened. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table share (
      tenant_id text not null,
      id uuid not null,
      client_id uuid not null,
      -- keyed digest of the link's secret: the link itself is nowhere
      token_digest bytea not null,
      made_at timestamptz not null,
      ends_at timestamptz not null check (ends_at > made_at and ends_at <= made_at + interval '90 days'),
      closed_at timestamptz,
      primary key (tenant_id, id),
      unique (tenant_id, client_id, id),
      unique (tenant_id, token_digest),
      -- It ends with its client: who erases the person closes the link.
      foreign key (tenant_id, client_id) references client on delete cascade
    );
    create index share_by_end on share (tenant_id, ends_at);
    call app.isolate('share');
    grant select, insert, delete on share to osaamispassi_service;
    grant update (closed_at) on share to osaamispassi_service;

    create table share_award (
      tenant_id text not null,
      client_id uuid not null,
      share_id uuid not null,
      award_id uuid not null,
      primary key (tenant_id, client_id, share_id, award_id),
      foreign key (tenant_id, client_id, share_id) references share (tenant_id, client_id, id) on delete cascade,
      foreign key (tenant_id, award_id) references award on delete cascade
    );
    create index share_award_of_award on share_award (tenant_id, award_id);
    call app.isolate('share_award');
    grant select, insert on share_award to osaamispassi_service;

    create table share_opening (
      tenant_id text not null,
      client_id uuid not null,
      share_id uuid not null,
      at timestamptz not null,
      id uuid not null,
      primary key (tenant_id, client_id, share_id, id),
      foreign key (tenant_id, client_id, share_id) references share (tenant_id, client_id, id) on delete cascade
    );
    call app.isolate('share_opening');
    grant select, insert on share_opening to osaamispassi_service;
  `.execute(db)
}
