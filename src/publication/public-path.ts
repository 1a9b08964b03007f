import type { Language } from '../credentials/facts.ts'
import { languages } from '../i18n/index.ts'

/** One version of a badge class in one language. */
export type BadgeClassPath = {
  readonly tenant: string
  readonly slug: string
  readonly version: number
  readonly language: Language
}

/** Forms in which a client's public badge is answered; `page` is the address without an ending. */
export type AwardForm = 'page' | 'jwt' | 'json' | 'png' | 'svg' | 'ob2'

export type AwardPath = {
  readonly kind: 'award'
  readonly tenant: string
  readonly publicId: string
  readonly form: AwardForm
}

/** A school's endorsement. */
export type EndorsementPath = { readonly kind: 'endorsement'; readonly tenant: string; readonly id: string }

/** What an address of ours asks for (DESIGN, Public addresses). */
export type PublicPath =
  | { readonly kind: 'key-set' }
  | { readonly kind: 'issuer' | 'issuer-ob2' | 'issuer-keys' | 'did'; readonly tenant: string }
  | { readonly kind: 'history-head'; readonly tenant: string }
  | { readonly kind: 'revoked' | 'revoked-ob2'; readonly tenant: string }
  | { readonly kind: 'key' | 'key-ob2'; readonly tenant: string; readonly kid: string }
  | { readonly kind: 'status-list'; readonly tenant: string; readonly list: number }
  | ({ readonly kind: 'achievement' | 'badge-class-ob2' } & BadgeClassPath)
  | ({ readonly kind: 'picture'; readonly form: 'png' | 'svg'; readonly isSmall: boolean } & BadgeClassPath)
  | AwardPath
  | EndorsementPath

/** What an issuer has one of, by how its address ends. */
const ofIssuer: ReadonlyMap<
  string,
  'issuer' | 'issuer-ob2' | 'issuer-keys' | 'did' | 'history-head' | 'revoked' | 'revoked-ob2'
> = new Map([
  ['', 'issuer'],
  ['ob2', 'issuer-ob2'],
  ['jwks.json', 'issuer-keys'],
  ['did.json', 'did'],
  ['revoked', 'revoked'],
  ['revoked/ob2', 'revoked-ob2'],
  ['history-head', 'history-head'],
] as const)

/** The longest address we ever sign is far shorter. */
const longest = 300
const key = /^keys\/([a-z0-9-]{1,40})(\/ob2)?$/
const statusList = /^status\/([1-9]\d{0,8})$/
const endorsement = /^endorsements\/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/
const badgeClass = /^badges\/([a-z0-9]+(?:-[a-z0-9]+)*)\/([1-9]\d{0,8})\/(fi|sv|en)(|\/ob2|\.png|\.svg)(\?size=128)?$/
const award = /^\/b\/(([0-9a-z]{4})[0-9A-Za-z]{22})(|\.jwt|\.json|\.png|\.svg|\/ob2)$/
const issuer = /^\/o\/([0-9a-z]{4})(?:\/(.+))?$/

/**
 * Reads a path, without origin, as one of our public addresses. There is one spelling of each: anything else is undefined. The only query
 * is `?size=128` behind a picture, for pages that show it small.
 */
export function parsePublicPath(path: string): PublicPath | undefined {
  if (path.length > longest) return undefined
  if (path === '/.well-known/jwks.json') return { kind: 'key-set' }
  const ofAward = award.exec(path)
  if (ofAward) return awardPath(ofAward)
  const [, tenant, rest = ''] = issuer.exec(path) ?? []
  return tenant === undefined ? undefined : issuerPath(tenant, rest)
}

function awardPath([, publicId = '', tenant = '', ending = '']: RegExpExecArray): AwardPath {
  return { kind: 'award', tenant, publicId, form: formOf(ending) }
}

function formOf(ending: string): AwardForm {
  switch (ending) {
    case '.jwt':
      return 'jwt'
    case '.json':
      return 'json'
    case '.png':
      return 'png'
    case '.svg':
      return 'svg'
    case '/ob2':
      return 'ob2'
    default:
      return 'page'
  }
}

function issuerPath(tenant: string, rest: string): PublicPath | undefined {
  const kind = ofIssuer.get(rest)
  if (kind !== undefined) return { kind, tenant }
  const ofKey = key.exec(rest)
  if (ofKey) return { kind: ofKey[2] === undefined ? 'key' : 'key-ob2', tenant, kid: ofKey[1] ?? '' }
  const ofList = statusList.exec(rest)
  if (ofList) return { kind: 'status-list', tenant, list: Number(ofList[1]) }
  const ofEndorsement = endorsement.exec(rest)
  if (ofEndorsement) return { kind: 'endorsement', tenant, id: ofEndorsement[1] ?? '' }
  return badgeClassPath(tenant, rest)
}

function badgeClassPath(tenant: string, rest: string): PublicPath | undefined {
  const [, slug = '', version, word, ending, size] = badgeClass.exec(rest) ?? []
  const language = languages.find((one) => one === word)
  if (language === undefined) return undefined
  const where = { tenant, slug, version: Number(version), language }
  if (ending === '.png') return { kind: 'picture', form: 'png', isSmall: size !== undefined, ...where }
  if (ending === '.svg') return { kind: 'picture', form: 'svg', isSmall: size !== undefined, ...where }
  if (size !== undefined) return undefined
  return { kind: ending === '/ob2' ? 'badge-class-ob2' : 'achievement', ...where }
}
