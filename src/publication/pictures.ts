import type { Db } from '../db/database.ts'

/** Pictures of badge classes that a process keeps, in bytes: some thousand of them. */
const mostBytes = 64 * 1024 * 1024

/** A picture without a badge in it: PNG bytes, or the text of a drawing. */
export type Picture = Buffer | string

/**
 * Pictures of badge class versions, which never change once they are used (DESIGN, Rules that settle disputes): read once by a process, so
 * that a badge's picture costs one small select (PERFORMANCE, Designs). The oldest go first; losing them costs reading them again.
 */
class Pictures {
  readonly #kept = new Map<string, Picture>()
  readonly #names = new Map<string, readonly string[]>()
  #bytes = 0

  /** Names of what is kept of a tenant; each begins with its code. */
  names(tenant: string): readonly string[] {
    const known = this.#names.get(tenant) ?? [...this.#kept.keys()].filter((name) => name.startsWith(`${tenant}/`))
    this.#names.set(tenant, known)
    return known
  }

  get(name: string): Picture | undefined {
    return this.#kept.get(name)
  }

  keep(name: string, picture: Picture): void {
    if (this.#kept.has(name)) return
    this.#kept.set(name, picture)
    this.#bytes += picture.length
    for (const [oldest, { length }] of this.#kept) {
      if (this.#bytes <= mostBytes) break
      this.#kept.delete(oldest)
      this.#bytes -= length
    }
    this.#names.clear()
  }
}

const memories = new WeakMap<Db, Pictures>()

/** One memory for each database this process serves. */
export function picturesOf(db: Db): Pictures {
  const known = memories.get(db) ?? new Pictures()
  memories.set(db, known)
  return known
}
