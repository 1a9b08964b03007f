import { isPng } from '../credentials/bake/png.ts'
import type { CheckCode, Verdict } from '../credentials/verdict.ts'
import { readBytes } from '../credentials/verify/read.ts'

type Given = 'address' | 'picture' | 'signed' | 'other'

/**
 * What ends the reading of something that is no badge, by what was given. A page is taken for a drawing, and a text with a full stop for a
 * signed one; a text that begins as a signed one does is never "no badge", because a changed badge ends in the same ways.
 */
const noBadge: Readonly<Record<Given, readonly CheckCode[]>> = {
  address: ['badge-not-at-address', 'unknown-format', 'not-a-badge', 'not-baked', 'svg-broken', 'svg-doctype'],
  picture: ['not-baked'],
  signed: [],
  other: [
    'empty',
    'unknown-format',
    'not-json',
    'not-a-badge',
    'svg-broken',
    'svg-doctype',
    'jws-not-three-parts',
    'jws-not-canonical',
    'jws-header-unreadable',
  ],
}

/**
 * Was there no badge in what was given? Then nothing is said of any badge's being genuine. Only of what was given itself, or lies at the
 * address that was given: a badge whose own address leads nowhere is one that cannot be accepted.
 */
export function hasNoBadge(given: Uint8Array, { verdict, checks }: Verdict): boolean {
  const [check] = checks
  if (verdict !== 'invalid' || check?.id !== 'format' || checks.length > 1) return false
  const read = readBytes(given)
  if (read.outcome === 'address') return noBadge.address.includes(check.code)
  return read.credential.form === 'none' && noBadge[kindOf(given)].includes(check.code)
}

function kindOf(given: Uint8Array): Given {
  const text = textOf(given)
  if (isPng(given) || text.includes('<svg')) return 'picture'
  // RFC 7515 §3.3: the header is a JSON object, and its encoding begins so.
  return text.startsWith('eyJ') ? 'signed' : 'other'
}

/** `merkit.example/b/1`: an address, but for its beginning. */
export function isAddressWithoutScheme(text: string): boolean {
  return /^(?!eyJ)[a-z\d-]+(?:\.[a-z\d-]+)+(?::\d+)?(?:[/?#]\S*)?$/i.test(text.trim())
}

/** The token in the link of a page that a person shows here (`/j/…`), with its beginning or without; undefined when it is no such link. */
export function sharedToken(pagesOrigin: string, given: Uint8Array): string | undefined {
  if (given.length > 2048) return undefined
  const address = textOf(given).replace(/^https?:\/\//i, '')
  const start = `${new URL(pagesOrigin).host}/j/`
  if (address.slice(0, start.length).toLowerCase() !== start) return undefined
  return /^[\w-]+(?=$|[/?#])/.exec(address.slice(start.length))?.[0]
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8').trim()
}
