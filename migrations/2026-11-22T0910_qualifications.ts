import { type Kysely, sql } from 'kysely'

/** Qualification criteria: global, one row for each criteria version, added to and never changed (DOMAIN §3, data/eperusteet FORMAT). */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table qualification (
      id uuid primary key,
      peruste_id bigint not null,
      -- globalVersion.aikaleima: the same criteria edited later are a new row
      global_version bigint not null,
      diary_number text,
      name jsonb not null,
      state text not null,
      valid_from date,
      valid_until date,
      transition_until date,
      languages text[] not null,
      qualification_codes jsonb not null,
      competence_areas jsonb not null,
      titles jsonb not null,
      scope_unit text,
      imported_at timestamptz not null,
      unique (peruste_id, global_version)
    );

    create table unit (
      id uuid primary key,
      qualification_id uuid not null references qualification,
      -- the unit's own id in the criteria file, as text
      unit_id text not null,
      code text,
      name jsonb not null,
      kind text not null,
      scope numeric,
      scope_max numeric,
      position integer not null,
      shape text not null,
      unique (qualification_id, unit_id)
    );
    create index unit_by_code on unit (code);

    create table requirement (
      id uuid primary key,
      unit_id uuid not null references unit,
      key text not null,
      position integer not null,
      area jsonb,
      text jsonb not null,
      code text,
      -- kept, but never in a badge's alignment: the 2018 shape carries other requirements' codes
      untrusted_code text,
      criteria jsonb not null,
      unique (unit_id, key)
    );

    grant select, insert on qualification, unit, requirement to osaamispassi_service;
  `.execute(db)
}
