type Range = { readonly type: string; readonly weight: number }

/**
 * Which of the offered content types the client asks for first (RFC 9110 §12.5.1). Equal wishes and no wish at all go to the offer that
 * stands first; a client that takes none of them gets that one too, because a document that can be read beats a 406.
 */
export function askedFirst(accept: string | undefined, offers: readonly [string, ...string[]]): string {
  if (accept === undefined || offers.every((offer) => offer === offers[0])) return offers[0]
  const ranges = readRanges(accept)
  let best: { readonly offer: string; readonly weight: number } = { offer: offers[0], weight: 0 }
  for (const offer of offers) {
    const weight = weightOf(offer, ranges)
    if (weight > best.weight) best = { offer, weight }
  }
  return best.offer
}

function readRanges(accept: string): readonly Range[] {
  return accept
    .split(',')
    .slice(0, 30)
    .map((item) => {
      const [type = '', ...parameters] = item.split(';').map((piece) => piece.trim().toLowerCase())
      const weight = Number(parameters.find((piece) => piece.startsWith('q='))?.slice(2) ?? '1')
      return { type, weight: weight >= 0 && weight <= 1 ? weight : 0 }
    })
}

/** The most specific range that fits says how much the type is wanted. */
function weightOf(offer: string, ranges: readonly Range[]): number {
  const type = offer.split(';')[0] ?? offer
  for (const wanted of [type, `${type.split('/')[0]}/*`, '*/*']) {
    const range = ranges.find((one) => one.type === wanted)
    if (range) return range.weight
  }
  return 0
}
