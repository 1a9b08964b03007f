/** So many decisions go together at most (decision 18). */
export const atMost = 16
/** The first of a group waits so long for the others, in milliseconds. */
const patience = 25

/** One of those who go in step. */
export type Walker = {
  /** Before the first step: waits for the others that are on their way, a few milliseconds at most, and goes on with them. */
  gather(): Promise<void>
  /** Before a later step: waits until everybody of the group is here or has left it. */
  meet(): Promise<void>
  /** Goes no further with them, whatever the reason. Nobody waits for it any more. */
  leave(): void
}

/** Those who gathered. */
class Group {
  #members: number
  #here: (() => void)[] = []

  constructor(members: number) {
    this.#members = members
  }

  async meet(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#here.push(resolve)
      this.#goOn()
    })
  }

  leave(): void {
    this.#members -= 1
    this.#goOn()
  }

  #goOn(): void {
    if (this.#here.length < this.#members) return
    const all = this.#here
    this.#here = []
    for (const one of all) one()
  }
}

/**
 * Lets work that is done many times at once take the same step together: what a step needs, code and data, is then in the processor's caches for
 * all but the first, and the work costs a quarter less (decision 18). Who is alone never waits. Gives a function that
 * tells of one more who is on the way for a tenant; whoever calls it calls `leave` in the end. Tenants do not wait for each other.
 */
export function createInStep(): (tenant: string) => Walker {
  const ways = new Map<string, () => Walker>()
  return (tenant) => {
    const way = ways.get(tenant) ?? createWay()
    ways.set(tenant, way)
    return way()
  }
}

function createWay(): () => Walker {
  let coming = 0
  let waiting: ((group: Group) => void)[] = []
  let timer: NodeJS.Timeout | undefined

  function open(): void {
    clearTimeout(timer)
    timer = undefined
    const all = waiting
    waiting = []
    const group = new Group(all.length)
    for (const one of all) one(group)
  }

  function openWhenAllAreHere(): void {
    if (waiting.length >= atMost || (coming === 0 && waiting.length > 0)) open()
    else if (waiting.length > 0) timer ??= setTimeout(open, patience)
  }

  return () => {
    let isComing = true
    let group: Group | undefined
    coming += 1
    const come = (): void => {
      if (isComing) coming -= 1
      isComing = false
    }
    return {
      gather: async () => {
        group = await new Promise<Group>((resolve) => {
          come()
          waiting.push(resolve)
          openWhenAllAreHere()
        })
      },
      meet: async () => await group?.meet(),
      leave: () => {
        come()
        group?.leave()
        group = undefined
        openWhenAllAreHere()
      },
    }
  }
}
