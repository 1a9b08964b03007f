/** What a statement takes as a value; `pg` writes each as PostgreSQL reads it. */
export type Value = string | number | boolean | null | Date | Buffer | readonly string[]

/** A part of a statement's text that is the same at every call: a rule that other statements share. Never anything that came from outside. */
export type Fixed = { readonly fixed: string }

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
 * a migration adds one (R-11). Everything else is Kysely's.
 */
export function statement<Row>(
  name: string,
): (strings: TemplateStringsArray, ...parts: readonly (Value | Fixed)[]) => Statement<Row> {
  return (strings, ...parts) => {
    const values = parts.filter((part): part is Value => !isFixed(part))
    const text = texts.get(strings) ?? textOf(strings, parts)
    texts.set(strings, text)
    return { name, text, values }
  }
}

function textOf(strings: TemplateStringsArray, parts: readonly (Value | Fixed)[]): string {
  let number = 0
  return strings.reduce((made, next, index) => {
    const part = parts[index - 1]
    return `${made}${part !== undefined && isFixed(part) ? part.fixed : `$${(number += 1)}`}${next}`
  })
}

function isFixed(part: Value | Fixed): part is Fixed {
  return typeof part === 'object' && part !== null && 'fixed' in part
}
