import type { Json, JsonObject } from '../json.ts'
import { isJsonObject } from '../json.ts'
import type { CredentialSummary } from '../verdict.ts'
import { idOf, listOf, textOf } from './members.ts'
import { ob1InstantOf, ob1IssuedOf } from './ob1-dates.ts'
import type { Ob1Chain } from './ob1-documents.ts'
import { maxText, present } from './summary.ts'
import { httpUrl } from './world.ts'

/** 0.5 wrote addresses below the issuer's origin. */
export function absolute(address: Json | undefined, base: string | undefined): string | undefined {
  if (typeof address !== 'string' || address.startsWith('data:')) return undefined
  return URL.parse(address, base)?.href
}

function instantText(value: Json | undefined): string | undefined {
  const instant = ob1InstantOf(value)
  return instant === undefined ? undefined : new Date(instant).toISOString()
}

function alignmentsOf(value: Json | undefined): CredentialSummary['alignments'] {
  return listOf(value)
    .filter(isJsonObject)
    .slice(0, 100)
    .map((one) => ({
      targetName: (textOf(one, 'name') ?? '').slice(0, maxText),
      targetUrl: textOf(one, 'url') ?? '',
    }))
}

/** What an old badge says, for showing beside the verdict (CONFORMANCE 6.9, 6.11). Nothing here is trusted. */
export function summaryOfOb1(
  assertion: JsonObject,
  format: 'ob1-jws' | 'ob1-json',
  address: string,
  chain: Partial<Ob1Chain>,
): CredentialSummary {
  const { badgeClass = {}, issuerDocument = {}, issuerId = '' } = chain
  const issued = instantText(ob1IssuedOf(assertion))
  return {
    format,
    id: textOf(assertion, 'id') ?? textOf(assertion, 'uid') ?? address,
    name: (textOf(badgeClass, 'name') ?? '').slice(0, maxText),
    issuer: { id: issuerId, ...present({ name: textOf(issuerDocument, 'name'), host: httpUrl(issuerId)?.host }) },
    alignments: alignmentsOf(badgeClass['alignment']),
    ...present({
      description: textOf(badgeClass, 'description'),
      criteria: absolute(badgeClass['criteria'], issuerId),
      image: absolute(idOf(assertion['image']) ?? idOf(badgeClass['image']), issuerId),
      awardedOn: issued,
      validFrom: issued,
      validUntil: instantText(assertion['expires']),
    }),
  }
}
