import { bakePng } from '../credentials/bake/png.ts'

/** The signed texts of one award. */
export type SignedTexts = { readonly ob2Jws: string; readonly ob3Jwt: string }

/**
 * The picture of a badge class with one award inside: the OB 3.0 JWT and the OB 2.0 JWS (CONFORMANCE 4.1, 4.2, 4.6). Takes the stored PNG,
 * which is copied byte for byte and never decoded. Throws `NotPng` when it is none.
 */
export function bakedPng(picture: Uint8Array, award: SignedTexts): Buffer {
  return Buffer.from(bakePng(picture, { ob3: award.ob3Jwt, ob2: award.ob2Jws }))
}

const opening = /^<svg((?:\s+[\w:-]+="[^"<]*")*)\s*>/

/**
 * The same as SVG: the OB 3.0 JWT in the first child, by its attribute (CONFORMANCE 4.3). Takes our own drawn picture only; a JWT has no
 * character that means anything in XML. Throws when the text does not begin as `drawBadge` makes it.
 */
export function bakedSvg(picture: string, ob3Jwt: string): string {
  const [whole, attributes] = opening.exec(picture) ?? []
  if (whole === undefined || !/^[\w.-]+$/.test(ob3Jwt)) throw new TypeError('Only our own picture and JWT are baked')
  const credential = `<openbadges:credential verify="${ob3Jwt}"/>`
  return `<svg xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"${attributes}>${credential}${picture.slice(whole.length)}`
}
