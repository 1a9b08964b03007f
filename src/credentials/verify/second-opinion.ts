import type { Json } from '../json.ts'
import type { Check, Learnt, SecondOpinion } from '../verdict.ts'
import { failed, notChecked, passed } from './checks.ts'
import { httpUrl, type World } from './world.ts'

/** What another validator is asked about. */
export type OpinionQuestion = {
  /** The JWS, or the text of the hosted Assertion. */
  readonly badge: string
  /** It insists that they are there. Nobody opens them. */
  readonly pictures: readonly (Json | undefined)[]
  /** Did our own checks find that the badge is its issuer's? If not there is nothing to ask. */
  readonly isProven: boolean
}

const nothing = new Uint8Array()

/** Of a picture only its type is handed on. */
function handedOver(learnt: Learnt): Learnt {
  return learnt.contentType.toLowerCase().startsWith('image/') ? { ...learnt, body: nothing } : learnt
}

/**
 * What another validator says of an old badge, after our own checks, from what they found and never alone (S-29; DESIGN, Rules that settle
 * disputes). The check is told and never counted: `verdictWordOf` leaves it out.
 */
export async function checkSecondOpinion(
  { badge, pictures, isProven }: OpinionQuestion,
  opinion: SecondOpinion | undefined,
  world: World,
): Promise<Check> {
  if (opinion === undefined || !isProven) return notChecked('second-opinion', 'second-opinion-not-asked')
  for (const picture of pictures) {
    if (typeof picture === 'string' && httpUrl(picture) !== undefined) await world.ask(picture, 'picture')
  }
  const answer = await opinion(badge, world.learnt().map(handedOver))
  if (answer.outcome === 'none') return notChecked('second-opinion', 'second-opinion-not-given', { why: answer.why })
  return answer.outcome === 'good'
    ? passed('second-opinion', 'second-opinion-good')
    : failed('second-opinion', 'second-opinion-bad', { why: answer.why })
}
