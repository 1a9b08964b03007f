import { type Kysely, sql } from 'kysely'

/** What schools say of badges (CONFORMANCE 9.6). A school owns its endorsements; the foundation keeps a copy of those of its own badges. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table endorsement (
      tenant_id text not null references organisation,
      id uuid not null,
      -- whose badge it is about: another tenant, so no key leads there
      subject_tenant text not null,
      subject_kind text not null check (subject_kind in ('achievement', 'award')),
      -- the address of the achievement, or the id of the award's credential
      subject text not null,
      subject_name text not null,
      language text not null check (language in ('fi', 'sv', 'en')),
      comment text not null,
      -- the exact bytes that were signed
      document text not null,
      given_by uuid not null,
      given_at timestamptz not null,
      withdrawn_by uuid,
      withdrawn_at timestamptz,
      primary key (tenant_id, id),
      foreign key (tenant_id, given_by) references account,
      foreign key (tenant_id, withdrawn_by) references account,
      check ((withdrawn_at is null) = (withdrawn_by is null))
    );
    -- One school endorses one thing once; when it takes that back it may endorse anew.
    create unique index endorsement_standing on endorsement (tenant_id, subject) where withdrawn_at is null;
    call app.isolate('endorsement');
    grant select, insert, update (withdrawn_by, withdrawn_at) on endorsement to osaamispassi_service;

    -- Brought by a job from the school's rows: what the foundation's badges carry and its pages show.
    create table received_endorsement (
      tenant_id text not null references organisation,
      id uuid not null,
      endorser text not null,
      badge_class_version_id uuid,
      language text check (language in ('fi', 'sv', 'en')),
      award_id uuid,
      document text not null,
      given_at timestamptz not null,
      withdrawn_at timestamptz,
      primary key (tenant_id, id),
      foreign key (tenant_id, badge_class_version_id) references badge_class_version,
      foreign key (tenant_id, award_id) references award,
      check (num_nonnulls(badge_class_version_id, award_id) = 1),
      check ((badge_class_version_id is null) = (language is null))
    );
    create index received_endorsement_of_badge on received_endorsement (tenant_id, badge_class_version_id, language, given_at);
    create index received_endorsement_of_award on received_endorsement (tenant_id, award_id, given_at);
    call app.isolate('received_endorsement');
    grant select, insert, update (withdrawn_at) on received_endorsement to osaamispassi_service;
  `.execute(db)
}
