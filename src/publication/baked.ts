import type { Db } from '../db/database.ts'
import type { PublicDocument } from './document.ts'

/** Baked pictures that a process keeps, in bytes. */
const mostBytes = 48 * 1024 * 1024

/** A picture with an award inside, and from when its signatures hold: signed anew it has a later time (CONFORMANCE 2.7). */
export type Baked = { readonly validFrom: Date; readonly document: PublicDocument }

/**
 * Pictures of public awards as they were sent last. Whether the award is still shown and still the same is asked each time (PERFORMANCE,
 * Designs); only the bytes are kept. The oldest go first.
 */
class BakedPictures {
  readonly #kept = new Map<string, Baked>()
  #bytes = 0

  get(name: string): Baked | undefined {
    return this.#kept.get(name)
  }

  keep(name: string, baked: Baked): void {
    this.drop(name)
    this.#kept.set(name, baked)
    this.#bytes += baked.document.body.length
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= mostBytes) break
      this.drop(oldest)
    }
  }

  drop(name: string): void {
    this.#bytes -= this.#kept.get(name)?.document.body.length ?? 0
    this.#kept.delete(name)
  }
}

const memories = new WeakMap<Db, BakedPictures>()

/** One memory for each database this process serves. */
export function bakedOf(db: Db): BakedPictures {
  const known = memories.get(db) ?? new BakedPictures()
  memories.set(db, known)
  return known
}
