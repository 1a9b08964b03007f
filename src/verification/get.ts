import type { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip } from 'node:zlib'
import { type buildConnector, Client } from 'undici'

/** One answer, without following where it leads. */
export type Got = {
  readonly status: number
  readonly contentType: string
  readonly location: string | undefined
  readonly body: Uint8Array
}

export type Asking = {
  readonly accept: string
  readonly connect: buildConnector.connector
  /** Ends everything. */
  readonly signal: AbortSignal
  readonly firstByteMs: number
  readonly maxBytes: number
}

/**
 * One GET on a connection of its own: no cookie, no credential, no proxy, no second request (S-46). Throws when there is no answer in time,
 * or it is larger than it may be, before or after decompression.
 */
export async function getOnce(url: URL, asking: Asking): Promise<Got> {
  asking.signal.throwIfAborted()
  const stop = new AbortController()
  const signal = AbortSignal.any([stop.signal, asking.signal])
  const late = setTimeout(() => stop.abort(), asking.firstByteMs)
  const client = new Client(url.origin, { connect: endedBy(signal, asking.connect), maxResponseSize: asking.maxBytes })
  try {
    const answer = await client.request({
      method: 'GET',
      path: `${url.pathname}${url.search}`,
      headers: { accept: asking.accept, 'accept-encoding': 'gzip, br', 'user-agent': 'Osaamispassi (badge verifier)' },
      reset: true,
      signal,
    })
    clearTimeout(late)
    const { headers, statusCode: status } = answer
    const [location, encoding] = [oneOf(headers['location']), oneOf(headers['content-encoding'])]
    const isMoved = location !== undefined && status >= 300 && status < 400
    // What stands beside a redirect is for people.
    const body = isMoved ? nothing : await readBody(answer.body, encoding, asking.maxBytes, signal)
    return { status, contentType: oneOf(headers['content-type']) ?? '', location, body }
  } finally {
    clearTimeout(late)
    await client.destroy()
  }
}

/** undici waits for a connection whatever its signal says: here the wait ends with the signal, and what comes later is closed. */
function endedBy(signal: AbortSignal, connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) => {
    let isOver = false
    const answer: buildConnector.Callback = (...given) => {
      if (isOver) return void given[1]?.destroy()
      isOver = true
      signal.removeEventListener('abort', end)
      callback(...given)
    }
    const end = (): void => answer(new Error('no connection in time'), null)
    signal.addEventListener('abort', end)
    connect(options, answer)
  }
}

const nothing = new Uint8Array()

function oneOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header
}

async function readBody(
  source: Readable,
  encoding: string | undefined,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  const collect = async (stream: AsyncIterable<unknown>): Promise<void> => {
    for await (const chunk of stream) {
      if (!(chunk instanceof Uint8Array)) throw new Error('a body of bytes brings bytes')
      size += chunk.length
      if (size > maxBytes) throw new Error('larger than it may be')
      chunks.push(chunk)
    }
  }
  const name = (encoding ?? 'identity').trim().toLowerCase()
  if (name === 'identity' || name === '') await pipeline(source, collect, { signal })
  else await pipeline(source, decoderOf(name), collect, { signal })
  return Buffer.concat(chunks)
}

/** Only what was asked for, and once: several layers are a bomb's way. */
function decoderOf(name: string): Transform {
  if (name === 'gzip' || name === 'x-gzip') return createGunzip()
  if (name === 'br') return createBrotliDecompress()
  throw new Error('an encoding that was not asked for')
}
