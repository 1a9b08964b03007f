/** An instant as ISO 8601 in UTC without fractions, the one form in our documents (CONFORMANCE 1.2, 3.4, T5). Fractions are cut. */
export function instant(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`
}

/** The same instant as a JWT NumericDate: whole seconds (CONFORMANCE 3.4, T5). */
export function numericDate(date: Date): number {
  return Math.floor(date.getTime() / 1000)
}
