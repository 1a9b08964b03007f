import { addFile } from '../../src/evidence/file.ts'
import type { TestService } from '../support/app.ts'
import type { Foundation } from '../support/given.ts'
import { pdf } from './pictures.ts'

/** Pekka adds a paper to a record of work; the file's id. */
export async function givenFile(
  service: TestService,
  foundation: Foundation,
  observationId: string,
  bytes: Buffer = pdf,
): Promise<string> {
  const { deps } = service
  const wanted = { observationId, bytes, clientAgrees: true }
  return (await addFile(deps, foundation.staffActor('pekka'), wanted, deps.now())).id
}
