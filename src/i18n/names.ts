import { z } from 'zod'

/** What nobody sees in a name: control and format characters, fillers, variation selectors, halves of characters, the blank of Braille (S-40). */
const unseen = String.raw`\p{C}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\u2800`
const hidden = new RegExp(`[${unseen}]`, 'u')

/** One form of each letter, and one plain space where several or special ones stood. */
function tidy(name: string): string {
  return name
    .normalize('NFC')
    .replaceAll(/\p{Zs}+/gu, ' ')
    .replaceAll(/^[ \t\r\n]+|[ \t\r\n]+$/g, '')
}

/** Holds a name nothing that cannot be seen? For names inside files that we read. */
export function isSeenWhole(name: string): boolean {
  return !hidden.test(name)
}

/** A name of a thing — organisation, program, badge — in any script: no control, bidirectional or invisible characters (S-40). */
export const Name = z
  .string()
  .overwrite(tidy)
  .min(1, 'Give a name')
  .max(120)
  .refine(isSeenWhole, { message: 'Leave out characters that cannot be seen', abort: true })
  .regex(/[\p{L}\p{N}]/u, 'Use at least one letter')

/** A part of a person's name: letters of any script, spaces, hyphens and apostrophes (S-40). Sámi, Greek or Arabic letters are letters. */
export const PersonNamePart = z
  .string()
  .overwrite(tidy)
  .min(1)
  .max(80)
  .refine(isSeenWhole, { message: 'Leave out characters that cannot be seen', abort: true })
  .regex(/^[\p{L}\p{M}][\p{L}\p{M} '’.-]*$/u, 'Use letters, spaces, hyphens and apostrophes only')

/**
 * Letters that look like those before them, by the reading of Unicode's confusables for Latin names (UTS #39 §4): the Greek, Cyrillic,
 * Armenian, Cherokee, Lisu, Coptic and phonetic twins of a to z. Full-width, mathematical and other compatibility forms are gone before this
 * by NFKC. Letters with marks of their own (å, č, đ, ŋ, ž) are no twins of anything.
 */
const twins = `
  aаαɑ bЬƅ cсϲᴄ dԁ eеҽ℮ fք gɡցƍ hһհ iіιıɩɪ jјϳ kкκĸ lI1|ӏӀІΙƖǀⲒꓲ nոռ oоοօᴏσჿ pрρⲣϱ qԛգ rгᴦⲅ sѕꜱƽ tтτᴛ uυսʋᴜ vνѵᴠ wѡԝɯաᴡ xхχ yуγүყʏ zᴢ
  AАΑᎪꓮ BВΒᏴꓐ CСϹᏟꓚ DᎠꓓ EЕΕᎬꓰ FϜꓝ GԌᏀꓖ HНΗᎻꓧⲎ JЈͿᎫꓙ KКΚᏦꓗⲔ LᏞꓡⳐ MМΜϺᎷꓟⲘ NΝꓠⲚ O0ОΟՕⲞꓳ PРΡᏢꓑⲢ QԚ RᎡꓣ SЅՏᏚꓢ TТΤᎢꓔⲦ UՍꓴ VѴᏙꓦ WԜᎳꓪ
  XХΧꓫⲬ YУΥҮᎩꓬⲨ ZΖᏃꓜⲌ -‐‑‒–—−⁃ '’‘ʼʹ′\`´`
const prototypes: ReadonlyMap<string, string> = new Map(
  twins.split(/\s+/).flatMap((group) => {
    const [prototype = '', ...others] = Array.from(group)
    return others.map((other) => [other, prototype] as const)
  }),
)

/** What a name looks like (S-40): two with one skeleton cannot be told apart by eye. For comparing only. */
export function skeleton(name: string): string {
  const letters = Array.from(name.normalize('NFKC').normalize('NFD')).filter((letter) => !hidden.test(letter))
  return letters
    .map((letter) => prototypes.get(letter) ?? letter)
    .join('')
    .replaceAll('m', 'rn')
    .replaceAll(/\p{Zs}+/gu, ' ')
    .trim()
}

/** Would a person take one name for the other? Capital and small letters count as the same. */
export function looksLike(one: string, other: string): boolean {
  const forms = [one, one.toLowerCase(), one.toUpperCase()]
  const others = [other, other.toLowerCase(), other.toUpperCase()]
  return forms.some((form, index) => skeleton(form) === skeleton(others[index] ?? ''))
}
