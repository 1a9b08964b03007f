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
 * Makes the service's and the jobs runner's roles, or sets their passwords where those do not open. Both can log in and nothing more: no
 * superuser, no way round row-level security, member of no other role. Any number of processes may call it at once: roles belong to the
 * whole server, so a lock in one database would not hold, and the loser of a race tries again.
 */
export async function ensureRoles(ownerUrl: string, passwords: RolePasswords): Promise<void> {
  const owner = new pg.Client({ connectionString: ownerUrl })
  await owner.connect()
  try {
    await ensureRole(owner, serviceRole, passwords.service, serviceUrl(ownerUrl, passwords))
    await ensureRole(owner, jobsRole, passwords.jobs, jobsUrl(ownerUrl, passwords))
  } finally {
    await owner.end()
  }
}

const rights = 'nosuperuser nocreatedb nocreaterole noreplication nobypassrls'

async function ensureRole(owner: pg.Client, role: string, password: string, url: string): Promise<void> {
  await settled(async () => {
    const secret = `password ${pg.escapeLiteral(password)}`
    const found = await findRole(owner, role)
    if (!found) await owner.query(`create role ${role} login ${rights} ${secret}`)
    // Taking rights away needs a superuser, and setting a password an owner who made the role: neither is done without need.
    else if (found.hasMore) await owner.query(`alter role ${role} login ${rights} ${secret}`)
    else if (!(await opens(url))) await owner.query(`alter role ${role} login ${secret}`)
  })
  const names = (await findRole(owner, role))?.memberOf ?? []
  if (names.length > 0)
    throw new Error(
      `The database role ${role} is a member of ${names.join(', ')}, so it could become more than it may be: revoke that first.`,
    )
}

type FoundRole = { readonly hasMore: boolean; readonly memberOf: readonly string[] }

async function findRole(owner: pg.Client, role: string): Promise<FoundRole | undefined> {
  const found = await owner.query<FoundRole>(
    `select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication as "hasMore",
            array(select g.rolname::text from pg_auth_members m join pg_roles g on g.oid = m.roleid where m.member = r.oid) as "memberOf"
     from pg_roles r where rolname = $1`,
    [role],
  )
  return found.rows[0]
}

async function opens(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return true
  } catch {
    // A wrong password or no login: the owner sets both.
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
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
