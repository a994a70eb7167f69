import { isIPv4, isIPv6 } from 'node:net';

/**
 * An IP address as the world knows it (IPv6 in the form of RFC 5952); `undefined` for other text
 * and for an IPv6 address with a zone: that names an interface of one machine.
 */
export function canonicalAddress(text: string): string | undefined {
  if (isIPv4(text)) {
    return text;
  }
  if (!isIPv6(text) || text.includes('%')) {
    return undefined;
  }
  // The URL parser's serialiser writes the compressed form.
  return new URL(`http://[${text}]/`).hostname.slice(1, -1);
}
