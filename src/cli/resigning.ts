import { type ResignedOlder, resignOlder } from '../awards/resign-older.ts'
import { signHistoryHead } from '../awards/history-head.ts'
import { exits, type Io } from './command.ts'
import { progress } from './progress.ts'
import type { CommandDeps } from './with-service.ts'

/** Signs badges of compromised keys anew and says what came of it; 1 when some were left as they are. */
export async function resignAndTell(
  deps: CommandDeps,
  io: Io,
  tenant: string,
  options: { readonly alsoLater?: boolean; readonly json?: boolean } = {},
): Promise<number> {
  const onProgress = progress(io, `Signing the badges of ${tenant} anew`)
  const { alsoLater = false } = options
  const done = await resignOlder(deps, tenant, { alsoLater, onProgress })
  await signHistoryHead(deps, tenant)
  io.out(options.json === true ? `${JSON.stringify(done)}\n` : inWords(done))
  return done.later.length + done.differing.length === 0 ? exits.done : exits.negative
}

function inWords({ resigned, later, differing }: ResignedOlder): string {
  const list = (ids: readonly string[]): string => ids.map((id) => `  ${id}\n`).join('')
  const signed = `${resigned} badges were signed anew. Who has taken one sees in the passport that it should be downloaded again.\n`
  const after =
    later.length === 0
      ? ''
      : `${later.length} badges were awarded after others may have had the key, and were left as they are. They no longer verify. Look at each: revoke it, or sign it with --also-later.\n${list(later)}`
  const wrong =
    differing.length === 0
      ? ''
      : `${differing.length} badges are not what the history says, and were not signed. Run npm run check:awards.\n${list(differing)}`
  return `${signed}${after}${wrong}`
}
