import { createServer as createHttp, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo } from 'node:net'
import { type Connect, connectTrusting, type Resolve } from '../../src/verification/connection.ts'
import { certificateFor } from './certificate.ts'

/** One connection that was asked for, as the door aimed it. */
export type Aimed = { readonly host: string; readonly port: string; readonly addresses: readonly string[] | undefined }

/** A piece of the internet on this machine: hosts with names, certificates and public addresses. */
export type Outside = {
  /** To be given to the door: names lead to `addresses`, and connections end at our own server, whatever address they aim at. */
  readonly resolve: Resolve
  readonly connect: Connect
  /** What was asked of the name server, and which connections were made. */
  readonly names: string[]
  readonly aimed: Aimed[]
  readonly requests: { readonly url: string; readonly headers: IncomingHttpHeaders }[]
  /** Addresses by name; a list of lists is answered in turn. `publicAddress` when nothing is said. */
  readonly addresses: Map<string, readonly string[] | readonly (readonly string[])[]>
  /** The same listener over http, without names: its origin. */
  readonly plainOrigin: string
  close(): Promise<void>
}

export const publicAddress = '93.184.216.34'

/** Starts it: `answer` is what all its hosts do; the certificate is for `hosts`. */
export async function openOutside(hosts: readonly string[], answer: RequestListener): Promise<Outside> {
  const certificate = certificateFor(hosts)
  const requests: { url: string; headers: IncomingHttpHeaders }[] = []
  const listener: RequestListener = (request, response) => {
    requests.push({ url: `${request.headers.host ?? ''}${request.url ?? ''}`, headers: request.headers })
    // A peer that goes away is what these tests are about.
    request.socket.on('error', () => undefined)
    answer(request, response)
  }
  const [secure, plain] = [createHttps(certificate, listener), createHttp(listener)]
  for (const server of [secure, plain]) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    server.on('tlsClientError', () => undefined)
  }
  const portOf = (server: typeof secure | typeof plain): number => (server.address() as AddressInfo).port
  const [names, aimed]: [string[], Aimed[]] = [[], []]
  const addresses: Outside['addresses'] = new Map()
  const dial = connectTrusting(certificate.cert)
  return {
    requests,
    names,
    aimed,
    addresses,
    plainOrigin: `http://127.0.0.1:${portOf(plain)}`,
    resolve: async (name) => {
      names.push(name)
      const known = addresses.get(name) ?? [publicAddress]
      const [first, ...later] = known
      if (typeof first === 'string' || first === undefined) return await Promise.resolve(known.flat())
      if (later.length > 0)
        addresses.set(
          name,
          later.map((one) => [one].flat()),
        )
      return await Promise.resolve(first)
    },
    connect: (options, aim, callback) => {
      aimed.push({ host: options.hostname, port: options.port, addresses: aim.addresses })
      const isSecure = options.protocol === 'https:'
      dial(
        { ...options, port: String(portOf(isSecure ? secure : plain)) },
        { ...aim, addresses: ['127.0.0.1'] },
        callback,
      )
    },
    close: async () => {
      for (const server of [secure, plain]) {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      }
    },
  }
}
