import { Secret, TOTP } from 'otpauth'
import { type AuditBy, recordAudit } from '../audit/record.ts'
import { asTenant } from '../db/connect.ts'
import type { Trx } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import type { WrappedKey } from '../keys/vault.ts'
import { Refusal } from '../refusal.ts'
import { refuseFastNetwork, tryOf } from './backoff.ts'
import { forgetFailures, isWaiting, noteFailure } from './backoff-store.ts'
import {
  type AccountRef,
  confirmSecret,
  deleteFactor,
  type FactorRow,
  findFactor,
  insertFactor,
  putNextSecret,
  readFactorNeed,
  takeRecoveryCode,
  takeStep,
} from './second-factor-store.ts'
import { keyedDigest, newSignInCode, tidyCode } from './sign-in-code.ts'
import { endSessionsOf } from './store.ts'

type FactorDeps = Pick<Deps, 'db' | 'secrets' | 'vault' | 'now'>

const purpose = 'second-factor.secret'
const issuer = 'Osaamispassi'
const period = 30
const recoveryCodes = 10

/** A key to set up in an authenticator app: as text, and as the address that its QR code holds. */
export type NewFactor = { readonly secret: string; readonly uri: string }

/**
 * What an account that has just given its password must still give (S-17). Coordinators and administrators without a second factor are led
 * to set one up: a key waits for them then.
 */
export async function wantsAtSignIn(
  deps: Pick<Deps, 'vault'>,
  trx: Trx,
  who: AccountRef,
): Promise<'second-factor' | 'enrolment' | undefined> {
  const { isNeeded, isSet } = await readFactorNeed(trx, who)
  if (isSet) return 'second-factor'
  if (!isNeeded) return undefined
  await beginEnrolment(deps, trx, who)
  return 'enrolment'
}

/** Makes a key that waits for its first code. A new one each time: whoever began before and saw one does not know this one. */
export async function beginEnrolment(deps: Pick<Deps, 'vault'>, trx: Trx, who: AccountRef): Promise<void> {
  const { tenant, accountId } = who
  const { dataKey, kekVersion } = deps.vault.newDataKey({ tenant, owner: accountId })
  await insertFactor(trx, { tenant_id: tenant, account_id: accountId, data_key: dataKey, kek_version: kekVersion })
  const row = await findFactor(trx, who)
  if (!row) throw new Error('the second factor was taken away meanwhile')
  await putNextSecret(trx, who, deps.vault.sealText(keyOf(row), purpose, new Secret({ size: 20 }).base32))
}

/** The key that waits, or undefined. `label` is what the authenticator app shows beside the service's name. */
export async function readNewFactor(
  deps: Pick<Deps, 'db' | 'vault'>,
  who: AccountRef,
  label: string,
): Promise<NewFactor | undefined> {
  const row = await asTenant(deps.db, who.tenant, async (trx) => await findFactor(trx, who))
  if (!row?.next_sealed) return undefined
  const secret = deps.vault.openText(keyOf(row), purpose, row.next_sealed)
  return { secret, uri: totpOf(secret, label).toString() }
}

/**
 * Takes the first code of the key that waits: from now on it is asked for, every session of the account ends, and the recovery codes, each
 * good for once, are given to be shown. Refuses `conflict` when no key waits, `content` a wrong code.
 */
export async function confirmEnrolment(
  deps: FactorDeps,
  who: AccountRef,
  typed: string,
  address: string,
): Promise<readonly string[]> {
  const now = deps.now()
  const one = tryOf(deps, { what: 'factor', name: who.accountId, address })
  await refuseFastNetwork(deps, one, now)
  const row = await asTenant(deps.db, who.tenant, async (trx) => await findFactor(trx, who))
  if (!row?.next_sealed) throw new Refusal('conflict', 'Begin again to set up the second factor', { code: 'no-factor' })
  const sealed = row.next_sealed
  const step = stepOf(deps.vault.openText(keyOf(row), purpose, sealed), typed, now)
  const wrong = new Refusal('content', 'The code is wrong or too old', {
    code: 'wrong-factor',
    fields: [{ pointer: '/code', code: 'wrong-factor', detail: 'the code is wrong or too old' }],
  })
  if (step === undefined || (await isWaiting(deps.db, one.subject, now))) {
    await noteFailure(deps.db, one, now)
    throw wrong
  }
  const codes = Array.from({ length: recoveryCodes }, () => newSignInCode(12))
  await asTenant(deps.db, who.tenant, async (trx) => {
    const recovery = codes.map((code) => recoveryDigest(deps, who, code))
    if (!(await confirmSecret(trx, who, { sealed, step, recovery, now }))) throw wrong
    await endSessionsOf(trx, who.tenant, who.accountId, now)
  })
  return codes
}

/**
 * Takes the code of the app, or a recovery code, each once. Refuses `not-signed-in` a wrong or used one, and any while the factor waits
 * after wrong ones (S-17).
 */
export async function proveSecondFactor(
  deps: FactorDeps,
  who: AccountRef,
  typed: string,
  address: string,
): Promise<void> {
  const now = deps.now()
  const one = tryOf(deps, { what: 'factor', name: who.accountId, address })
  await refuseFastNetwork(deps, one, now)
  const mustWait = await isWaiting(deps.db, one.subject, now)
  const isRight = await asTenant(deps.db, who.tenant, async (trx) => {
    const row = await findFactor(trx, who)
    if (!row?.secret_sealed || mustWait) return false
    const code = tidyCode(typed)
    const isTaken = /^\d{6}$/.test(code)
      ? await takeCode(trx, who, stepOf(deps.vault.openText(keyOf(row), purpose, row.secret_sealed), code, now))
      : await takeRecoveryCode(trx, who, recoveryDigest(deps, who, code), now)
    return isTaken && (await forgetFailures(trx, one, now))
  })
  if (isRight) return
  await noteFailure(deps.db, one, now)
  throw new Refusal('not-signed-in', 'The code is wrong or was used', { code: 'wrong-factor' })
}

async function takeCode(trx: Trx, who: AccountRef, step: number | undefined): Promise<boolean> {
  return step !== undefined && (await takeStep(trx, who, step))
}

/** Takes the second factor away, as for somebody who lost telephone and recovery codes: the next sign-in leads to a new one. */
export async function dropSecondFactor(
  deps: Pick<Deps, 'db' | 'now'>,
  who: AccountRef,
  by: AuditBy = 'command',
  /** What may still refuse it, in the same transaction. */
  first: (trx: Trx) => Promise<void> = async () => await Promise.resolve(),
): Promise<void> {
  const { tenant, accountId } = who
  const at = deps.now()
  await asTenant(deps.db, tenant, async (trx) => {
    await first(trx)
    await deleteFactor(trx, who)
    await endSessionsOf(trx, tenant, accountId, at)
    await recordAudit(trx, { tenant, at, kind: 'second-factor.reset', by, ref: accountId })
  })
}

/** The half minute whose code this is; one half minute early or late is near enough (RFC 6238 §5.2). */
function stepOf(secret: string, typed: string, now: Date): number | undefined {
  const timestamp = now.getTime()
  const delta = totpOf(secret, '').validate({ token: tidyCode(typed), timestamp, window: 1 })
  return delta === null ? undefined : Math.floor(timestamp / 1000 / period) + delta
}

/** SHA-1, 6 digits, 30 seconds: what every authenticator app understands. */
function totpOf(secret: string, label: string): TOTP {
  return new TOTP({ issuer, label, algorithm: 'SHA1', digits: 6, period, secret: Secret.fromBase32(secret) })
}

function recoveryDigest(deps: Pick<Deps, 'secrets'>, { accountId }: AccountRef, code: string): Buffer {
  return keyedDigest(deps.secrets.codePepper, 'recovery', `${accountId} ${code}`)
}

function keyOf(row: FactorRow): WrappedKey {
  return { tenant: row.tenant_id, owner: row.account_id, dataKey: row.data_key, kekVersion: row.kek_version }
}
