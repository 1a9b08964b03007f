import type { z } from 'zod'
import type { Fault } from '../faults.ts'
import { isJsonObject } from '../json.ts'
import type { Json, JsonObject } from '../json.ts'
import { checkMembers, readMembers } from '../member-set.ts'
import { checkPrivateText } from '../private-text.ts'
import { checkSchema, schemaAddress } from '../schemas.ts'
import { type Payload, payloadOf } from '../strict-json.ts'
import { statusListLength } from '../status-list.ts'
import { achievementMembers, credentialMembers, issuerMembers, membersAroundRight } from './members.ts'

const reference = (pointer: string, detail: string): Fault => ({ pointer, code: 'reference', detail })

function checkReferences(document: z.infer<typeof credentialMembers>): readonly Fault[] {
  const { issuer, credentialSubject, credentialStatus: status } = document
  const { achievement, result } = credentialSubject
  const [scale] = achievement.resultDescription
  const levels = scale.rubricCriterionLevel.map((level) => level.id)
  const list = status.statusListCredential
  const found: (Fault | false)[] = [
    result[0].resultDescription !== scale.id &&
      reference('/credentialSubject/result/0/resultDescription', 'Not a result description of this achievement'),
    !levels.includes(result[0].achievedLevel) &&
      reference('/credentialSubject/result/0/achievedLevel', 'Not a level of this achievement'),
    !levels.includes(scale.requiredLevel) &&
      reference('/credentialSubject/achievement/resultDescription/0/requiredLevel', 'Not a level of this achievement'),
    !achievement.id.startsWith(`${issuer.id}/badges/`) &&
      reference('/credentialSubject/achievement/id', 'The achievement is not of this issuer'),
    ...foreignEndorsements(achievement).map((place) =>
      reference(`/credentialSubject/achievement/endorsement/${place}`, 'Endorses something else'),
    ),
    !list.startsWith(`${issuer.id}/status/`) &&
      reference('/credentialStatus/statusListCredential', 'The status list is not of this issuer'),
    status.id !== `${list}#${status.statusListIndex}` &&
      reference('/credentialStatus/id', 'Not the address of this place in the list'),
    Number(status.statusListIndex) >= statusListLength &&
      reference('/credentialStatus/statusListIndex', 'Outside the status list'),
    document.inLanguage !== achievement.inLanguage &&
      reference('/inLanguage', 'The credential and its achievement are in different languages'),
    new Set([document.id, credentialSubject.id, document.evidence[1].id]).size < 3 &&
      reference('/id', 'Credential, recipient and 2.0 Assertion need ids of their own'),
    document.validUntil !== undefined &&
      document.validUntil <= document.validFrom && {
        pointer: '/validUntil',
        code: 'date',
        detail: 'Ends before it begins',
      },
    document.awardedDate > document.validFrom && {
      pointer: '/awardedDate',
      code: 'date',
      detail: 'Awarded after it begins to hold',
    },
  ]
  return found.filter((fault) => fault !== false)
}

type Endorsed = {
  readonly id: string
  readonly endorsement?: readonly { readonly credentialSubject: { readonly id: string } }[] | undefined
}

/** The places of endorsements that are of something else than what carries them (CONFORMANCE 9.6). */
function foreignEndorsements({ id, endorsement = [] }: Endorsed): readonly number[] {
  return endorsement.flatMap((one, place) => (one.credentialSubject.id === id ? [] : [place]))
}

/** Endorsements are their endorsers' words, looked at before those signed; each names its endorser's own e-mail address. */
function withoutEndorsements(achievement: Json | undefined): JsonObject {
  if (!isJsonObject(achievement)) return {}
  const { endorsement: _theirs, ...own } = achievement
  return own
}

/** Achievements in which nothing was found, each with its issuer's e-mail address: all awards of a class have the same one (decision 16). */
const clean = new WeakMap<JsonObject, Json | undefined>()

/** What is looked at in a credential of ours, part by part. */
type Parts = { readonly achievement: Json | undefined; readonly email: Json | undefined; readonly isKnown: boolean }

function partsOf({ issuer, credentialSubject: subject }: JsonObject): Parts {
  const email = isJsonObject(issuer) ? issuer['email'] : undefined
  const achievement = isJsonObject(subject) ? subject['achievement'] : undefined
  const isKnown = isJsonObject(achievement) && clean.has(achievement) && clean.get(achievement) === email
  return { achievement, email, isKnown }
}

function checkOwnText(document: JsonObject, { achievement, email, isKnown }: Parts): readonly Fault[] {
  const { credentialSubject: subject } = document
  if (!isJsonObject(subject)) return checkPrivateText(document, email)
  const own = { ...subject, achievement: isKnown ? {} : withoutEndorsements(achievement) }
  return checkPrivateText({ ...document, credentialSubject: own }, email)
}

/** S-26: a badge that no verifier would read is no use to its holder. A little is left for a proof. */
const maxBytes = 64 * 1024 - 2048

/**
 * Faults of an OB 3.0 credential of ours, before a key is used (S-24): the specification's JSON Schema, the exact members we
 * write, contexts in order, dates, arrays, identifiers and what they refer to, size, texts (CONFORMANCE 2, 7.2, 9, T1, T2, T8; S-26).
 * `signed`: what will be signed of it, which is the credential with its claims.
 */
export function checkCredential(document: JsonObject, signed: Payload = payloadOf(document)): readonly Fault[] {
  const parts = partsOf(document)
  const members = readMembers(parts.isKnown ? membersAroundRight : credentialMembers, document)
  const isTooLarge = signed.bytes.length > maxBytes
  const faults = [
    ...(isTooLarge ? [{ pointer: '', code: 'shape', detail: 'Larger than a verifier reads' } as const] : []),
    ...(checkSchema(schemaAddress.achievementCredential, signed.document) ?? []),
    ...(members.right ? checkReferences(members.document) : members.faults),
    ...checkOwnText(document, parts),
  ]
  if (faults.length === 0 && isJsonObject(parts.achievement)) clean.set(parts.achievement, parts.email)
  return faults
}

/** Faults of an achievement as its address answers it (CONFORMANCE 2.4, 9.1–9.7). */
export function checkAchievement(document: JsonObject): readonly Fault[] {
  const members = readMembers(achievementMembers, document)
  const ofMembers = members.right
    ? foreignEndorsements(members.document).map((place) =>
        reference(`/endorsement/${place}`, 'Endorses something else'),
      )
    : members.faults
  return [...ofMembers, ...checkPrivateText(withoutEndorsements(document))]
}

/** Faults of the issuer document: Profile schema, exact members, texts (CONFORMANCE 2.3, T18). */
export function checkIssuerDocument(document: JsonObject): readonly Fault[] {
  return [
    ...(checkSchema(schemaAddress.profile, document) ?? []),
    ...checkMembers(issuerMembers, document),
    ...checkPrivateText(document, document['email']),
  ]
}
