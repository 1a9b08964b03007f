import { type Kysely, sql } from 'kysely'

/** Modules, tasks and badge classes. A version that has been used is never changed: a change makes a new version (DESIGN, Rules). */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table module (
      tenant_id text not null references organisation,
      id uuid not null,
      slug text not null,
      created_at timestamptz not null,
      primary key (tenant_id, id),
      unique (tenant_id, slug)
    );
    call app.isolate('module');
    grant select, insert on module to osaamispassi_service;

    create table module_version (
      tenant_id text not null,
      id uuid not null,
      module_id uuid not null,
      version integer not null,
      state text not null check (state in ('draft', 'reviewed', 'published', 'retired')),
      name jsonb not null,
      workplace jsonb not null,
      disclaimer jsonb not null,
      -- the qualification unit it is built on; global, so not a tenant key
      unit_id uuid not null references unit,
      created_at timestamptz not null,
      published_at timestamptz,
      primary key (tenant_id, id),
      unique (tenant_id, module_id, version),
      foreign key (tenant_id, module_id) references module
    );
    call app.isolate('module_version');
    create policy published on module_version for select using (state = 'published');
    grant select, insert, update (state, published_at) on module_version to osaamispassi_service;

    create table task (
      tenant_id text not null references organisation,
      id uuid not null,
      key text not null,
      name jsonb not null,
      easy_fi text,
      difficulty smallint not null check (difficulty between 1 and 5),
      -- the three support variants: what the task looks like at each support level; staff only
      support_criteria jsonb not null,
      prerequisites text[] not null,
      primary key (tenant_id, id)
    );
    call app.isolate('task');
    grant select, insert on task to osaamispassi_service;

    create table step (
      tenant_id text not null,
      task_id uuid not null,
      position smallint not null,
      text jsonb not null,
      primary key (tenant_id, task_id, position),
      foreign key (tenant_id, task_id) references task
    );
    call app.isolate('step');
    grant select, insert on step to osaamispassi_service;

    create table module_task (
      tenant_id text not null,
      module_version_id uuid not null,
      task_id uuid not null,
      position smallint not null,
      primary key (tenant_id, module_version_id, task_id),
      foreign key (tenant_id, module_version_id) references module_version,
      foreign key (tenant_id, task_id) references task
    );
    call app.isolate('module_task');
    grant select, insert on module_task to osaamispassi_service;

    create table task_requirement (
      tenant_id text not null,
      task_id uuid not null,
      requirement_id uuid not null references requirement,
      primary key (tenant_id, task_id, requirement_id),
      foreign key (tenant_id, task_id) references task
    );
    call app.isolate('task_requirement');
    grant select, insert on task_requirement to osaamispassi_service;

    -- Requirements of the unit that this module can never cover, with the reason: they are shown at school.
    create table module_gap (
      tenant_id text not null,
      module_version_id uuid not null,
      requirement_id uuid not null references requirement,
      reason jsonb not null,
      primary key (tenant_id, module_version_id, requirement_id),
      foreign key (tenant_id, module_version_id) references module_version
    );
    call app.isolate('module_gap');
    grant select, insert on module_gap to osaamispassi_service;

    create table badge_class (
      tenant_id text not null references organisation,
      id uuid not null,
      slug text not null check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
      scope text not null check (scope in ('task', 'module', 'unit')),
      created_at timestamptz not null,
      primary key (tenant_id, id),
      unique (tenant_id, slug)
    );
    call app.isolate('badge_class');
    grant select, insert on badge_class to osaamispassi_service;

    create table badge_class_version (
      tenant_id text not null,
      id uuid not null,
      badge_class_id uuid not null,
      version integer not null,
      module_version_id uuid not null,
      state text not null check (state in ('draft', 'published', 'retired', 'withdrawn')),
      tier text not null check (tier in ('basic', 'advanced', 'master')),
      template text not null,
      name jsonb not null,
      short_name jsonb not null,
      description jsonb not null,
      criteria jsonb not null,
      languages text[] not null,
      -- the badge above this one in the tree
      parent_slug text,
      position smallint not null,
      -- what it takes, as data (DESIGN, Evidence rule)
      rule jsonb not null,
      -- units it points to: [{unitId, targetCode, targetUrl, targetFramework: text, targetName: text}]
      alignments jsonb not null,
      valid_months integer check (valid_months > 0),
      published_at timestamptz,
      primary key (tenant_id, id),
      unique (tenant_id, badge_class_id, version),
      foreign key (tenant_id, badge_class_id) references badge_class,
      foreign key (tenant_id, module_version_id) references module_version
    );
    call app.isolate('badge_class_version');
    create policy published on badge_class_version for select using (state = 'published');
    grant select, insert, update (state, published_at) on badge_class_version to osaamispassi_service;

    -- Drawn once at publishing for each language: the picture and its two renderings, without any credential inside.
    create table badge_picture (
      tenant_id text not null,
      badge_class_version_id uuid not null,
      language text not null check (language in ('fi', 'sv', 'en')),
      svg text not null,
      small_svg text not null,
      png_400 bytea not null,
      png_128 bytea not null,
      caption text not null,
      primary key (tenant_id, badge_class_version_id, language),
      foreign key (tenant_id, badge_class_version_id) references badge_class_version
    );
    call app.isolate('badge_picture');
    grant select, insert on badge_picture to osaamispassi_service;
  `.execute(db)
}
