import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** What still runs for a folder: each process, other than ourselves, that names it in its command line or stands in it. */
export function processesOf(folder: string): readonly string[] {
  if (process.platform !== 'linux') {
    const all = execFileSync('ps', ['-A', '-o', 'pid=,command='], { encoding: 'utf8' }).split('\n')
    return all.filter((line) => line.includes(folder))
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
        const place = readlinkSync(`/proc/${pid}/cwd`)
        return command.includes(folder) || place.startsWith(folder) ? [`${pid} ${command}`] : []
      } catch {
        // It ended while we looked, or is not ours to look at.
        return []
      }
    })
}
