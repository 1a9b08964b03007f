import { foundOrganisation } from '../../src/foundations/found.ts'
import { type Scope, scopes } from '../../src/http/scopes.ts'
import { makeApiKey } from '../../src/integrations/api-key.ts'
import type { TestService } from '../support/app.ts'
import type { Foundation } from '../support/given.ts'

export type GivenKey = { readonly id: string; readonly key: string; readonly organisation: string }

/** A live key that the foundation's admin made; with every scope unless the test says which. */
export async function givenKey(
  service: TestService,
  foundation: Foundation,
  wanted: {
    readonly name?: string
    readonly mode?: 'live' | 'test'
    readonly scopes?: readonly Scope[]
    readonly expiresInDays?: number
  } = {},
): Promise<GivenKey> {
  const { name = 'Opiskelijahallinto', mode = 'live', expiresInDays = 90 } = wanted
  const { key, row } = await makeApiKey(service.deps, foundation.staffActor('admin'), {
    name,
    mode,
    scopes: [...(wanted.scopes ?? scopes)],
    expiresInDays,
  })
  return { id: row.id, key, organisation: row.tenant_id }
}

/** The service's sandbox: an organisation of invented people. */
export async function givenSandbox(service: TestService, code = 'koe1'): Promise<string> {
  await foundOrganisation(
    { ...service.deps, ownerDb: service.database.ownerDb },
    {
      code,
      kind: 'foundation',
      name: 'Kokeilusäätiö',
      url: `https://${code}.example`,
      email: `${code}@example.fi`,
      demo: true,
    },
  )
  return code
}
