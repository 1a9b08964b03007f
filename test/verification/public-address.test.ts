import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isPublicAddress } from '../../src/verification/public-address.ts'

describe('S-46, CONFORMANCE 3.15: only hosts of the public internet', () => {
  test.each(['93.184.216.34', '1.1.1.1', '8.8.8.8', '172.32.0.1', '100.128.0.1', '192.0.1.1', '223.255.255.255'])(
    'IPv4 %s is one',
    (address) => expect(isPublicAddress(address)).toBe(true),
  )

  test.each(['2606:2800:220:1::1', '2001:4860:4860::8888', '2a00:1450:4001:81b::200e', '2620:0:2d0:200::7'])(
    'IPv6 %s is one',
    (address) => expect(isPublicAddress(address)).toBe(true),
  )

  const notPublic: Readonly<Record<string, readonly string[]>> = {
    loopback: ['127.0.0.1', '127.255.255.254', '::1'],
    'this network': ['0.0.0.0', '0.1.2.3', '::'],
    private: ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fd12:3456::1'],
    'link-local': ['169.254.1.1', 'fe80::1', 'fe80::1%eth0', 'fe80::1%1'],
    'site-local': ['fec0::1'],
    CGNAT: ['100.64.0.1', '100.127.255.255'],
    multicast: ['224.0.0.1', '239.255.255.255', 'ff02::1'],
    reserved: ['240.0.0.1', '255.255.255.255', '192.0.0.8', '198.18.0.1', '198.19.255.255', '100::1', '5f00::1'],
    documentation: ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1'],
    'IPv4 inside IPv6': ['::ffff:93.184.216.34', '::ffff:5db8:d822', '::93.184.216.34', '::ffff:0:93.184.216.34'],
    NAT64: ['64:ff9b::93.184.216.34', '64:ff9b::7f00:1', '64:ff9b:1::a00:1'],
    '6to4 and Teredo': ['2002:7f00:1::1', '2002:5db8:d822::1', '192.88.99.1', '2001::1', '2001:0:7f00:1::'],
    metadata: ['169.254.169.254', '100.100.100.200', '168.63.129.16', '192.0.0.192', 'fd00:ec2::254'],
    'no address at all': ['', 'localhost', '127.1', '0x7f000001', '2130706433', '[::1]', '1.1.1.1 ', '1.1.1.1/8'],
  }
  for (const [what, addresses] of Object.entries(notPublic))
    test.each(addresses)(`${what}: %s is none`, (address) => expect(isPublicAddress(address)).toBe(false))

  test('no spelling of an IPv4 address inside IPv6 is one, whichever it is', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number)
        const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
        for (const wrapped of [`::ffff:${address}`, `::ffff:${hex}`, `::${hex}`, `64:ff9b::${hex}`, `2002:${hex}::1`])
          expect([wrapped, isPublicAddress(wrapped)]).toEqual([wrapped, false])
      }),
    )
  })
})
