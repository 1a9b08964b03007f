import { expect, test } from 'vitest'
import { asTenant } from '../../src/db/connect.ts'
import { accept, givenOffered, publicOrigin, revoke } from '../publication/given-award.ts'
import { startService } from '../support/app.ts'
import { givenFoundation } from '../support/given.ts'
import { faultsOf, verdictOf } from './presented.ts'

test('a badge that was just verified is judged anew: changed, expired or revoked since, it is no longer valid', async () => {
  const service = await startService({ publicOrigin })
  try {
    const foundation = await givenFoundation(service, { code: 'mer1' })
    const award = await givenOffered(foundation)
    await accept(foundation, award)
    const { ob3_jwt: jwt } = await asTenant(
      service.deps.db,
      'mer1',
      async (trx) =>
        await trx.selectFrom('award').select('ob3_jwt').where('id', '=', award.id).executeTakeFirstOrThrow(),
    )
    const judge = async (text: string): Promise<Record<string, string>> => {
      const headers = { 'content-type': 'text/plain' }
      const answer = await service.app.inject({ method: 'POST', url: '/api/v1/verifications', payload: text, headers })
      return faultsOf(verdictOf(answer))
    }
    for (let round = 0; round < 3; round += 1) expect(await judge(jwt)).toEqual({})
    const [header = '', payload = '', signature = ''] = jwt.split('.')
    const other = signature.startsWith('A') ? 'B' : 'A'
    expect(await judge(`${header}.${payload}.${other}${signature.slice(1)}`)).toMatchObject({
      signature: 'signature-wrong',
    })
    expect(await judge(jwt)).toEqual({})
    await revoke(foundation, award)
    expect(await judge(jwt)).toMatchObject({ status: 'revoked' })
  } finally {
    await service.close()
  }
})
