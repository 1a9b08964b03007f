import { BlockList, isIP } from 'node:net'

/** Everything of IPv4 that is not somebody's public host (IANA special-purpose registry; S-46). */
const blockedV4 = [
  '0.0.0.0/8', // this network
  '10.0.0.0/8', // private
  '100.64.0.0/10', // shared by carriers (CGNAT), and one cloud's metadata
  '127.0.0.0/8', // loopback
  '168.63.129.16/32', // a cloud's metadata, though it looks public
  '169.254.0.0/16', // link-local, and most clouds' metadata
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments
  '192.0.2.0/24', // documentation
  '192.88.99.0/24', // 6to4 relays
  '192.168.0.0/16', // private
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, and broadcast
]

/** Of IPv6 only this is given to hosts; loopback, mapped, NAT64, unique local, link-local and multicast lie outside it. */
const givenV6 = ['2000::/3']

/** What inside it is not somebody's public host. */
const blockedV6 = [
  '2001::/23', // protocol assignments: Teredo, ORCHID, benchmarks
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4: holds any IPv4 address
  '3fff::/20', // documentation
]

function listOf(subnets: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList()
  for (const subnet of subnets) {
    const [network = '', bits] = subnet.split('/')
    list.addSubnet(network, Number(bits), family)
  }
  return list
}

const notV4 = listOf(blockedV4, 'ipv4')
const onlyV6 = listOf(givenV6, 'ipv6')
const notV6 = listOf(blockedV6, 'ipv6')

/**
 * Is this the address of a host on the public internet? No for everything else, text that is no address included: loopback, private,
 * link-local, CGNAT, multicast, reserved, v4-mapped, NAT64, 6to4, metadata (S-46, CONFORMANCE 3.15).
 */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !notV4.check(address, 'ipv4')
    case 6:
      // A zone (`fe80::1%eth0`) belongs to this machine.
      return !address.includes('%') && onlyV6.check(address, 'ipv6') && !notV6.check(address, 'ipv6')
    default:
      return false
  }
}
