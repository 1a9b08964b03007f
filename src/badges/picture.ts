import { bakePng } from '../credentials/bake/png.ts'
import { bakeSvg } from '../credentials/bake/svg.ts'

/** The signed texts of one award. */
export type SignedTexts = { readonly ob2Jws: string; readonly ob3Jwt: string }

/**
 * The picture of a badge class with one award inside: the OB 3.0 JWT and the OB 2.0 JWS (CONFORMANCE 4.1, 4.2, 4.6). Takes the stored PNG,
 * which is copied byte for byte and never decoded. Throws `NotPng` when it is none.
 */
export function bakedPng(picture: Uint8Array, award: SignedTexts): Buffer {
  return Buffer.from(bakePng(picture, { ob3: award.ob3Jwt, ob2: award.ob2Jws }))
}

/** The same as SVG (CONFORMANCE 4.3, 4.4, 4.6). Takes the stored drawing, all lettering in paths. Throws `NotSvg` when it is none. */
export function bakedSvg(picture: string, award: SignedTexts): Buffer {
  return Buffer.from(bakeSvg(Buffer.from(picture), { ob3: award.ob3Jwt, ob2: award.ob2Jws }))
}
