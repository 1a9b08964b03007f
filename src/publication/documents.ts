import { readAwardDocument } from './award-documents.ts'
import { readClassDocument } from './class-documents.ts'
import type { PublicDocument } from './document.ts'
import { readEndorsementDocument } from './endorsements.ts'
import { hotOf } from './hot.ts'
import { parsePublicPath } from './public-path.ts'
import type { StatusDeps } from './status.ts'

export type PublicationDeps = StatusDeps

/**
 * Answers any of our public addresses from the database (DESIGN, Public addresses): the one source for strangers, our own verifier and
 * `world.json`. `path` is the address without its origin, as it is signed. Undefined when there is nothing, and never was: 404.
 * Documents of a class come from memory when they were read within five seconds; those of an award never do (PERFORMANCE, Designs).
 */
export async function findDocument(deps: PublicationDeps, path: string): Promise<PublicDocument | undefined> {
  const wanted = parsePublicPath(path)
  if (!wanted) return undefined
  if (wanted.kind === 'award') return await readAwardDocument(deps, wanted)
  if (wanted.kind === 'endorsement') return await readEndorsementDocument(deps, wanted)
  return await hotOf(deps.db).get(path, deps.now().getTime(), async () => await readClassDocument(deps, wanted))
}
