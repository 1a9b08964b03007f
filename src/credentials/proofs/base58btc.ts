const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const digitOf: ReadonlyMap<string, number> = new Map(Array.from(alphabet, (letter, digit) => [letter, digit]))

// Divides the number by its new base again and again; leading zero bytes become leading '1's and back.
function convert(digits: readonly number[], from: number, to: number): number[] {
  const result: number[] = []
  for (const digit of digits) {
    let carry = digit
    for (let place = 0; place < result.length; place++) {
      carry += (result[place] ?? 0) * from
      result[place] = carry % to
      carry = Math.floor(carry / to)
    }
    while (carry > 0) {
      result.push(carry % to)
      carry = Math.floor(carry / to)
    }
  }
  const zeros = digits.findIndex((digit) => digit !== 0)
  const leading = zeros === -1 ? digits.length : zeros
  return [...Array.from({ length: leading }, () => 0), ...result.reverse()]
}

/** Bytes to base58btc, without the multibase `z`. */
export function encodeBase58btc(bytes: Uint8Array): string {
  return convert([...bytes], 256, 58)
    .map((digit) => alphabet.charAt(digit))
    .join('')
}

/** base58btc, without the multibase `z`, to bytes; undefined when a letter is not of the alphabet or the text is longer than `most`. */
export function decodeBase58btc(text: string, most = 200): Uint8Array | undefined {
  // The work grows with the square of the length; a signature has 88 letters.
  if (text.length > most) return undefined
  const digits: number[] = []
  for (const letter of text) {
    const digit = digitOf.get(letter)
    if (digit === undefined) return undefined
    digits.push(digit)
  }
  return Uint8Array.from(convert(digits, 58, 256))
}
