import { expect } from 'vitest'
import type { TestService } from '../support/app.ts'
import type { ClientName, Foundation } from '../support/given.ts'

/** The client asks to be erased on the page; the id of the request. */
export async function givenErasureRequest(
  service: TestService,
  foundation: Foundation,
  who: ClientName = 'maija',
): Promise<string> {
  const browser = await foundation.browser(who)
  await browser.get('/tiedot/poisto')
  const asked = await browser.submit('/tiedot/poisto', {})
  expect(asked.statusCode, asked.body).toBe(303)
  const row = await service.database.ownerDb
    .selectFrom('rights_request')
    .select('id')
    .where('tenant_id', '=', foundation.code)
    .where('client_id', '=', foundation.clients[who])
    .where('kind', '=', 'erasure')
    .where('state', '=', 'open')
    .executeTakeFirstOrThrow()
  return row.id
}

/** The coordinator carries it out on the page, in two steps. */
export async function erase(foundation: Foundation, request: string): Promise<void> {
  const browser = await foundation.browser('kaisa')
  const check = await browser.get(`/hallinta/pyynnot/${request}/poisto`)
  expect(check.statusCode, check.body).toBe(200)
  const erased = await browser.submit(`/hallinta/pyynnot/${request}/poisto`, {})
  expect(erased.statusCode, erased.body).toBe(303)
}
