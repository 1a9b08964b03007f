import { AsyncLocalStorage } from 'node:async_hooks'
import { Duplex } from 'node:stream'
import {
  CompiledQuery,
  type DatabaseConnection,
  Kysely,
  type LogConfig,
  PostgresDialect,
  type PostgresDialectConfig,
  PostgresDriver,
  type TransactionSettings,
} from 'kysely'
import pg from 'pg'
import type { Database, Db, Trx } from './database.ts'
import type { Statement } from './statement.ts'

export type ConnectOptions = {
  /** At most so many connections. */
  readonly max: number
  /** Told when an idle connection is lost; the pool makes a new one. Without a listener that would end the process. */
  readonly onError: (error: Error) => void
  readonly applicationName: string
  /** The server ends a statement after so many milliseconds. */
  readonly statementTimeout?: number
  /** Keep the plans of hot statements on the connection. Off for an old pooler in transaction mode, which mixes connections up. */
  readonly preparedStatements?: boolean
  /** Kysely's own log, for tests that count statements. */
  readonly log?: LogConfig
}

/** A pool of connections as the role in `url`, behind Kysely. Connects at the first query. */
export function connect(url: string, options: ConnectOptions): Kysely<Database> {
  const { statementTimeout = 5000 } = options
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max,
    application_name: options.applicationName,
    statement_timeout: statementTimeout,
    connectionTimeoutMillis: 5000,
    types: ownTypes(),
    // Lets `inOneTrip` send a whole transaction before its first answer; who awaits each query notices nothing.
    pipeline: true,
  })
  pool.on('error', options.onError)
  // A connection that is lost at work fails its queries; without a listener of its own it would end the process.
  pool.on('connect', (client) => client.on('error', ignoreLost))
  const db = new Kysely<Database>({ dialect: new TenantDialect({ pool }), ...(options.log && { log: options.log }) })
  const keepsPlans = options.preparedStatements !== false
  behind.set(db, { pool, log: options.log, keepsPlans, patience: statementTimeout + graceTime })
  return db
}

/** The type `date[]`, which the driver has no name for. */
const dateArray = 1182

/** What stands behind a database that `connect` made. `patience`: milliseconds after which a server that should have ended a statement is taken for gone. */
type Behind = {
  readonly pool: pg.Pool
  readonly log: LogConfig | undefined
  readonly keepsPlans: boolean
  readonly patience: number
}

/** So much longer than a statement may take we wait for its answer, in milliseconds: it was queued and travelled. */
const graceTime = 1000

const behind = new WeakMap<Kysely<Database>, Behind>()

/**
 * How values arrive. `int8` (counts, sequence numbers) as a number, and an error beyond 2^53 rather than a wrong number; `date` as the text
 * `YYYY-MM-DD`, because a day of work has no time zone. The rest as `pg` gives it: `timestamptz` a Date, `numeric` text, `jsonb` parsed.
 */
function ownTypes(): pg.TypeOverrides {
  const types = new pg.TypeOverrides()
  types.setTypeParser(pg.types.builtins.INT8, 'text', exactInteger)
  types.setTypeParser(pg.types.builtins.DATE, 'text', (text) => text)
  types.setTypeParser(dateArray, 'text', daysIn)
  return types
}

/** `{2026-03-29,NULL}` */
function daysIn(text: string): (string | null)[] {
  const inside = text.slice(1, -1)
  return inside === '' ? [] : inside.split(',').map((day) => (day === 'NULL' ? null : day))
}

function exactInteger(text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number)) throw new Error(`${text} is too large for a number`)
  return number
}

const tenantPattern = /^[0-9a-z]{4}$/
const retriedCodes = new Set(['40001', '40P01'])

/** The tenant of the transaction that is about to begin. Taken once, so that no other transaction inside the work can have it. */
const beginning = new AsyncLocalStorage<{ tenant: string | undefined }>()

/**
 * One transaction that sees and writes the rows of one tenant only (S-10). When the database asks for it (serialisation failure, deadlock)
 * the work is done again from the start, up to three times in all: so it must not act outside the transaction.
 * `db` comes from `connect`. Throws what the work throws.
 */
export async function asTenant<T>(db: Db, tenant: string, work: (trx: Trx) => Promise<T>): Promise<T> {
  if (!tenantPattern.test(tenant)) throw new Error('a tenant is four lower-case letters or digits')
  for (let tries = 1; ; tries += 1) {
    try {
      return await inTransactionOf(db, tenant, work)
    } catch (error) {
      if (tries === 3 || !(error instanceof pg.DatabaseError) || !retriedCodes.has(error.code ?? '')) throw error
    }
  }
}

async function inTransactionOf<T>(db: Db, tenant: string, work: (trx: Trx) => Promise<T>): Promise<T> {
  const wanted: { tenant: string | undefined } = { tenant }
  return await beginning.run(wanted, async () => {
    return await db.transaction().execute(async (trx) => {
      // Another dialect, or a transaction inside a transaction: the tenant would not be set.
      if (wanted.tenant !== undefined) throw new Error('asTenant needs a database made by connect')
      return await work(trx)
    })
  })
}

/**
 * One statement in a tenant's transaction of its own, sent with its begin and commit in one network trip (PERFORMANCE, Designs: the award's
 * statements). An error rolls it back. Retried like `asTenant`. `lockTimeout`: the server gives up after so many milliseconds of waiting for one
 * lock, with 55P03. A connection that stays silent is closed a second after the server should have ended the statement, so that nobody waits for it for
 * ever. `db` comes from `connect` and is no transaction.
 */
export async function inOneTrip<Row>(
  db: Db,
  tenant: string,
  asked: Statement<Row>,
  { lockTimeout }: { readonly lockTimeout?: number } = {},
): Promise<readonly Row[]> {
  if (!tenantPattern.test(tenant)) throw new Error('a tenant is four lower-case letters or digits')
  const made = behind.get(db)
  if (!made) throw new Error('inOneTrip needs a database made by connect')
  for (let tries = 1; ; tries += 1) {
    try {
      if (typeof made.log === 'function') {
        const query = CompiledQuery.raw(asked.text, [...asked.values])
        void made.log({ level: 'query', query, queryDurationMillis: 0 })
      }
      return await sendOneTrip(made, beginFor(tenant, lockTimeout), asked)
    } catch (error) {
      if (tries === 3 || !(error instanceof pg.DatabaseError) || !retriedCodes.has(error.code ?? '')) throw error
    }
  }
}

async function sendOneTrip<Row>(made: Behind, begin: string, asked: Statement<Row>): Promise<readonly Row[]> {
  const { name, text } = asked
  const client = await made.pool.connect()
  const stream = streamOf(client)
  const silent = setTimeout(() => stream?.destroy(), made.patience)
  stream?.cork()
  // All three are on their way before the first is answered; each is awaited, so that no failure goes unseen.
  const sent = [
    client.query(begin),
    client.query({ text, values: [...asked.values], ...(made.keepsPlans && { name }) }),
    client.query('commit'),
  ] as const
  stream?.uncork()
  const [begun, answered, committed] = await Promise.allSettled(sent)
  clearTimeout(silent)
  const lost = [begun, committed].find((one) => one.status === 'rejected')
  client.release(lost !== undefined)
  if (answered.status === 'rejected') throw answered.reason
  if (lost?.status === 'rejected') throw lost.reason
  const { rows }: { rows: unknown[] } = answered.value
  // The one place where rows are believed to be what the statement's type says, as everywhere in Kysely.
  return rows as Row[]
}

/** Begins a transaction and sets its tenant (S-10). The tenant was matched against `tenantPattern`: it holds nothing that could end the literal. */
function beginFor(tenant: string, lockTimeout?: number): string {
  const begin = `begin; set local app.tenant = '${tenant}'`
  return lockTimeout === undefined ? begin : `${begin}; set local lock_timeout = ${lockTimeout}`
}

function ignoreLost(): void {
  // The queries that were on their way are rejected with the same error, and tell it.
}

/** The socket under a connection, to send several messages in one packet; without one they go singly. */
function streamOf(client: pg.PoolClient): Duplex | undefined {
  const connection: unknown = Reflect.get(client, 'connection')
  if (typeof connection !== 'object' || connection === null || !('stream' in connection)) return undefined
  return connection.stream instanceof Duplex ? connection.stream : undefined
}

/** Begins a tenant's transaction and sets its tenant in one round trip instead of two: the award's path is short enough to notice. */
class TenantDriver extends PostgresDriver {
  override async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    const next = beginning.getStore()
    const tenant = next?.tenant
    if (next === undefined || tenant === undefined) return await super.beginTransaction(connection, settings)
    next.tenant = undefined
    await connection.executeQuery(CompiledQuery.raw(beginFor(tenant)))
  }
}

class TenantDialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig

  constructor(config: PostgresDialectConfig) {
    super(config)
    this.#config = config
  }

  override createDriver(): TenantDriver {
    return new TenantDriver(this.#config)
  }
}
