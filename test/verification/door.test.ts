import type { IncomingMessage, ServerResponse } from 'node:http'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Looked } from '../../src/credentials/verdict.ts'
import { resolveName } from '../../src/verification/connection.ts'
import { createDoor, type Door, type DoorLimits, doorLimits, type DoorSettings } from '../../src/verification/door.ts'
import { openOutside, publicAddress } from '../support/outside.ts'

type Answers = (request: IncomingMessage, response: ServerResponse) => void

const hosts = ['issuer.example', 'other.example', 'www.issuer.example']
let answer: Answers = ok
const outside = await openOutside(hosts, (request, response) => answer(request, response))
afterAll(async () => await outside.close())

beforeEach(() => {
  answer = ok
  for (const list of [outside.names, outside.aimed, outside.requests]) list.length = 0
  outside.addresses.clear()
})

function ok(_request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('content-type', 'application/json').end('{"a":1}')
}

function doorWith(limits: Partial<DoorLimits> = {}, settings: Partial<DoorSettings> = {}): Door {
  return createDoor({ egressOpen: true, egressAllowOrigins: [], ...settings }, { ...outside, limits })
}

async function look(address: string, door = doorWith()): Promise<Looked> {
  return await door.forOne()(address, 'key')
}

/** What was found, as text; undefined when it was refused. */
function textOf(looked: Looked): string | undefined {
  return looked.outcome === 'found' ? Buffer.from(looked.body).toString('utf8') : undefined
}

const refused: Looked = { outcome: 'not-fetched', why: 'closed' }
const page = 'https://issuer.example/keys/1'

/** Hosts that lead on, by path: `/1` → …; others answer. */
function leadingOn(steps: Readonly<Record<string, string>>): Answers {
  return (request, response) => {
    const to = steps[request.url ?? '']
    if (to === undefined) ok(request, response)
    else response.writeHead(302, { location: to }).end('moved')
  }
}

describe('S-46: a name on the public internet, by https on port 443', () => {
  test('is fetched, on a connection to just the addresses that were judged', async () => {
    outside.addresses.set('issuer.example', [publicAddress, '2606:2800:220:1::1'])
    expect(await look(`${page}?x=1#part`)).toMatchObject({
      outcome: 'found',
      status: 200,
      contentType: 'application/json',
      address: `${page}?x=1`,
    })
    expect(outside.names).toEqual(['issuer.example'])
    expect(outside.aimed).toEqual([
      { host: 'issuer.example', port: '', addresses: [publicAddress, '2606:2800:220:1::1'] },
    ])
    expect(outside.requests.map(({ url }) => url)).toEqual(['issuer.example/keys/1?x=1'])
  })

  test('answers what the host says, also that there is nothing', async () => {
    answer = (_request, response) =>
      response.writeHead(410, { 'content-type': 'application/json' }).end('{"revoked":true}')
    const looked = await look(page)
    expect([looked, textOf(looked)]).toMatchObject([{ outcome: 'found', status: 410 }, '{"revoked":true}'])
  })

  test.each([
    'http://issuer.example/',
    'https://issuer.example:8443/',
    'https://issuer.example:80/',
    'ftp://issuer.example/',
  ])('another scheme or port is refused: %s', async (address) => {
    expect(await look(address)).toEqual(refused)
    expect([outside.names, outside.aimed]).toEqual([[], []])
  })

  test('the port may be written out when it is 443', async () => {
    expect(textOf(await look('https://issuer.example:443/'))).toBe('{"a":1}')
  })

  test.each([
    'https://user@issuer.example/',
    'https://user:word@issuer.example/',
    'not an address',
    'https://',
    'did:web:a',
  ])('what carries a name and password or is no address of the web is refused: %s', async (address) => {
    expect(await look(address)).toEqual(refused)
    expect(outside.aimed).toEqual([])
  })

  test.each([
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://127.0.0.1./',
    'https://%31%32%37.0.0.1/',
    'https://１２７.0.0.1/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://169.254.169.254/latest/meta-data/',
    'https://93.184.216.34/',
    'https://[2606:2800:220:1::1]/',
  ])('a number in place of a name is refused in every spelling: %s', async (address) => {
    expect(await look(address)).toEqual(refused)
    expect([outside.names, outside.aimed]).toEqual([[], []])
  })

  test.each([
    [['127.0.0.1']],
    [['::1']],
    [['::ffff:127.0.0.1']],
    [['10.0.0.1']],
    [['169.254.169.254']],
    [['100.64.0.1']],
    [['64:ff9b::7f00:1']],
    [['2002:7f00:1::']],
    [[publicAddress, '192.168.0.1']],
    [['fe80::1', publicAddress]],
    [[]],
  ])('a name that leads to %j is refused before any connection', async (addresses) => {
    outside.addresses.set('issuer.example', addresses)
    expect(await look(page)).toEqual(refused)
    expect([outside.names, outside.aimed]).toEqual([['issuer.example'], []])
  })

  test('a name that is answered anew cannot change the connection (DNS rebinding)', async () => {
    outside.addresses.set('issuer.example', [[publicAddress], ['127.0.0.1']])
    const door = doorWith()
    expect(textOf(await look(page, door))).toBe('{"a":1}')
    expect(outside.aimed.map(({ addresses }) => addresses)).toEqual([[publicAddress]])
    expect(await look(page, door)).toEqual(refused)
    expect(outside.aimed).toHaveLength(1)
  })

  test('a host whose certificate is of another name is refused, whatever the environment says', async () => {
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
    // Node warns of this setting, once; here it is meant.
    const warning = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    try {
      expect(await look('https://third.example/')).toEqual(refused)
      expect(outside.requests).toEqual([])
      expect(outside.aimed).toHaveLength(1)
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
      warning.mockRestore()
    }
  })

  test('the machine’s own way of finding names gives up when it is told to', async () => {
    await expect(resolveName('issuer.invalid', AbortSignal.timeout(50))).resolves.toEqual([])
  })
})

describe('S-46: at most three redirects, each judged anew', () => {
  test('three are followed, also relative ones and to another host', async () => {
    answer = leadingOn({ '/1': '/2', '/2': 'https://other.example/3', '/3': 'https://other.example/4#end' })
    const looked = await look('https://issuer.example/1')
    expect([looked, textOf(looked)]).toMatchObject([{ address: 'https://other.example/4' }, '{"a":1}'])
    expect(outside.names).toEqual(['issuer.example', 'issuer.example', 'other.example', 'other.example'])
  })

  test('a fourth is not', async () => {
    answer = leadingOn({ '/1': '/2', '/2': '/3', '/3': '/4', '/4': '/5' })
    expect(await look('https://issuer.example/1')).toEqual(refused)
    expect(outside.requests).toHaveLength(4)
  })

  test('one that leads in a circle is not', async () => {
    answer = leadingOn({ '/1': '/1' })
    expect(await look('https://issuer.example/1')).toEqual(refused)
    expect(outside.requests).toHaveLength(4)
  })

  test.each([
    'http://issuer.example/2',
    'https://issuer.example:444/2',
    'https://127.0.0.1/2',
    'https://[::ffff:a00:1]/2',
    'https://0x0a000001/2',
    'https://inner.example/2',
    'https://user@issuer.example/2',
    'file:///etc/passwd',
    'http://[',
  ])('one to a place that is refused is refused: %s', async (to) => {
    outside.addresses.set('inner.example', ['10.1.2.3'])
    answer = leadingOn({ '/1': to })
    expect(await look('https://issuer.example/1')).toEqual(refused)
    expect(outside.requests).toHaveLength(1)
    expect(outside.aimed).toHaveLength(1)
  })

  test('one back to a host whose name leads inward by then is refused (DNS rebinding)', async () => {
    outside.addresses.set('issuer.example', [[publicAddress], ['127.0.0.1']])
    answer = leadingOn({ '/1': '/2' })
    expect(await look('https://issuer.example/1')).toEqual(refused)
    expect(outside.aimed).toHaveLength(1)
  })

  test('one that does not say where to is refused; other answers with a place are answers', async () => {
    answer = (_request, response) => response.writeHead(302).end()
    expect(await look(page)).toEqual(refused)
    answer = (_request, response) => response.writeHead(304, { location: '/2' }).end()
    expect(await look(page)).toMatchObject({ outcome: 'found', status: 304, address: page })
  })
})

describe('S-46: at most 256 kB after decompression', () => {
  const most = doorLimits.bytes
  const sizes: readonly (readonly [string, Answers, boolean])[] = [
    ['as much as may be', (_, response) => response.end(Buffer.alloc(most, 97)), true],
    ['one byte more', (_, response) => response.end(Buffer.alloc(most + 1, 97)), false],
    [
      'one byte more, without saying how much',
      (_, response) => (response.write(Buffer.alloc(most)), response.end('a')),
      false,
    ],
    ['gzip of as much as may be', (_, response) => encoded(response, 'gzip', gzipSync(Buffer.alloc(most, 97))), true],
    ['gzip of one byte more', (_, response) => encoded(response, 'gzip', gzipSync(Buffer.alloc(most + 1, 97))), false],
    ['a bomb of 64 MB in gzip', (_, response) => encoded(response, 'gzip', gzipSync(Buffer.alloc(64 << 20))), false],
    ['brotli', (_, response) => encoded(response, 'br', brotliCompressSync(Buffer.alloc(most, 97))), true],
    ['a bomb in brotli', (_, response) => encoded(response, 'br', brotliCompressSync(Buffer.alloc(64 << 20))), false],
    [
      'gzip of nothing, again and again',
      (_, response) => encoded(response, 'gzip', Buffer.concat(Array.from({ length: 20_000 }, () => gzipSync('')))),
      false,
    ],
    ['two layers of gzip', (_, response) => encoded(response, 'gzip, gzip', gzipSync(gzipSync('{}'))), false],
    ['an encoding that was not asked for', (_, response) => encoded(response, 'zstd', Buffer.from('{}')), false],
    ['gzip that is none', (_, response) => encoded(response, 'gzip', Buffer.from('{"a":1}')), false],
    [
      'gzip that breaks off',
      (_, response) => encoded(response, 'gzip', gzipSync(Buffer.alloc(500, 97)).subarray(0, -9)),
      false,
    ],
    [
      'less than was promised',
      (_, response) => (response.writeHead(200, { 'content-length': '9' }), response.write('a'), response.destroy()),
      false,
    ],
    ['identity, said aloud', (_, response) => encoded(response, 'identity', Buffer.from('{}')), true],
  ]
  test.each(sizes)('%s', async (_what, how, isTaken) => {
    answer = how
    const looked = await look(page)
    expect(looked.outcome).toBe(isTaken ? 'found' : 'not-fetched')
    if (!isTaken) expect(looked).toEqual(refused)
  })

  test('what never ends is left at the limit', async () => {
    let sent = 0
    answer = (_request, response) => {
      const more = (): void => {
        if (response.destroyed || sent > 4 * most) return
        sent += 65_536
        response.write(Buffer.alloc(65_536), () => setImmediate(more))
      }
      more()
    }
    expect(await look(page)).toEqual(refused)
    expect(sent).toBeLessThan(4 * most)
  })

  function encoded(response: ServerResponse, name: string, bytes: Uint8Array): ServerResponse {
    return response.setHeader('content-encoding', name).end(bytes)
  }
})

describe('S-46: in time', () => {
  const quick = { firstByteMs: 150, wholeMs: 400 }

  test('a host that keeps silent', async () => {
    answer = () => undefined
    const began = Date.now()
    expect(await look(page, doorWith({ firstByteMs: 150, wholeMs: 60_000 }))).toEqual(refused)
    expect(Date.now() - began).toBeLessThan(5000)
  })

  test('a host that answers drop by drop', async () => {
    answer = (_request, response) => {
      const drop = setInterval(() => response.write('a'), 20)
      response.on('close', () => clearInterval(drop))
    }
    const began = Date.now()
    expect(await look(page, doorWith(quick))).toEqual(refused)
    expect(Date.now() - began).toBeLessThan(5000)
  })

  test('one that needs its time and keeps within it', async () => {
    answer = (_request, response) => {
      response.write('{"a"')
      setTimeout(() => response.end(':1}'), 250)
    }
    expect(textOf(await look(page, doorWith({ firstByteMs: 200, wholeMs: 5000 })))).toBe('{"a":1}')
  })

  test('redirects do not begin the time anew', async () => {
    answer = (request, response) => void setTimeout(() => leadingOn({ '/1': '/2', '/2': '/3' })(request, response), 250)
    expect(await look('https://issuer.example/1', doorWith({ firstByteMs: 5000, wholeMs: 600 }))).toEqual(refused)
  })

  test('a name server that keeps silent, and a connection that never comes about', async () => {
    const limits = { firstByteMs: 100, wholeMs: 150 }
    const settings = { egressOpen: true, egressAllowOrigins: [] }
    const mute = createDoor(settings, { ...outside, limits, resolve: async () => await new Promise(() => undefined) })
    expect(await look(page, mute)).toEqual(refused)
    expect(outside.aimed).toEqual([])
    expect(await look(page, createDoor(settings, { ...outside, limits, connect: () => undefined }))).toEqual(refused)
  })
})

describe('S-46: so many', () => {
  test('eight fetches for one verification, and eight for the next', async () => {
    const door = doorWith()
    for (const fetch of [door.forOne(), door.forOne()]) {
      for (let nth = 1; nth <= 9; nth += 1)
        expect([nth, (await fetch(`${page}?${nth}`, 'key')).outcome]).toEqual([nth, nth <= 8 ? 'found' : 'not-fetched'])
    }
    expect(outside.requests).toHaveLength(16)
  })

  test('sixteen at once in the process; the next waits until one leaves, or until its time is over', async () => {
    const held: ServerResponse[] = []
    answer = (_request, response) => void held.push(response)
    const door = doorWith()
    const fetches = Array.from({ length: 18 }, async (_, nth) => await look(`${page}?${nth}`, door))
    await until(() => held.length === 16)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(held).toHaveLength(16)
    held[0]?.end('{}')
    await until(() => held.length === 17)
    for (let nth = 1; nth < 18; nth += 1) {
      await until(() => held.length > nth)
      held[nth]?.end('{}')
    }
    expect((await Promise.all(fetches)).filter(({ outcome }) => outcome === 'found')).toHaveLength(18)
  })

  test('who waits too long for a place gives up, and the place goes to the next', async () => {
    const held: ServerResponse[] = []
    answer = (_request, response) => void held.push(response)
    const door = doorWith({ atOnce: 1, firstByteMs: 5000, wholeMs: 400 })
    const first = look(page, door)
    await until(() => held.length === 1)
    expect(await look(page, door)).toEqual(refused)
    expect(await first).toEqual(refused)
    answer = ok
    expect(textOf(await look(page, door))).toBe('{"a":1}')
  })

  async function until(isSo: () => boolean): Promise<void> {
    for (let tries = 0; !isSo() && tries < 400; tries += 1) await new Promise((resolve) => setTimeout(resolve, 10))
    expect(isSo()).toBe(true)
  }
})

describe('S-46: nothing of ours goes along', () => {
  test('no cookie, no credential, no referrer; only who asks and what is taken', async () => {
    answer = (_request, response) => response.setHeader('set-cookie', 'a=b; Path=/').end('{}')
    const fetch = doorWith().forOne()
    for (const purpose of ['key', 'badge'] as const) await fetch(page, purpose)
    expect(outside.requests.map(({ headers }) => Object.keys(headers).sort())).toEqual(
      [0, 1].map(() => ['accept', 'accept-encoding', 'connection', 'host', 'user-agent']),
    )
    expect(outside.requests.map(({ headers }) => headers['user-agent'])).not.toContainEqual(
      expect.stringMatching(/undici|node/i),
    )
  })

  test('CONFORMANCE 1.5, 2.8, T7: what is taken is named as others know it, and a page is never wanted', async () => {
    const fetch = doorWith().forOne()
    await fetch(page, 'badge')
    await fetch(page, 'key-set')
    const [badge, keySet] = outside.requests.map(({ headers }) => headers.accept)
    for (const type of ['application/vc+ld+json', 'application/ld+json', 'application/jwt', 'text/plain', 'image/png'])
      expect(badge).toContain(type)
    expect(keySet).toContain('application/jwk-set+json')
    expect([badge, keySet].join()).not.toContain('text/html')
  })

  test('proxy variables are not read', async () => {
    const names = ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NODE_USE_ENV_PROXY']
    for (const name of names) process.env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : 'http://127.0.0.1:9'
    try {
      expect(textOf(await look(page, doorWith()))).toBe('{"a":1}')
    } finally {
      for (const name of names) delete process.env[name]
    }
  })
})

describe('EGRESS and EGRESS_ALLOW_ORIGINS', () => {
  const only = (...origins: string[]): Door => doorWith({}, { egressOpen: false, egressAllowOrigins: origins })

  test('off: nothing is asked and nothing is connected', async () => {
    expect(await look(page, only())).toEqual(refused)
    expect([outside.names, outside.aimed]).toEqual([[], []])
  })

  test('an origin of the list is exempt from scheme, port and address, whether the door is open or not', async () => {
    for (const door of [only(outside.plainOrigin), doorWith({}, { egressAllowOrigins: [outside.plainOrigin] })])
      expect(textOf(await look(`${outside.plainOrigin}/keys/1`, door))).toBe('{"a":1}')
    // Its host is the operator's to know: the machine finds it in its own way.
    expect(outside.names).toEqual([])
  })

  test.each([
    (origin: string): string => origin.replace(/:\d+$/, ':1'),
    (origin: string): string => origin.replace('http:', 'https:'),
    (origin: string): string => origin.replace('127.0.0.1', '127.0.0.2'),
    (origin: string): string => `${origin}.evil.example`,
    (origin: string): string => origin.replace('//', '//user@'),
  ])('exactly that origin and no other: %#', async (change) => {
    expect(await look(change(outside.plainOrigin), only(outside.plainOrigin))).toEqual(refused)
    expect(outside.aimed).toEqual([])
  })

  test.each(['https://issuer.example.evil.example/', 'https://issuer.example:8443/', 'https://evil.issuer.example/'])(
    'nor one that only begins or ends like it: %s',
    async (address) => {
      expect(await look(address, only('https://issuer.example'))).toEqual(refused)
      expect(outside.aimed).toEqual([])
    },
  )

  test('each hop is judged alone, there and back', async () => {
    answer = leadingOn({
      '/in': `${outside.plainOrigin}/2`,
      '/out': 'http://127.0.0.1:1/',
      '/far': 'https://other.example/',
    })
    const both = doorWith({}, { egressAllowOrigins: [outside.plainOrigin] })
    expect(textOf(await look('https://issuer.example/in', both))).toBe('{"a":1}')
    expect(textOf(await look(`${outside.plainOrigin}/far`, both))).toBe('{"a":1}')
    expect(await look(`${outside.plainOrigin}/out`, both)).toEqual(refused)
    expect(await look('https://issuer.example/in', doorWith())).toEqual(refused)
    expect(await look(`${outside.plainOrigin}/far`, only(outside.plainOrigin))).toEqual(refused)
  })

  test('the other bounds hold for it too', async () => {
    answer = (_request, response) => response.end(Buffer.alloc(doorLimits.bytes + 1))
    expect(await look(outside.plainOrigin, only(outside.plainOrigin))).toEqual(refused)
  })
})

test('S-46: the bounds are the ones that were set', () => {
  expect(doorLimits).toEqual({
    redirects: 3,
    bytes: 262_144,
    firstByteMs: 3000,
    wholeMs: 5000,
    fetches: 8,
    atOnce: 16,
  })
})
