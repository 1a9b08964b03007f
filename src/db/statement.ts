/** What a statement takes as a value; `pg` writes each as PostgreSQL reads it. */
export type Value = string | number | boolean | null | Date | Buffer | readonly string[]

/** One hot statement: its text is the same at every call, so that the connection keeps its plan under the name. */
export type Statement<Row> = {
  readonly name: string
  readonly text: string
  readonly values: readonly Value[]
  /** Only for the compiler: what a row is. */
  readonly rows?: readonly Row[]
}

const texts = new WeakMap<TemplateStringsArray, string>()

/**
 * A statement by name, with its values as parameters: `statement<Row>('award.read')` before a template. For the few that are asked with every
 * award and every request: the text is put together once, and planning, which costs more than running it where a dozen tables are joined
 * under row-level security, is done once for each connection. It names its columns, because a kept plan must not meet another result when
 * a migration adds one. Everything else is Kysely's.
 */
export function statement<Row>(
  name: string,
): (strings: TemplateStringsArray, ...values: readonly Value[]) => Statement<Row> {
  return (strings, ...values) => {
    const text = texts.get(strings) ?? strings.reduce((made, part, index) => `${made}$${index}${part}`)
    texts.set(strings, text)
    return { name, text, values }
  }
}
