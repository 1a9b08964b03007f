import { hash } from '@node-rs/argon2'
import { Secret, TOTP } from 'otpauth'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { type NewAccount, prepareHashed } from '../../src/accounts/account.ts'
import { keyedDigest } from '../../src/accounts/sign-in-code.ts'
import { tidyName } from '../../src/accounts/sign-in.ts'
import { asTenant } from '../../src/db/connect.ts'
import type { Deps } from '../../src/deps.ts'
import type { ApiClient, Browser, TestService } from './app.ts'
import type { TestDatabase } from './database.ts'

/** The code that an authenticator app with this key shows at this time. */
export function codeAt(secret: string, now: Date): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: now.getTime() })
}

/**
 * The code that the authenticator app of a member of staff shows now: of the key that waits to be set up, else of the one in use. The test's
 * clock stands still, so what was taken before is forgotten: as if the half minute were over. One test holds that a code opens once.
 */
export async function authenticatorCode(
  { deps, database }: { readonly deps: Deps; readonly database: TestDatabase },
  signInName: string,
): Promise<string> {
  const digest = keyedDigest(deps.secrets.codePepper, 'name', tidyName(signInName))
  const { ownerDb } = database
  const { tenant_id, account_id } = await ownerDb
    .selectFrom('sign_in_name')
    .selectAll()
    .where('digest', '=', digest)
    .executeTakeFirstOrThrow()
  const row = await ownerDb
    .updateTable('second_factor')
    .set({ last_step: 0 })
    .where('tenant_id', '=', tenant_id)
    .where('account_id', '=', account_id)
    .returningAll()
    .executeTakeFirstOrThrow()
  const sealed = row.next_sealed ?? row.secret_sealed
  if (!sealed) throw new Error(`${signInName} has no second factor`)
  const key = { tenant: tenant_id, owner: account_id, dataKey: row.data_key, kekVersion: row.kek_version }
  return codeAt(deps.vault.openText(key, 'second-factor.secret', sealed), deps.now())
}

/** The passwords of this worker's accounts, each hashed once, and cheaply: how much a guess costs is told by the hash itself. */
const hashes = new Map<string, Promise<string>>()

/** An account as `makeAccount` makes it, but for what its password costs (S-17 has tests of its own); its id. */
export async function givenAccount(
  deps: Deps,
  tenant: string,
  { password, ...wanted }: Omit<NewAccount, 'language'>,
): Promise<string> {
  const hashed = hashes.get(password) ?? hash(password, { memoryCost: 8, timeCost: 1, parallelism: 1 })
  hashes.set(password, hashed)
  return await asTenant(deps.db, tenant, prepareHashed(deps, tenant, { ...wanted, passwordHash: await hashed }))
}

/** Signs a member of staff in to the API: by password, and by the second factor where one is asked for, which is set up the first time. */
export async function staffToken(service: TestService, name: string, password: string): Promise<string> {
  const signedIn = await service.api().post('/api/v1/tokens', { name, password })
  expect(signedIn.statusCode, signedIn.body).toBe(200)
  const { token, wants } = signedIn.json<{ token: string; wants: 'second-factor' | 'enrolment' | null }>()
  if (wants === null) return token
  const address = wants === 'enrolment' ? '/api/v1/second-factor/confirmation' : '/api/v1/tokens/second-factor'
  const whole = await service.api(token).post(address, { code: await authenticatorCode(service, name) })
  expect(whole.statusCode, whole.body).toBe(200)
  return whole.json<{ token: string }>().token
}

/** The same, as a program that acts for the person. */
export async function asStaff(service: TestService, name: string, password: string): Promise<ApiClient> {
  return service.api(await staffToken(service, name, password))
}

/** The whole way of signing in as a person would, by the pages' own forms. */
export async function signInByPage(browser: Browser, name: string, password: string): Promise<void> {
  await browser.get('/kirjaudu')
  const response = await browser.submit('/kirjaudu', { email: name, password })
  expect(response.statusCode).toBe(303)
  const [way = ''] = (response.headers.location ?? '').split('?')
  if (!way.startsWith('/kirjaudu/vahvistus')) return
  await browser.get(way)
  const proven = await browser.submit(way, { code: await browser.authenticator(name) })
  expect(proven.statusCode, proven.body).toBe(way.endsWith('/uusi') ? 200 : 303)
}

/** After the password in a real browser: gives the second factor where it is asked for, or sets it up, and goes on inside. */
export async function passSecondFactor(page: Page, service: TestService, signInName: string): Promise<void> {
  await page.waitForLoadState()
  const { pathname } = new URL(page.url())
  if (!pathname.startsWith('/kirjaudu/vahvistus')) return
  await page.locator('#code').fill(await authenticatorCode(service, signInName))
  await page.locator('#code').press('Enter')
  if (!pathname.endsWith('/uusi')) return await page.waitForURL((url) => !url.pathname.startsWith('/kirjaudu'))
  await page.locator('.recovery').waitFor()
  await page.locator('main a.btn').click()
  await page.waitForURL((url) => !url.pathname.startsWith('/kirjaudu'))
}
