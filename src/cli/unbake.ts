import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { defineCommand, exits, WrongUse } from './command.ts'
import { namedFile } from './input-file.ts'
import { writeOutputFile } from './output-file.ts'
import { maxPictureBytes, unbakePicture } from './picture.ts'

const formats = ['ob3', 'ob2'] as const
type Format = (typeof formats)[number]

export const command = defineCommand({
  summary: 'take the badge out of a PNG or SVG picture',
  usage: 'FILE [--out FILE or FOLDER] [options]',
  help: `Prints the badge exactly as it is in the picture; of two the Open Badges 3.0 one first, each on a line of its own.
Nothing is judged here: see verify. Neither a database nor the network is used.
  --out FILE        write it there instead; a FOLDER gets ob3.jwt or ob3.json, and ob2.jws, ob2.json or ob2.txt (an address)
  --format ob3|ob2  only this one of two
  --yes             replace what is there already
- in place of FILE is standard input. Ends with 1 when there is no badge inside.`,
  examples: [
    'npm run cli -- unbake out/badge.png --format ob3 --out badge.jwt',
    'npm run cli -- unbake badge.svg --format ob2 | npm run cli -- verify -',
  ],
  options: { out: { type: 'string' }, format: { type: 'string' }, yes: { type: 'boolean' } },
  positionals: 1,
  run: async ({ values, positionals: [file] }, io) => {
    if (file === undefined) throw new WrongUse('Say which picture, or - for standard input.')
    const wanted = formatOf(values.format)
    const texts = unbakePicture(file, await namedFile(file, io, maxPictureBytes))
    const found = formats.flatMap((format) => {
      const text = texts[format]
      return text === undefined || (wanted !== undefined && format !== wanted) ? [] : [{ format, text }]
    })
    if (wanted !== undefined && found.length === 0) {
      io.err(`There is no badge of the format ${wanted} in ${file}, but one of the other.\n`)
      return exits.negative
    }
    if (values.out === undefined) {
      io.out(found.map(({ text }) => `${text}\n`).join(''))
      return exits.done
    }
    for (const { name, text } of await named(found, values.out, file)) {
      await writeOutputFile(name, text, values.yes === true)
      io.err(`${name}\n`)
    }
    return exits.done
  },
})

function formatOf(text: string | undefined): Format | undefined {
  const format = formats.find((one) => one === text)
  if (text !== undefined && format === undefined) throw new WrongUse(`--format: give one of ${formats.join(', ')}.`)
  return format
}

type Found = { readonly format: Format; readonly text: string }

/** Each text and the file that it goes to. */
async function named(
  found: readonly Found[],
  out: string,
  file: string,
): Promise<readonly { readonly name: string; readonly text: string }[]> {
  const isFolder = await stat(out).then(
    (it) => it.isDirectory(),
    () => false,
  )
  if (isFolder) return found.map(({ format, text }) => ({ name: join(out, `${format}.${ending(format, text)}`), text }))
  if (found.length > 1)
    throw new WrongUse(`There are two badges in ${file}. Say which one by --format, or give a folder that is there.`)
  return found.map(({ text }) => ({ name: out, text }))
}

function ending(format: Format, text: string): string {
  if (text.startsWith('{')) return 'json'
  if (/^https?:/.test(text)) return 'txt'
  return format === 'ob3' ? 'jwt' : 'jws'
}
