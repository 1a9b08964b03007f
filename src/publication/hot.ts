import type { Db } from '../db/database.ts'
import type { PublicDocument } from './document.ts'

/** Documents of a class, never of an award, are answered from memory for so long (PERFORMANCE, Designs). */
const keptFor = 5000
const mostBytes = 48 * 1024 * 1024

type Entry = { readonly document: PublicDocument; readonly readAt: number }

/** What one process remembers of class-level documents. Losing it costs a select. */
class Hot {
  readonly #entries = new Map<string, Entry>()
  readonly #making = new Map<string, Promise<PublicDocument | undefined>>()
  #bytes = 0
  /** Counts what was forgotten: an answer that was being made meanwhile may already be old. */
  #forgotten = 0

  /** The document of this path, read anew when it is not there or older than five seconds; one reading at a time for each path. */
  async get(
    path: string,
    now: number,
    read: () => Promise<PublicDocument | undefined>,
  ): Promise<PublicDocument | undefined> {
    const known = this.#entries.get(path)
    if (known && now >= known.readAt && now - known.readAt < keptFor) return known.document
    const running = this.#making.get(path)
    if (running) return await running
    const making = this.#make(path, now, read).finally(() => {
      if (this.#making.get(path) === making) this.#making.delete(path)
    })
    this.#making.set(path, making)
    return await making
  }

  forget(isOld: (path: string) => boolean): void {
    this.#forgotten += 1
    for (const path of [...this.#entries.keys(), ...this.#making.keys()]) {
      if (!isOld(path)) continue
      this.#drop(path)
      this.#making.delete(path)
    }
  }

  async #make(
    path: string,
    now: number,
    read: () => Promise<PublicDocument | undefined>,
  ): Promise<PublicDocument | undefined> {
    const before = this.#entries.get(path)?.document
    const forgotten = this.#forgotten
    const made = await read()
    // The same bytes stay the same array, so that the verifier need not read them again (see `Look`).
    const document = made && before?.etag === made.etag ? before : made
    if (document && forgotten === this.#forgotten) this.#keep(path, { document, readAt: now })
    return document
  }

  #keep(path: string, entry: Entry): void {
    this.#drop(path)
    this.#entries.set(path, entry)
    this.#bytes += entry.document.body.length
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= mostBytes) break
      this.#drop(oldest)
    }
  }

  #drop(path: string): void {
    this.#bytes -= this.#entries.get(path)?.document.body.length ?? 0
    this.#entries.delete(path)
  }
}

/** One memory for each database this process serves. */
const memories = new WeakMap<Db, Hot>()

export function hotOf(db: Db): Pick<Hot, 'get'> {
  return memoryOf(db)
}

/**
 * Drops a tenant's status and revocation lists from this process's memory. Call it after the commit of a revocation, so that our own
 * verifier knows at once; other processes know within five seconds.
 */
export function forgetLists(db: Db, tenant: string): void {
  memoryOf(db).forget((path) => path.startsWith(`/o/${tenant}/status/`) || path.startsWith(`/o/${tenant}/revoked`))
}

/** Drops everything that shows a tenant's keys, after the commit of an act on them (S-22). */
export function forgetKeys(db: Db, tenant: string): void {
  const issuer = `/o/${tenant}`
  const parts = ['/ob2', '/jwks.json', '/did.json', '/history-head']
  memoryOf(db).forget(
    (path) =>
      path === '/.well-known/jwks.json' ||
      path === issuer ||
      path.startsWith(`${issuer}/keys/`) ||
      path.startsWith(`${issuer}/status/`) ||
      parts.some((part) => path === `${issuer}${part}`),
  )
}

function memoryOf(db: Db): Hot {
  const known = memories.get(db) ?? new Hot()
  memories.set(db, known)
  return known
}
