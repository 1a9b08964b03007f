/** Lets so many in at once; the others wait for their turn. */
export type Gate = {
  /** Waits for a place. Throws the signal's reason when it ends first. What it gives frees the place; call it once. */
  enter(signal: AbortSignal): Promise<() => void>
}

/** A gate with so many places (S-46: at once in the process). */
export function createGate(places: number): Gate {
  let free = places
  const waiting = new Set<() => void>()
  const leave = (): void => {
    free += 1
    const [next] = waiting
    next?.()
  }
  const take = (): (() => void) => {
    free -= 1
    return leave
  }
  return {
    enter: async (signal) => {
      signal.throwIfAborted()
      if (free > 0) return take()
      return await new Promise((resolve, reject) => {
        const turn = (): void => {
          waiting.delete(turn)
          signal.removeEventListener('abort', giveUp)
          resolve(take())
        }
        const giveUp = (): void => {
          waiting.delete(turn)
          reject(new Error('no place became free in time'))
        }
        waiting.add(turn)
        signal.addEventListener('abort', giveUp, { once: true })
      })
    },
  }
}
