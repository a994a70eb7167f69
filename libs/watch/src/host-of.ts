import { isIPv4 } from 'node:net';

import { canonicalise } from '#observables';
import type { CanonicalObservable } from '#observables';

/** Why a piece of text is no observable. */
export type NoObservable =
  | 'too long'
  | 'a network, not one address'
  | 'a wildcard, not one name'
  | 'not a valid IP address'
  | 'not an IP address, domain name, URL or e-mail address';

/** Longer than any URL worth pasting. */
const MAX_LENGTH = 4_096;
/** What pasted text leaves around values; brackets stay where they hold an IPv6 address. */
const WRAPPING = new Set('"\'`<>(){}.,;!?*|“”‘’«»„ ');
const SCHEME = /^[a-z][a-z0-9+.-]{0,30}:\/\//i;
const NETWORK = /^[0-9a-f.:]{2,45}\/\d{1,3}$/i;
const ADDRESS_LIKE = /^[0-9]{1,10}(?:\.[0-9]{1,10}){2,7}$/;
const PORT = /:\d{1,5}$/;

/** The observable that a piece of text is or names: an address, a name, a URL, an e-mail address. */
export function observableIn(piece: string): CanonicalObservable | NoObservable {
  if (piece.length > MAX_LENGTH) {
    return 'too long';
  }
  const bare = unwrap(piece);
  if (NETWORK.test(bare)) {
    return 'a network, not one address';
  }
  const host = hostOf(bare);
  if (host.startsWith('*.')) {
    return 'a wildcard, not one name';
  }
  return canonicalHost(host);
}

/** Whether somebody may have meant it as a value: then it is worth a complaint. */
export function looksLikeValue(piece: string): boolean {
  const bare = unwrap(piece);
  return /[^.:/][.:@]+[^.:/]|:\/\/|::/.test(bare.slice(0, MAX_LENGTH));
}

function canonicalHost(host: string): CanonicalObservable | NoObservable {
  if (isIPv4(host)) {
    return canonicalise('ip', host) ?? 'not a valid IP address';
  }
  if (host.includes(':')) {
    return canonicalise('ipv6', host) ?? 'not a valid IP address';
  }
  if (ADDRESS_LIKE.test(host)) {
    return 'not a valid IP address';
  }
  return canonicalise('domain', host) ?? 'not an IP address, domain name, URL or e-mail address';
}

function hostOf(text: string): string {
  const afterScheme = text.replace(/^mailto:/i, '').replace(SCHEME, '');
  const [authority = ''] = afterScheme.split(/[/?#\\]/, 1);
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  if (host.startsWith('[')) {
    const end = host.indexOf(']');
    return end < 0 ? host.slice(1) : host.slice(1, end);
  }
  // Two colons are an IPv6 address, whose last group looks like a port.
  const port = host.indexOf(':') === host.lastIndexOf(':') ? host.replace(PORT, '') : host;
  return withoutRootDots(port);
}

function withoutRootDots(host: string): string {
  return host.endsWith('.') ? host.slice(0, -1) : host;
}

function unwrap(piece: string): string {
  let [start, end] = [0, piece.length];
  while (start < end && WRAPPING.has(piece.charAt(start)) && piece.charAt(start) !== '*') {
    start += 1;
  }
  while (end > start && WRAPPING.has(piece.charAt(end - 1))) {
    end -= 1;
  }
  const bare = piece.slice(start, end);
  const bracketed = bare.startsWith('[') && bare.endsWith(']');
  return bracketed ? bare.slice(1, -1) : bare;
}
