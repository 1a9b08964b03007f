import { pointerOf } from './faults.ts'
import type { Fault } from './faults.ts'
import type { Json } from './json.ts'

const supportLevelName = /support_?level|tukitaso|stödnivå/i
const supportLevelCode = /^(enhanced|general|minor)$/
// In the cases a sentence would use; not "yleisesti tukee", which is another matter.
const supportLevelPhrase = new RegExp(
  [
    '(?<!\\p{L})(tehostet(tu|tua|un|ulla|ussa|ulle|uksi)|(ylei|vähäi)(nen|sen|stä|sellä|sessä|selle|seksi|seen))\\s+' +
      '(tuki|tuen|tukea|tuella|tuessa|tuelle|tueksi|tuesta|tukeen)(?!\\p{L})',
    '(?<!\\p{L})(intensifiera(t|de)|allmän(t|na)|li(tet|lla)) stöd(et)?(?!\\p{L})',
    '(?<!\\p{L})(enhanced|general|minor) support(?!\\p{L})',
  ].join('|'),
  'iu',
)
const emailAddress = /[^\s@]+@[^\s@]+\.[^\s@]+/
const identityCode = /(?<![0-9A-Za-z])(\d{6})[-+A-FU-Y](\d{3})([0-9A-FHJ-NPR-Y])(?![0-9A-Za-z])/g
const identityCheckLetters = '0123456789ABCDEFHJKLMNPRSTUVWXY'

function holdsIdentityCode(text: string): boolean {
  return [...text.matchAll(identityCode)].some(
    ([, birth = '', serial = '', check]) => identityCheckLetters[Number(birth + serial) % 31] === check,
  )
}

// Identifiers are made by us of random and fixed parts; the patterns for sentences would find things in their digits.
const isAddress = (text: string): boolean => /^(urn:|https?:\/\/)\S+$/.test(text)

// Every text of every award is looked at, so what cannot be a find is passed over at once.
const suspicious = /@|\d{6}|level|support|tuk|tuen|tuel|tues|stöd|enhanced|general|minor/i

/** Texts of the last documents that held nothing: a badge class's are the same in every award. Small, and nothing is lost with it. */
const clean = new Set<string>()
const keptAtMost = 5000
/** What is drawn or counted for one award alone: an id, a salt, a hash, an instant. It holds no words, and is not worth keeping. */
const ofOneAward = /^(?:urn:uuid:[0-9a-f-]{36}|(?:sha256\$)?[0-9a-f]{32,64}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)$/

function isClean(text: string): boolean {
  if (clean.has(text) || ofOneAward.test(text)) return true
  if (suspicious.test(text)) return false
  if (clean.size >= keptAtMost) clean.clear()
  clean.add(text)
  return true
}

function secretsIn(text: string): readonly string[] {
  if (isClean(text)) return []
  const sentence = !isAddress(text)
  const found: (string | false)[] = [
    (supportLevelName.test(text) || supportLevelCode.test(text) || supportLevelPhrase.test(text)) && 'a support level',
    sentence && holdsIdentityCode(text) && 'a personal identity code',
    sentence && emailAddress.test(text) && 'an e-mail address',
  ]
  return found.filter((what) => what !== false)
}

function holdsSecret(document: Json | undefined, issuerEmail: Json | undefined): boolean {
  if (typeof document === 'string') return document !== issuerEmail && secretsIn(document).length > 0
  if (typeof document !== 'object' || document === null) return false
  return Object.values(document).some((value: Json) => holdsSecret(value, issuerEmail))
}

function faultsAt(document: Json, issuerEmail: Json | undefined, path: readonly PropertyKey[]): readonly Fault[] {
  if (typeof document === 'string') {
    if (document === issuerEmail) return []
    return secretsIn(document).map((what) => ({
      pointer: pointerOf(path),
      code: 'private-text',
      detail: `The text holds ${what}`,
    }))
  }
  if (typeof document !== 'object' || document === null) return []
  return Object.entries(document).flatMap(([member, value]) => faultsAt(value, issuerEmail, [...path, member]))
}

/**
 * Looks at every text of a document for what must never be in a badge: a support level, a personal identity code, an e-mail
 * address other than the issuer's own (DOMAIN 9.3, 9.5; DESIGN, Rules that settle disputes). Gives a fault for each.
 */
export function checkPrivateText(document: Json, issuerEmail?: Json): readonly Fault[] {
  // The places are worked out only for a document that has something to tell.
  return holdsSecret(document, issuerEmail) ? faultsAt(document, issuerEmail, []) : []
}
