import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { foundOrganisation, type NewOrganisation } from '../../src/foundations/found.ts'
import { startService, type TestService } from '../support/app.ts'

let service: TestService

beforeAll(async () => {
  service = await startService()
})
afterAll(async () => await service.close())

const wanted: NewOrganisation = {
  code: 'mer1',
  kind: 'foundation',
  name: 'Meriharjun työpajasäätiö',
  url: 'https://meriharju.example/',
  email: 'merkit@meriharju.example',
}

async function found(change: Partial<NewOrganisation>): Promise<void> {
  const { deps, database } = service
  await foundOrganisation({ ...deps, ownerDb: database.ownerDb }, { ...wanted, ...change })
}

async function keysOf(code: string): Promise<readonly string[]> {
  const { ownerDb } = service.database
  const rows = await ownerDb
    .selectFrom('signing_key')
    .select('algorithm')
    .where('tenant_id', '=', code)
    .where('state', '=', 'active')
    .execute()
  return rows.map(({ algorithm }) => algorithm).sort()
}

describe('an organisation is founded', () => {
  test('with RSA and Ed25519 keys, and P-256 where it chose ES256 (DESIGN, Keys; CONFORMANCE 3.1)', async () => {
    await found({ code: 'rsa1' })
    await found({ code: 'rsa2', badgeAlgorithm: 'RS256' })
    await found({ code: 'ec01', badgeAlgorithm: 'ES256' })
    expect(await keysOf('rsa1')).toEqual(['EdDSA', 'RS256'])
    expect(await keysOf('rsa2')).toEqual(['EdDSA', 'RS256'])
    expect(await keysOf('ec01')).toEqual(['ES256', 'EdDSA', 'RS256'])
  })

  const wrongs: readonly (readonly [string, Partial<NewOrganisation>, readonly string[]])[] = [
    ['name that holds a support level', { name: 'Yleinen tuki oy' }, ['/issuer/name', '/ob2/name']],
    ['name that is empty', { name: '' }, ['/issuer/name', '/ob2/name']],
    ['home page that is no https', { url: 'http://meriharju.example/' }, ['/issuer/url', '/ob2/url']],
    ['e-mail address that is none', { email: 'merkit' }, ['/issuer/email', '/ob2/email']],
  ]
  test.each(wrongs)('S-24: not with a %s, and nothing of it is kept', async (_what, wrong, pointers) => {
    const refusal: unknown = await found({ code: 'bad1', ...wrong }).then(
      () => undefined,
      (error: unknown) => error,
    )
    expect(refusal).toMatchObject({
      kind: 'unfit-to-sign',
      details: { fields: pointers.map((pointer) => ({ pointer })) },
    })
    const { ownerDb } = service.database
    const rows = await ownerDb.selectFrom('organisation').select('name').where('tenant_id', '=', 'bad1').execute()
    expect([rows, await keysOf('bad1')]).toEqual([[], []])
  })
})
