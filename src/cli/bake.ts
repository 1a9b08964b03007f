import { readBytes } from '../credentials/verify/read.ts'
import { Refusal } from '../refusal.ts'
import { defineCommand, exits, type Io, WrongUse } from './command.ts'
import { namedFile } from './input-file.ts'
import { writeOutputFile } from './output-file.ts'
import { type BakedTexts, bakePicture, cannot, isPicture, maxPictureBytes } from './picture.ts'

export const command = defineCommand({
  summary: 'put a badge into a PNG or SVG picture',
  usage: 'IMAGE CREDENTIAL… --out FILE [--yes]',
  help: `IMAGE is a PNG or SVG. CREDENTIAL is a signed badge: Open Badges 3.0 as JWT or JSON, Open Badges 2.0 as JWS or JSON, or both of one
award. A badge of the same version that is in the picture already is replaced, one of the other version stays.
Nothing is signed or judged here: see verify. Neither a database nor the network is used.
  --out FILE   the picture with the badge inside
  --yes        replace FILE when it is there already
- in place of IMAGE or one CREDENTIAL is standard input.`,
  examples: [
    'npm run cli -- bake picture.png out/ob3.jwt --out badge.png',
    'npm run cli -- bake picture.svg out/ob3.jwt out/ob2.jws --out badge.svg',
  ],
  options: { out: { type: 'string' }, yes: { type: 'boolean' } },
  positionals: 3,
  run: async ({ values, positionals: [image, ...credentials] }, io) => {
    if (image === undefined) throw new WrongUse('Say which picture, and which badge to put into it.')
    if (credentials.length === 0) throw new WrongUse(`Say which badge to put into ${image}.`)
    if (values.out === undefined) throw new WrongUse('Say where to write the picture: --out FILE.')
    const picture = await namedFile(image, io, maxPictureBytes)
    const texts = await textsOf(credentials, io)
    const baked = bakePicture(image, picture, texts)
    refuseUnreadable(image, baked)
    await writeOutputFile(values.out, baked, values.yes === true)
    const versions = [texts.ob3 === undefined ? [] : ['3.0'], texts.ob2 === undefined ? [] : ['2.0']]
      .flat()
      .join(' and ')
    io.err(`${values.out}: Open Badges ${versions} inside, ${baked.length} bytes.\n`)
    return exits.done
  },
})

async function textsOf(names: readonly string[], io: Io): Promise<BakedTexts> {
  const texts: { ob3?: string; ob2?: string } = {}
  for (const name of names) {
    const bytes = await namedFile(name, io, maxPictureBytes)
    const place = placeOf(name, bytes)
    if (texts[place] !== undefined)
      throw new WrongUse(
        `A picture holds one badge of each version, and ${name} is the second of Open Badges ${place === 'ob3' ? '3.0' : '2.0'}.`,
      )
    texts[place] = new TextDecoder().decode(bytes).trim()
  }
  return texts
}

/** Which place of a picture a badge belongs to. Refuses what is no badge; where it is none, the verifier's own words say why. */
function placeOf(name: string, bytes: Uint8Array): 'ob3' | 'ob2' {
  if (isPicture(bytes))
    throw new WrongUse(`${name} is a picture, not a badge. Take the badge out of it first: unbake ${name}`)
  const read = readBytes(bytes)
  if (read.outcome === 'address') throw new WrongUse(`${name} holds an address, not a badge. Give the badge itself.`)
  const { credential } = read
  switch (credential.form) {
    case 'ob3-jwt':
    case 'ob3-json':
      return 'ob3'
    case 'ob2-jws':
    case 'ob1-jws':
    case 'hosted':
      return 'ob2'
    case 'clr':
      throw new Refusal('content', `${name} is a collection of badges. Pictures carry single badges only.`)
    case 'none':
      throw cannot(`${name} cannot be baked`, credential.check.code, credential.check.values)
  }
}

/** What verifiers would not read is not written: a picture that has become too large, above all (S-44). */
function refuseUnreadable(image: string, baked: Uint8Array): void {
  const read = readBytes(baked)
  if (read.outcome !== 'credential' || read.credential.form !== 'none') return
  const { code, values } = read.credential.check
  throw cannot(`${image} with the badge inside could not be read`, code, values)
}
