import { spawnSync } from 'node:child_process'
import { CannotStartDatabase } from './faults.ts'

/** The user under which the server runs when we are root. */
export type RunAs = { readonly name: string; readonly uid: number; readonly gid: number }

/** PostgreSQL refuses to run as root: then it runs as `postgres`, else as `nobody`. Undefined when we are an ordinary user already. */
export function chooseUser(): RunAs | undefined {
  if (process.getuid?.() !== 0) return undefined
  for (const name of ['postgres', 'nobody']) {
    const uid = idOf('-u', name)
    const gid = idOf('-g', name)
    if (uid !== undefined && gid !== undefined && uid !== 0) return { name, uid, gid }
  }
  throw new CannotStartDatabase(
    'PostgreSQL refuses to run as root and this system has no user postgres or nobody: run as an ordinary user, or set DATABASE_URL.',
  )
}

function idOf(option: '-u' | '-g', name: string): number | undefined {
  const answer = spawnSync('id', [option, name], { encoding: 'utf8' })
  const number = Number.parseInt(answer.stdout ?? '', 10)
  return answer.status === 0 && Number.isSafeInteger(number) ? number : undefined
}

/** Whether `user` (or we ourselves) can enter a folder by its path. */
export function canEnter(folder: string, user: RunAs | undefined): boolean {
  const options = user ? { uid: user.uid, gid: user.gid } : {}
  return spawnSync('test', ['-x', folder], { ...options, cwd: '/' }).status === 0
}
