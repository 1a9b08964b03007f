import type { Io } from './command.ts'

/**
 * Tells how far a command is (PRODUCT §8): on a terminal a bar that moves in its line, else a line at each 10 %. Goes to `err`, because the
 * data goes to `out`.
 */
export function progress(io: Pick<Io, 'err' | 'isTerminal'>, label: string): (done: number, total: number) => void {
  let last = -1
  return (done, total) => {
    const percent = total === 0 ? 100 : Math.floor((done / total) * 100)
    const shown = io.isTerminal ? percent : Math.floor(percent / 10) * 10
    if (shown <= last) return
    last = shown
    if (!io.isTerminal) return io.err(`${label} ${shown} %\n`)
    const filled = Math.round(percent / 5)
    io.err(`\r${label} [${'#'.repeat(filled)}${'.'.repeat(20 - filled)}] ${percent} %${percent === 100 ? '\n' : ''}`)
  }
}
