import type { FastifyRequest } from 'fastify'
import { isIP } from 'node:net'
import { Refusal } from '../refusal.ts'
import type { App } from './app-type.ts'
import { isApi, tell } from './session-tokens.ts'

/** How many requests in how long, by default (S-60). `RATE_LIMITS` changes a number; 0 there turns that limit off. */
const defaults = {
  verify: { limit: 60, seconds: 60 },
  pages: { limit: 300, seconds: 60 },
  api: { limit: 600, seconds: 60 },
  bulk: { limit: 10, seconds: 3600 },
} as const
export type LimitName = keyof typeof defaults

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * Which limit the route has when it is not that of its kind (`api`, `pages`): `verify`; `bulk`, which comes on top; `none` for what costs
     * nothing, such as a style sheet.
     */
    rateLimit?: 'verify' | 'bulk' | 'none'
  }
}

type Options = {
  /** `RATE_LIMITS` as it was given. */
  readonly numbers: Readonly<Record<string, number>>
  readonly now: () => Date
  /** What stands for a network or an account in the database: a keyed digest (S-50). */
  readonly digest: (text: string) => Buffer
  /** Takes a block of allowance from the database, for this process alone; gives how much it got. */
  readonly take: (wanted: {
    readonly bucket: Buffer
    readonly startsAt: Date
    readonly seconds: number
    readonly limit: number
    readonly block: number
  }) => Promise<number>
}

/** What this process may still let through for one bucket, and the taking that is under way. */
type Allowance = { left: number; isSpent: boolean; taking: Promise<void> | undefined }
type Window = { startsAt: number; readonly allowances: Map<string, Allowance> }

/** More networks than this in one window are forgotten and asked again, so that many addresses cannot fill the memory. */
const mostKept = 50_000

/**
 * Limits that hold over all processes on one database (S-60): each takes its allowance in blocks of a twentieth and counts them down in
 * memory, so that the ordinary request costs no statement. Networks are counted before anything is looked up, accounts once they are known.
 *
 * By network: what anybody may ask — public pages, verification — and all of the API. By account: the API and bulk requests, and pages of
 * people who are signed in, because a whole workshop shares one network.
 */
export function rateLimits(options: Options): {
  /** Counts networks: before the session is looked up. */
  readonly networks: (app: App) => void
  /** Counts who asks: after the look, before anything is refused for want of a session or a role. */
  readonly asker: (request: FastifyRequest) => Promise<void>
} {
  const windows = new Map<LimitName, Window>()

  /** The ordinary request: there is allowance left, or no limit, and nothing to wait for. */
  function countAtOnce(name: LimitName, who: string): boolean {
    const { seconds } = defaults[name]
    if ((options.numbers[name] ?? defaults[name].limit) === 0) return true
    const now = options.now().getTime()
    const allowance = allowanceIn(windowOf(windows, name, now - (now % (seconds * 1000))), who)
    if (allowance.left === 0) return false
    allowance.left -= 1
    return true
  }

  async function count(name: LimitName, who: string): Promise<void> {
    if (countAtOnce(name, who)) return
    const { seconds } = defaults[name]
    const limit = options.numbers[name] ?? defaults[name].limit
    const now = options.now().getTime()
    const startsAt = now - (now % (seconds * 1000))
    const allowance = allowanceIn(windowOf(windows, name, startsAt), who)
    const refill = async (): Promise<void> => {
      const bucket = options.digest(`${name} ${who}`)
      const block = Math.ceil(limit / 20)
      const taken = await options.take({ bucket, startsAt: new Date(startsAt), seconds, limit, block })
      allowance.left += taken
      allowance.isSpent = taken === 0
    }
    while (allowance.left === 0 && !allowance.isSpent) {
      allowance.taking ??= refill().finally(() => (allowance.taking = undefined))
      await allowance.taking
    }
    if (allowance.left === 0) {
      const retryAfter = Math.ceil((startsAt + seconds * 1000 - now) / 1000)
      throw new Refusal('too-many', `Too many requests. Wait ${retryAfter} seconds`, { retryAfter })
    }
    allowance.left -= 1
  }

  return {
    networks: (app) =>
      app.addHook('onRequest', (request, _reply, done) => {
        const name = limitOf(request)
        if (name === undefined || (name === 'pages' && !isOpen(request))) return done()
        const who = `network ${networkOf(request.ip)}`
        if (countAtOnce(name, who)) return done()
        void tell(count(name, who), done)
      }),
    asker: async (request) => {
      const name = limitOf(request)
      if (name === undefined || name === 'verify') return
      const account = accountOf(request)
      if (account !== undefined) await count(name, account)
      else if (name === 'pages') await count(name, `network ${networkOf(request.ip)}`)
      if (account !== undefined && request.routeOptions.config.rateLimit === 'bulk') await count('bulk', account)
    },
  }
}

function windowOf(windows: Map<LimitName, Window>, name: LimitName, startsAt: number): Window {
  const kept = windows.get(name)
  if (kept?.startsAt === startsAt && kept.allowances.size < mostKept) return kept
  const begun = { startsAt, allowances: new Map<string, Allowance>() }
  windows.set(name, begun)
  return begun
}

function allowanceIn({ allowances }: Window, who: string): Allowance {
  const known = allowances.get(who)
  if (known) return known
  const begun = { left: 0, isSpent: false, taking: undefined }
  allowances.set(who, begun)
  return begun
}

/** The limit of the route's kind; undefined: none. */
function limitOf(request: FastifyRequest): 'verify' | 'api' | 'pages' | undefined {
  const { rateLimit } = request.routeOptions.config
  if (rateLimit === 'none') return undefined
  if (rateLimit === 'verify') return 'verify'
  return isApi(request) ? 'api' : 'pages'
}

/** Public for everybody, and addresses where nothing is: no session is looked up, so nobody but the network can be counted. */
function isOpen(request: FastifyRequest): boolean {
  const { permit } = request.routeOptions.config
  return permit === undefined || permit === 'public'
}

/** Where a rule looks up the session itself, its name stands for the account. */
function accountOf({ actor, machine, session }: FastifyRequest): string | undefined {
  if (machine) return `account ${machine.accountId}`
  if (actor) return `account ${actor.kind === 'staff' ? actor.accountId : actor.clientId}`
  return session && `session ${session.sessionId}`
}

/** A network as one neighbour: an IPv4 address, or the 64 bits that one IPv6 customer has. */
export function networkOf(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1]
  if (mapped !== undefined) return mapped
  if (isIP(ip) !== 6) return ip
  const [head = '', tail = ''] = ip.split('%')[0]?.toLowerCase().split('::') ?? []
  const start = head === '' ? [] : head.split(':')
  const end = tail === '' ? [] : tail.split(':')
  const gap = ip.includes('::') ? Array.from({ length: Math.max(0, 8 - start.length - end.length) }, () => '0') : []
  return [...start, ...gap, ...end]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')
}
