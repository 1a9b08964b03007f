import { atMost } from './in-step.ts'

/** The next ones wait so long for those that are under way, in milliseconds: nothing rests on it that they do. */
const patience = 50

type Asking<Item, Result> = {
  readonly item: Item
  readonly done: (result: Result) => void
  readonly failed: (error: unknown) => void
}

/**
 * Lets one piece of work serve all of a tenant that ask for it at once: those of the same moment, and those that come while others are under
 * way, go together next (decision 18). `work` answers each item in its place. When it fails for several, which `onFailure` is told, each is tried
 * by itself, so that one harms no other: work that changes anything must be safe to ask for again. One that takes long holds up nobody who comes later.
 */
export function createTogether<Item, Result>(
  work: (tenant: string, items: readonly Item[]) => Promise<readonly Result[]>,
  onFailure: (error: unknown) => void = () => undefined,
): (tenant: string, item: Item) => Promise<Result> {
  /** Those of a tenant that wait for their turn; there is a line as long as somebody is under way. */
  const lines = new Map<string, Asking<Item, Result>[]>()

  async function serve(tenant: string, all: readonly Asking<Item, Result>[]): Promise<void> {
    const items = all.map(({ item }) => item)
    try {
      const results = await work(tenant, items)
      if (results.length !== all.length) throw new Error('each that asked wants an answer')
      for (const [place, result] of results.entries()) all[place]?.done(result)
    } catch (error) {
      if (all.length === 1) return all[0]?.failed(error)
      onFailure(error)
      await Promise.all(all.map(async (one) => await serve(tenant, [one])))
    }
  }

  async function goOn(tenant: string, line: Asking<Item, Result>[]): Promise<void> {
    while (line.length > 0) await atMostFor(patience, serve(tenant, line.splice(0, atMost)))
    lines.delete(tenant)
  }

  return async (tenant, item) =>
    await new Promise<Result>((done, failed) => {
      const asking = { item, done, failed }
      const line = lines.get(tenant)
      if (line) return void line.push(asking)
      const begun = [asking]
      lines.set(tenant, begun)
      setImmediate(() => void goOn(tenant, begun))
    })
}

/** Waits for work that never fails, but no longer than so many milliseconds. */
async function atMostFor(milliseconds: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds)
  })
  await Promise.race([work, enough])
  clearTimeout(timer)
}
