/**
 * The same answer for the same object, worked out once. By its identity: whoever gives it must never write into it, and loses nothing when
 * it is another object that says the same (decision 16).
 */
export function oncePer<Given extends object, Answer>(work: (given: Given) => Answer): (given: Given) => Answer {
  const known = new WeakMap<Given, Answer>()
  return (given) => {
    const earlier = known.get(given)
    if (earlier !== undefined) return earlier
    const answer = work(given)
    known.set(given, answer)
    return answer
  }
}
