import { isJsonObject } from './json.ts'
import type { JsonObject } from './json.ts'
import { identityHash } from './ob2/build.ts'
import type { AwardDocuments, Change } from './reissue.ts'
import { checkOb2Recipient, checkOb3Recipient } from './verify/recipient.ts'

/** Gives a salt of 128 random bits as hex, another each time: every credential has its own (CONFORMANCE 5.5). */
export type NewSalt = () => string

/**
 * The salted hash of an e-mail address as recipient (DESIGN, Recipient): instead of the urn's in OB 2.0, as an `identifier` beside the urn in
 * OB 3.0 (CONFORMANCE 1.10, 2.4, 5.1–5.3). The address is hashed trimmed and in lower case (CONFORMANCE 5.4) and stands nowhere.
 */
export function emailRecipient(email: string, newSalt: NewSalt): Change {
  const written = email.trim().toLowerCase()
  return ({ assertion, credential }) => {
    const [ob2Salt, ob3Salt] = [newSalt(), newSalt()]
    const identifier = {
      // A text here, unlike every other type (CONFORMANCE 5.2).
      type: 'IdentityObject',
      hashed: true,
      identityHash: identityHash(written, ob3Salt),
      identityType: 'emailAddress',
      salt: ob3Salt,
    }
    return {
      assertion: { ...assertion, recipient: hashedRecipient('email', written, ob2Salt) },
      credential: withSubject(credential, ({ id = '', ...others }) => ({ id, identifier: [identifier], ...others })),
    }
  }
}

/** The urn of the award alone as recipient, as every award begins (DESIGN, Recipient); in OB 2.0 with a new salt. */
export function urnRecipient(newSalt: NewSalt): Change {
  return ({ assertion, credential }) => {
    const { id } = subjectOf(credential)
    if (typeof id !== 'string') throw new TypeError('A credential of ours has a subject with an id')
    return {
      assertion: { ...assertion, recipient: hashedRecipient('url', id, newSalt()) },
      credential: withSubject(credential, ({ identifier: _email, ...others }) => others),
    }
  }
}

/** Do the documents carry the hash of an e-mail address? */
export function carriesEmail({ assertion }: Pick<AwardDocuments, 'assertion'>): boolean {
  const { recipient } = assertion
  return isJsonObject(recipient) && recipient['type'] === 'email'
}

/** Do both documents carry the hash of just this address? */
export function carriesThisEmail({ assertion, credential }: AwardDocuments, email: string): boolean {
  const checks = [checkOb2Recipient(assertion, email), checkOb3Recipient(credential, email)]
  return checks.every(({ outcome }) => outcome === 'passed')
}

function hashedRecipient(type: 'email' | 'url', identity: string, salt: string): JsonObject {
  return { type, hashed: true, salt, identity: identityHash(identity, salt) }
}

function subjectOf(credential: JsonObject): JsonObject {
  const subject = credential['credentialSubject']
  return isJsonObject(subject) ? subject : {}
}

function withSubject(credential: JsonObject, change: (subject: JsonObject) => JsonObject): JsonObject {
  return { ...credential, credentialSubject: change(subjectOf(credential)) }
}
