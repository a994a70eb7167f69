import { LIMITS } from './text.js';

/** Source of a pattern for one character: one of these, an escaped octet, or one beyond ASCII. */
function oneOf(chars: string): string {
  // Beyond ASCII, java.net.URI refuses only control characters and every kind of space.
  return `(?:[${chars}]|%[0-9A-Fa-f]{2}|(?![\\p{Cc}\\p{Z}])\\P{ASCII})`;
}

const WORD = "\\w.!~*'()\\-";
const AUTHORITY = oneOf(`${WORD}$,;:@&=+`);
const PATH = oneOf(`${WORD}$,;:@&=+\\/`);
const ANY = oneOf(`${WORD}$,;:@&=+\\/?\\[\\]`);
/** The address itself is left to whoever dials it. */
const IPV6_AUTHORITY = `(?:${AUTHORITY}*@)?\\[[0-9A-Fa-f:.]+\\](?::\\d*)?`;

const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*$/;
/** What follows a scheme without a slash (`mailto:x`): no path, so brackets may stand in it. */
const OPAQUE = new RegExp(`^${ANY}+(?:#${ANY}*)?$`, 'u');
/** Two slashes announce an authority, which may be empty when something follows (`file:///x`). */
const HIERARCHICAL = new RegExp(
  `^(?:\\/\\/(?:(?:${IPV6_AUTHORITY}|${AUTHORITY}+)(?=[\\/?#]|$)|(?=[\\/?#]))|(?!\\/\\/))` +
    `${PATH}*(?:\\?${ANY}*)?(?:#${ANY}*)?$`,
  'u',
);

/** Whether CTIM takes the text for a URI: 1 to 2048 units that java.net.URI parses, also relative ones (ctim 2). */
export function isUri(text: string): boolean {
  if (text.length === 0 || text.length > LIMITS.medium) {
    return false;
  }
  const { scheme, rest } = split(text);
  if (scheme === undefined) {
    return HIERARCHICAL.test(rest);
  }
  return SCHEME.test(scheme) && (rest.startsWith('/') ? HIERARCHICAL : OPAQUE).test(rest);
}

/** Whether a browser can open it: a URI with http or https and a host. */
export function isWebUri(text: string): boolean {
  return /^https?:\/\/[^/?#:]/i.test(text) && isUri(text);
}

/** A colon ends the scheme only where nothing else has begun before it. */
function split(text: string): { scheme?: string; rest: string } {
  const end = text.search(/[:/?#]/);
  return text[end] === ':'
    ? { scheme: text.slice(0, end), rest: text.slice(end + 1) }
    : { rest: text };
}
