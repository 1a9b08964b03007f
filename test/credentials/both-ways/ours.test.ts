import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { signEmbedded } from '../../../src/credentials/issue.ts'
import { credential } from '../../../src/credentials/ob3/build.ts'
import { checkCredential } from '../../../src/credentials/ob3/check.ts'
import { anyAward } from '../../support/any-badge.ts'
import { edKey, issuerId, now } from '../../support/award-facts.ts'
import { publicDocuments, statusListAddress } from '../../support/badge-world.ts'
import { judgeByDigitalBazaar, type World } from '../../support/digitalbazaar.ts'
import { objectsIn } from '../../support/endorsed.ts'
import { objectAt } from '../../support/json.ts'

let world: World
beforeAll(async () => {
  const documents = objectsIn(await publicDocuments())
  world = { [issuerId]: objectAt(documents, issuerId), [statusListAddress]: objectAt(documents, statusListAddress) }
})

test('CONFORMANCE 2.5, 2.9, 3.9: @digitalbazaar/vc verifies what we sign, whatever the badge says', {
  timeout: 240_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(anyAward, async (facts) => {
      const document = credential(facts)
      expect(checkCredential(document)).toEqual([])
      const signed = await signEmbedded(document, edKey, facts.validFrom)
      expect(await judgeByDigitalBazaar(signed, world, now)).toEqual({ verified: true, revoked: false })
    }),
    { seed: 20_261_122, numRuns: 200, endOnFailure: true },
  )
})
