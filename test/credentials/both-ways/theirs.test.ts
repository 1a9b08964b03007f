import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contextAddress } from '../../../src/credentials/contexts.ts'
import { credential } from '../../../src/credentials/ob3/build.ts'
import { verify } from '../../../src/credentials/verify.ts'
import { anyAward } from '../../support/any-badge.ts'
import { issuerId, now } from '../../support/award-facts.ts'
import { bytesOf, lookIn } from '../../support/badge-world.ts'
import { issueByDigitalBazaar } from '../../support/digitalbazaar.ts'
import { without } from '../../support/json.ts'

test('CONFORMANCE 3.9–3.11: what @digitalbazaar/vc signs is valid here, whatever the badge says', {
  timeout: 240_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(anyAward, async (facts) => {
      const theirs = await issueByDigitalBazaar(without(credential(facts), 'credentialStatus'), issuerId)
      const method = `${issuerId}#${theirs.publicKeyMultibase}`
      const controller = {
        '@context': [contextAddress.credentials, contextAddress.openBadges, contextAddress.controlledIdentifiers],
        id: issuerId,
        verificationMethod: [
          { id: method, type: 'Multikey', controller: issuerId, publicKeyMultibase: theirs.publicKeyMultibase },
        ],
        assertionMethod: [method],
      }
      const look = lookIn({ [issuerId]: controller })
      const { verdict, checks, credential: said } = await verify(bytesOf(theirs.signed), look, { at: now })
      expect(checks.filter(({ outcome }) => outcome !== 'passed')).toEqual([])
      expect(verdict).toBe('valid')
      expect(said).toMatchObject({ id: facts.credentialId, name: facts.badgeClass.name.slice(0, 5000) })
    }),
    { seed: 20_261_122, numRuns: 200, endOnFailure: true },
  )
})
