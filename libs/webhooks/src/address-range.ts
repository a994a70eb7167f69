import { isIP } from 'node:net';

import ipaddr from 'ipaddr.js';

/**
 * - `public` – a unicast address of the internet.
 * - `private` – of this host or network; reachable only when the operator allows it.
 * - `never` – no place for a receiver: metadata services, multicast, documentation, reserved,
 *   tunnels whose end cannot be told.
 */
export type AddressVerdict = 'public' | 'private' | 'never';

const PRIVATE: readonly string[] = [
  'loopback',
  'private',
  'linkLocal',
  'carrierGradeNat',
  'uniqueLocal',
];

/** Where clouds hand out credentials. The first of Azure's is in a public range. */
const METADATA: ReadonlySet<string> = new Set([
  '168.63.129.16',
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  '100.100.100.200',
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd20:ce::254',
]);

const NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** What kind of address a literal is; anything else is `never`. */
export function judgeAddress(literal: string): AddressVerdict {
  if (isIP(literal) === 0 || literal.includes('%')) {
    return 'never';
  }
  const address = bare(ipaddr.parse(literal));
  if (METADATA.has(address.toString())) {
    return 'never';
  }
  const range = address.range();
  if (range === 'unicast') {
    return isGlobal(address) ? 'public' : 'never';
  }
  return PRIVATE.includes(range) ? 'private' : 'never';
}

/** IPv4 written as IPv6 (mapped, or for a NAT64 by its well-known prefix) is judged as IPv4. */
function bare(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  if (address instanceof ipaddr.IPv4) {
    return address;
  }
  return address.isIPv4MappedAddress() || address.match(NAT64)
    ? new ipaddr.IPv4(address.toByteArray().slice(-4))
    : address;
}

/** Only 2000::/3 is given out; the rest of IPv6 has no name in the library, such as `::7f00:1`. */
function isGlobal(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return address instanceof ipaddr.IPv4 || address.match(GLOBAL_UNICAST);
}
