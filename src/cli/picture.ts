import { isXml } from '../credentials/bake/drawing.ts'
import { bakePng, isPng, NotPng, type Unbaked, unbakePng } from '../credentials/bake/png.ts'
import { bakeSvg, NotSvg, type UnbakedSvg, unbakeSvg } from '../credentials/bake/svg.ts'
import type { CheckCode } from '../credentials/verdict.ts'
import { checkSentence, messages } from '../i18n/index.ts'
import { Refusal } from '../refusal.ts'

/** The texts that a picture carries or is to carry, by the version that their place is for (CONFORMANCE 4.6). */
export type BakedTexts = { readonly ob3?: string; readonly ob2?: string }

/** The most that a verifier reads (S-44). */
export const maxPictureBytes = 1024 * 1024

export function isPicture(bytes: Uint8Array): boolean {
  return isPng(bytes) || isXml(bytes)
}

/** Refuses (`content`) in the words that a verdict has for the same reason. */
export function cannot(what: string, code: CheckCode, values: Readonly<Record<string, string>> = {}): Refusal {
  return new Refusal('content', `${what}: ${checkSentence(messages('en'), code, values)}`, { code })
}

function refuseOther(name: string, bytes: Uint8Array): void {
  if (!isPicture(bytes)) throw new Refusal('content', `${name} is neither PNG nor SVG.`, { code: 'unknown-format' })
}

/** Puts credentials into a PNG or SVG, whatever its name ends with. Refuses (`content`) a file that is neither or is broken. */
export function bakePicture(name: string, bytes: Uint8Array, credentials: BakedTexts): Uint8Array {
  refuseOther(name, bytes)
  try {
    return isPng(bytes) ? bakePng(bytes, credentials) : bakeSvg(bytes, credentials)
  } catch (error) {
    throw error instanceof NotPng || error instanceof NotSvg
      ? cannot(`${name} cannot be baked into`, error.code, { limit: String(maxPictureBytes) })
      : error
  }
}

/** Takes out of a PNG or SVG what is baked into it, at least one text. Refuses (`content`) what cannot be read, and a picture without one. */
export function unbakePicture(name: string, bytes: Uint8Array): BakedTexts {
  refuseOther(name, bytes)
  const baked: Unbaked | UnbakedSvg = isPng(bytes) ? unbakePng(bytes) : unbakeSvg(bytes)
  if (baked.outcome === 'fault') throw cannot(name, baked.code, baked.values)
  const { ob3 } = baked
  const ob2 = baked.ob2 ?? ('legacy' in baked ? baked.legacy : undefined)
  if (ob3 === undefined && ob2 === undefined) throw cannot(name, 'not-baked')
  return { ...(ob3 === undefined ? {} : { ob3 }), ...(ob2 === undefined ? {} : { ob2 }) }
}
