import { type Kysely, sql } from 'kysely'

/** Photos and papers that belong to a record of work (S-44), and what the service may remove when it has had its time (S-50). */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table evidence_file (
      tenant_id text not null,
      id uuid not null,
      client_id uuid not null,
      observation_id uuid not null,
      media_type text not null check (media_type in ('image/jpeg', 'image/png', 'image/webp', 'application/pdf')),
      byte_size integer not null check (byte_size between 1 and 10485760),
      -- under the client's data key
      content_sealed bytea not null,
      -- null: the client
      added_by uuid,
      added_at timestamptz not null,
      -- which text a member of staff confirmed: that the client agrees to the file
      consent_text smallint,
      primary key (tenant_id, id),
      foreign key (tenant_id, client_id) references client,
      -- A file has no life without its record: who erases the record erases the file, in whatever way that comes.
      foreign key (tenant_id, client_id, observation_id) references observation (tenant_id, client_id, id) on delete cascade,
      foreign key (tenant_id, added_by) references account,
      check ((added_by is null) = (consent_text is null))
    );
    -- What is encrypted does not get smaller.
    alter table evidence_file alter column content_sealed set storage external;
    create index evidence_file_of_observation on evidence_file (tenant_id, client_id, observation_id, added_at);
    call app.isolate('evidence_file');
    grant select, insert, delete on evidence_file to osaamispassi_service;

    -- The start asks whether anything is wrapped by a key-encryption key that nobody gives any more (S-21), however many keys there are.
    create index client_by_kek on client (tenant_id, (kek_version collate "C"));
    create index second_factor_by_kek on second_factor (tenant_id, (kek_version collate "C"));
    create index signing_key_by_kek on signing_key (tenant_id, (kek_version collate "C"));

    -- What is kept for a time only goes when that is over (S-50): daily, by the service. An open request never does.
    grant delete on sign_in_card, staff_device, setup_link, rights_request to osaamispassi_service;
    create policy closed_only on rights_request as restrictive for delete to osaamispassi_service using (state <> 'open');
  `.execute(db)
}
