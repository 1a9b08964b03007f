/**
 * What many people build passwords of, in Finnish, Swedish and English: words, keyboard rows, the year's times, and this service itself.
 * Longest first, so that `password` is not read as `pass` and a rest.
 */
const parts = `
  password passwort passord passphrase salasana salainen salaisuus losenord lösenord pass word osaamispassi osaaminen
  osaamis passi paja työpaja saatio säätiö valmentaja valmennus koordinaattori tervetuloa welcome valkommen välkommen
  login kirjaudu letmein changeme change please secret default administrator admin administrador yllapitaja ylläpitäjä
  root guest user kayttaja käyttäjä master test testi demo qwertyuiop qwertyui qwerty qwertz azerty asdfghjkl asdfgh
  asdf zxcvbnm zxcvbn zxcv qazwsxedc qazwsx qaz wsx edc qwe asd zxc abcdefghijklmnopqrstuvwxyz abcdefgh abcdef abcd
  abc xyz suomi finland helsinki oulu rovaniemi lappi sverige svenska perkele vittu saatana hevonen koira kissa
  kesäkuu heinäkuu joulukuu tammikuu kesä kesa talvi kevät kevat syksy joulu juhannus summer winter spring autumn
  sommar vinter maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai monday friday sunday rakkaus rakas
  iloveyou ilove love minä mina sinä sina you kulta äiti aiti isä isa football jalkapallo jaakiekko jääkiekko hockey
  baseball dragon monkey sunshine princess superman batman starwars pokemon minecraft shadow michael jennifer whatever
  trustno computer internet google facebook microsoft windows nokia samsung my the is on ja och and mun
`
  .trim()
  .split(/\s+/)
  .toSorted((a, b) => b.length - a.length)

/** Signs that people put in place of letters. */
const lookAlikes: Readonly<Record<string, string>> = {
  '@': 'a',
  4: 'a',
  3: 'e',
  1: 'i',
  '!': 'i',
  0: 'o',
  $: 's',
  5: 's',
  7: 't',
}

/** What a guesser may know of the person: parts of the sign-in name count like common words. */
function known(about: readonly string[]): readonly string[] {
  return about
    .flatMap((text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u))
    .filter((word) => word.length >= 3)
    .toSorted((a, b) => b.length - a.length)
}

/**
 * Would a guesser try this early (S-17)? True when nothing of at least four letters or digits is left after common words, the person's own
 * names, numbers that count or repeat, years and signs are taken away; also with signs in place of letters (`S4l4s4n4-2026!`).
 */
export function isCommonPassword(password: string, about: readonly string[] = []): boolean {
  const plain = password.normalize('NFKC').toLowerCase()
  const core = plain.replaceAll(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
  if (new Set(plain).size <= 4) return true
  const words = [...known(about), ...parts]
  return [plain, spelled(plain), spelled(core)].some((text) => rest(text, words).length < 4)
}

function spelled(text: string): string {
  return Array.from(text, (sign) => lookAlikes[sign] ?? sign).join('')
}

/** What is left when all that is common is gone. Taken out with a space, so that what stood apart does not grow together. */
function rest(text: string, words: readonly string[]): string {
  const without = words.reduce((left, word) => left.replaceAll(word, ' '), text)
  return without
    .replaceAll(/(?:19|20)\d\d/g, ' ')
    .replaceAll(/\d+/g, (digits) => (isGuessable(digits) ? ' ' : digits))
    .replaceAll(/(.)\1{2,}/g, ' ')
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
}

/** Short numbers, and numbers that count up, count down or repeat. */
function isGuessable(digits: string): boolean {
  if (digits.length <= 3) return true
  const numbers = Array.from(digits, Number)
  const steps = new Set(numbers.slice(1).map((digit, index) => (digit - (numbers[index] ?? 0) + 10) % 10))
  return steps.size === 1 || /^(\d{1,4})\1+\d{0,3}$/.test(digits)
}
