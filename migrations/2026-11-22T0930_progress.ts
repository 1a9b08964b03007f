import { type Kysely, sql } from 'kysely'

/** What a client did and how the client sees it. Levels, dates and states are codes beside a random client id; words are sealed under the client's key. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Counts every change of a client's evidence, so that an award's writing statement sees that what it read still holds.
    create table client_evidence (
      tenant_id text not null,
      client_id uuid not null,
      revision bigint not null,
      primary key (tenant_id, client_id),
      foreign key (tenant_id, client_id) references client
    );
    call app.isolate('client_evidence');
    grant select, insert, update on client_evidence to osaamispassi_service;

    create function app.touch_evidence() returns trigger language plpgsql as $$
    begin
      insert into client_evidence (tenant_id, client_id, revision) values (new.tenant_id, new.client_id, 1)
        on conflict (tenant_id, client_id) do update set revision = client_evidence.revision + 1;
      return null;
    end $$;

    create table observation (
      tenant_id text not null,
      id uuid not null,
      client_id uuid not null,
      task_id uuid not null,
      observed_on date not null,
      support_level text not null check (support_level in ('enhanced', 'general', 'minor')),
      note_sealed bytea,
      -- recorded more than 14 days after the work: why, sealed; shown to who decides
      late_reason_sealed bytea,
      recorded_by uuid not null,
      recorded_at timestamptz not null,
      session_id uuid,
      -- a correction is a new row that replaces an older one, with its reason
      replaces uuid,
      replace_reason_sealed bytea,
      undone_at timestamptz,
      primary key (tenant_id, id),
      unique (tenant_id, client_id, id),
      foreign key (tenant_id, client_id) references client,
      foreign key (tenant_id, task_id) references task,
      foreign key (tenant_id, recorded_by) references account,
      foreign key (tenant_id, client_id, replaces) references observation (tenant_id, client_id, id)
    );
    create unique index observation_replaced_once on observation (tenant_id, client_id, replaces) where replaces is not null and undone_at is null;
    create index observation_of_client on observation (tenant_id, client_id, task_id, observed_on);
    create index observation_of_recorder on observation (tenant_id, recorded_by, recorded_at);
    call app.isolate('observation');
    grant select, insert, update (undone_at) on observation to osaamispassi_service;
    create trigger evidence_changed after insert or update on observation for each row execute function app.touch_evidence();

    create table self_assessment (
      tenant_id text not null,
      id uuid not null,
      client_id uuid not null,
      task_id uuid not null,
      -- 1 practising … 4 can do it alone; null: cannot say
      choice smallint check (choice between 1 and 4),
      words_sealed bytea,
      assessed_at timestamptz not null,
      session_id uuid not null,
      primary key (tenant_id, id),
      foreign key (tenant_id, client_id) references client,
      foreign key (tenant_id, task_id) references task,
      foreign key (tenant_id, session_id) references session
    );
    create index self_assessment_of_client on self_assessment (tenant_id, client_id, task_id, assessed_at);
    call app.isolate('self_assessment');
    grant select, insert on self_assessment to osaamispassi_service;
    create trigger evidence_changed after insert on self_assessment for each row execute function app.touch_evidence();
  `.execute(db)
}
