import { isIPv4 } from 'node:net';

/** An invented owner of addresses, with the names of its own servers. */
export interface Hoster {
  readonly organization: string;
  /** The domain its name servers and mail hosts live in. */
  readonly domain: string;
  /** First three octets and the range of the last, inside the documentation blocks (RFC 5737). */
  readonly v4: { readonly net: string; readonly from: number; readonly to: number };
  /** A /48 of the documentation block (RFC 3849), without the trailing `::`. */
  readonly v6: string;
}

function hoster(organization: string, label: string, v4: Hoster['v4'], v6: string): Hoster {
  return { organization, domain: `${label}.example.net`, v4, v6: `2001:db8:${v6}` };
}

/** The one that rotates addresses. */
export const EDGE_NETWORK = hoster(
  'Example Edge Networks',
  'edge',
  { net: '203.0.113', from: 1, to: 126 },
  'ed0',
);

/** Every organisation of the world. Their blocks do not overlap. */
export const HOSTERS: readonly Hoster[] = [
  hoster('Example Hosting Inc.', 'hosting', { net: '192.0.2', from: 1, to: 126 }, '10'),
  hoster('Example Cloud Ltd.', 'cloud', { net: '192.0.2', from: 129, to: 190 }, '20'),
  hoster('Sample Networks GmbH', 'networks', { net: '192.0.2', from: 193, to: 254 }, '30'),
  hoster('Sample Colocation B.V.', 'colocation', { net: '198.51.100', from: 1, to: 126 }, '40'),
  hoster('Placeholder Servers LLC', 'servers', { net: '198.51.100', from: 129, to: 254 }, '50'),
  EDGE_NETWORK,
  hoster('Placeholder Parking S.A.', 'parking', { net: '203.0.113', from: 129, to: 190 }, '60'),
  hoster('Sample Telecom AB', 'telecom', { net: '203.0.113', from: 193, to: 254 }, '70'),
];

function ownsV4(owner: Hoster, address: string): boolean {
  const border = address.lastIndexOf('.');
  const last = Number(address.slice(border + 1));
  return address.slice(0, border) === owner.v4.net && last >= owner.v4.from && last <= owner.v4.to;
}

/** Who owns an address (canonical form), if it is one of the world's. */
export function ownerOfAddress(address: string): Hoster | undefined {
  return isIPv4(address)
    ? HOSTERS.find((owner) => ownsV4(owner, address))
    : HOSTERS.find((owner) => address.startsWith(`${owner.v6}:`));
}

/** Who runs a server name such as `ns1.hosting.example.net`. */
export function ownerOfServer(name: string): Hoster | undefined {
  return HOSTERS.find((owner) => name.endsWith(`.${owner.domain}`));
}
