import { randomBytes } from 'node:crypto'
import { embeddedDocument, sign, signEmbedded } from '../../src/credentials/issue.ts'
import { emailRecipient } from '../../src/credentials/recipient-change.ts'
import { type Change, prepareAgain } from '../../src/credentials/reissue.ts'
import { edKey, rsaKey } from './award-facts.ts'
import { type Badges, badgesOf } from './badge-world.ts'

/** When the recipient of the badge was changed. */
export const changedAt = new Date('2026-11-22T10:30:00Z')

/** The award of `badgesOf` signed anew with another recipient. */
async function badgesWith(change: Change, before: Badges): Promise<Badges> {
  const keys = { ob2: rsaKey.kid, ob3: rsaKey.kid }
  const prepared = prepareAgain({ ob2Jws: before.ob2, ob3Jwt: before.ob3 }, { validFrom: changedAt, keys, change })
  const { ob2Jws, ob3Jwt } = await sign(prepared, rsaKey)
  return { ob2: ob2Jws, ob3: ob3Jwt, json: await signEmbedded(embeddedDocument(ob3Jwt), edKey, changedAt) }
}

/** The same award with the hash of this e-mail address. */
export async function markedBadges(email: string): Promise<Badges> {
  const newSalt = (): string => randomBytes(16).toString('hex')
  return await badgesWith(emailRecipient(email, newSalt), await badgesOf())
}
