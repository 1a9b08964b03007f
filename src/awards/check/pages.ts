/**
 * Reads page after page, each asked for while the one before is being looked at. `read` gets the end of the page before and gives the next
 * rows; `endOf` says where a page ends. Nothing but two pages is ever held.
 */
export async function* pages<Row, Place>(
  first: Place,
  read: (after: Place) => Promise<readonly Row[]>,
  endOf: (row: Row) => Place,
): AsyncGenerator<readonly Row[]> {
  let next: Promise<readonly Row[]> | undefined = read(first)
  while (next !== undefined) {
    const rows: readonly Row[] = await next
    const last = rows.at(-1)
    next = last === undefined ? undefined : read(endOf(last))
    // Its failure is told when its turn comes.
    next?.catch(() => undefined)
    if (last !== undefined) yield rows
  }
}
