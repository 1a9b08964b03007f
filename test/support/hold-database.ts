/** A process of its own that starts an embedded server, tells its address, and holds it until it is killed. Argument: a folder, or `temporary`. */
import { startEmbedded } from '../../src/db/embedded/start.ts'

const [place] = process.argv.slice(2)
const server = await startEmbedded(
  place === undefined || place === 'temporary' ? { temporary: true } : { dataDir: place, durable: false },
)
process.stdout.write(`${server.ownerUrl}\n`)
setInterval(() => undefined, 60_000)
