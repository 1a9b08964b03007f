import { Resolver } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import { buildConnector } from 'undici'

/** All addresses of a name; none or an error when it has none. */
export type Resolve = (name: string, signal: AbortSignal) => Promise<readonly string[]>

/** Where a connection may go. Without addresses the machine finds the host by itself. */
export type Aim = { readonly addresses: readonly string[] | undefined; readonly patienceMs: number }

/** Opens the connection that undici asks for, to exactly the addresses of the aim. */
export type Connect = (options: buildConnector.Options, aim: Aim, callback: buildConnector.Callback) => void

/**
 * Asks the name servers, both families at once. Not `dns.lookup`: that holds one of the few threads of the process for as long as a
 * stranger's name server keeps silent, and cannot be given up.
 */
export const resolveName: Resolve = async (name, signal) => {
  const resolver = new Resolver({ timeout: 1000, tries: 2 })
  const giveUp = (): void => resolver.cancel()
  signal.addEventListener('abort', giveUp, { once: true })
  const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
  signal.removeEventListener('abort', giveUp)
  return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
}

/** Connects to the addresses of the aim and no other (S-46: pinned). `ca` is for tests that are an authority of their own. */
export function connectTrusting(ca?: string): Connect {
  return (options, { addresses, patienceMs }, callback) => {
    const connect = buildConnector({
      // The host's certificate is checked, whatever the environment says.
      rejectUnauthorized: true,
      allowH2: false,
      maxCachedSessions: 0,
      timeout: patienceMs,
      ...(ca === undefined ? {} : { ca }),
      ...(addresses === undefined ? {} : { lookup: pinnedTo(addresses) }),
    })
    connect(options, callback)
  }
}

function pinnedTo(addresses: readonly string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: isIP(address) }))
  return (_name, { all }, callback) => {
    const [first] = found
    if (first === undefined) callback(new Error('a name without an address'), '')
    else if (all === true) callback(null, found)
    else callback(null, first.address, first.family)
  }
}
