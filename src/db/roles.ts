import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

/** What the service connects as: owns nothing, sees only the tenant set in its transaction (S-10). */
export const serviceRole = 'osaamispassi_service'
/** What the jobs' runner connects as: owns the queue's schema. */
export const jobsRole = 'osaamispassi_jobs'

export type RolePasswords = { readonly service: string; readonly jobs: string }

/** The service's connection string to the same database as the owner's. */
export function serviceUrl(ownerUrl: string, passwords: RolePasswords): string {
  return urlAs(ownerUrl, serviceRole, passwords.service)
}

/** The jobs runner's connection string to the same database as the owner's. */
export function jobsUrl(ownerUrl: string, passwords: RolePasswords): string {
  return urlAs(ownerUrl, jobsRole, passwords.jobs)
}

function urlAs(ownerUrl: string, role: string, password: string): string {
  const url = new URL(ownerUrl)
  url.username = role
  url.password = encodeURIComponent(password)
  return url.href
}

/**
 * Makes the service's and the jobs runner's roles, or sets their passwords. Both can log in and nothing more: no superuser, no way round
 * row-level security, member of no other role. Any number of processes may call it at once: roles belong to the whole server, so a lock in
 * one database would not hold, and the loser of a race tries again.
 */
export async function ensureRoles(ownerUrl: string, passwords: RolePasswords): Promise<void> {
  const owner = new pg.Client({ connectionString: ownerUrl })
  await owner.connect()
  try {
    for (const [role, password] of [
      [serviceRole, passwords.service],
      [jobsRole, passwords.jobs],
    ] as const)
      await ensureRole(owner, role, password)
  } finally {
    await owner.end()
  }
}

async function ensureRole(owner: pg.Client, role: string, password: string): Promise<void> {
  const can = 'login nosuperuser nocreatedb nocreaterole noreplication nobypassrls'
  await settled(async () => {
    const known = await owner.query<{ rolsuper: boolean; rolbypassrls: boolean; rolcreaterole: boolean }>(
      'select rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname = $1',
      [role],
    )
    const found = known.rows[0]
    const secret = `password ${pg.escapeLiteral(password)}`
    if (!found) {
      await owner.query(`create role ${role} ${can} ${secret}`)
      return
    }
    // Taking rights away needs a superuser; an ordinary owner is not asked for what is so already.
    const isMore = found.rolsuper || found.rolbypassrls || found.rolcreaterole
    await owner.query(`alter role ${role} ${isMore ? can : 'login'} ${secret}`)
  })
  const memberships = await owner.query<{ name: string }>(
    'select r.rolname as name from pg_auth_members m join pg_roles r on r.oid = m.roleid join pg_roles s on s.oid = m.member where s.rolname = $1',
    [role],
  )
  const names = memberships.rows.map((row) => row.name)
  if (names.length > 0)
    throw new Error(
      `The database role ${role} is a member of ${names.join(', ')}, so it could become more than it may be: revoke that first.`,
    )
}

/** Another process made or changed the same role at this moment: duplicate, or "tuple concurrently updated". */
const raceCodes = new Set(['42710', '23505', 'XX000'])

async function settled(work: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await work()
      return
    } catch (error) {
      if (tries === 10 || !(error instanceof pg.DatabaseError) || !raceCodes.has(error.code ?? '')) throw error
      await sleep(20 * tries)
    }
  }
}
