const pattern = /(?<![0-9a-z])(\d{6})[-+A-FU-Y](\d{3})([0-9A-FHJ-NPR-Y])(?![0-9a-z])/gi
const checkCharacters = '0123456789ABCDEFHJKLMNPRSTUVWXY'

/**
 * Does the text hold a Finnish personal identity code (henkilötunnus)? They are not collected (DOMAIN §9.5): a form refuses one in its
 * free text. The check character must fit, so that other numbers pass.
 */
export function hasIdentityCode(words: string): boolean {
  return [...words.normalize('NFKC').matchAll(pattern)].some(([, day = '', number = '', check = '']) => {
    return checkCharacters[Number(`${day}${number}`) % 31] === check.toUpperCase()
  })
}
