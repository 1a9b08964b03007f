import { afterAll, beforeAll, expect, test } from 'vitest'
import { embeddedDocument } from '../../src/credentials/issue.ts'
import { verify } from '../../src/credentials/verify.ts'
import { embedProof } from '../../src/awards/embed.ts'
import { runOnce } from '../../src/jobs/runner.ts'
import { lookAtOwn } from '../../src/publication/look.ts'
import { createTasks } from '../../src/tasks.ts'
import { type GivenAward, givenOffered, publicOrigin, revoke } from '../publication/given-award.ts'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'
import { parseObject } from '../support/json.ts'

let service: TestService
let foundation: Foundation
let award: GivenAward

beforeAll(async () => {
  service = await startService({ publicOrigin })
  foundation = await givenFoundation(service)
  award = await givenOffered(foundation)
})
afterAll(async () => await service.close())

async function texts(): Promise<{ ob3_jwt: string; ob3_json: string | null }> {
  return await service.database.ownerDb
    .selectFrom('award')
    .select(['ob3_jwt', 'ob3_json'])
    .where('id', '=', award.id)
    .executeTakeFirstOrThrow()
}

async function lines(): Promise<number> {
  const rows = await service.database.ownerDb
    .selectFrom('history')
    .select('seq')
    .where('tenant_id', '=', foundation.code)
    .where('kind', '=', 'award.embedded')
    .execute()
  return rows.length
}

const here = (): { tenant: string; id: string } => ({ tenant: foundation.code, id: award.id })

test('the job that the award left behind adds the embedded form, which says the same and verifies, with its own line (DESIGN, The award path 6)', async () => {
  expect((await texts()).ob3_json).toBeNull()
  expect(await lines()).toBe(0)
  await runOnce(service.database.jobsUrl, createTasks(service.deps), service.deps.log)
  const { ob3_jwt, ob3_json } = await texts()
  const { proof, ...document } = parseObject(ob3_json ?? '')
  expect(document).toEqual(embeddedDocument(ob3_jwt))
  expect(proof).toMatchObject({ type: 'DataIntegrityProof', cryptosuite: 'eddsa-rdfc-2022' })
  const verdict = await verify(Buffer.from(ob3_json ?? ''), lookAtOwn(service.deps), { at: service.deps.now() })
  expect(verdict.verdict).toBe('valid')
  expect(await lines()).toBe(1)
})

test('done twice it changes nothing; an award that is not there, or another tenant’s, is passed over', async () => {
  const before = await texts()
  await embedProof(service.deps, here())
  await embedProof(service.deps, { tenant: foundation.code, id: '019ab000-0000-7000-8000-000000000000' })
  const other = await givenFoundation(service)
  await embedProof(service.deps, { tenant: other.code, id: award.id })
  expect(await texts()).toEqual(before)
  expect(await lines()).toBe(1)
})

test('two at once keep one text and add one line', async () => {
  await service.database.ownerDb.updateTable('award').set({ ob3_json: null }).where('id', '=', award.id).execute()
  await Promise.all([embedProof(service.deps, here()), embedProof(service.deps, here())])
  expect(await lines()).toBe(2)
})

test('a badge that was revoked before the job ran still gets its form, which says revoked', async () => {
  await service.database.ownerDb.updateTable('award').set({ ob3_json: null }).where('id', '=', award.id).execute()
  await revoke(foundation, award)
  await embedProof(service.deps, here())
  const { ob3_json } = await texts()
  const verdict = await verify(Buffer.from(ob3_json ?? ''), lookAtOwn(service.deps), { at: service.deps.now() })
  expect(verdict.verdict).toBe('revoked')
})
