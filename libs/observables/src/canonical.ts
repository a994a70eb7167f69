import { isIPv4, isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';

/** The observable types that SecurityTrails can say something about; others are ignored. */
export const OBSERVABLE_TYPES = ['ip', 'ipv6', 'domain'] as const;
export type ObservableType = (typeof OBSERVABLE_TYPES)[number];

/** An observable in its look-up form: two spellings of one thing have one canonical value. */
export interface CanonicalObservable {
  readonly type: ObservableType;
  readonly value: string;
}

/** Longest name in DNS (RFC 1035 2.3.4), in its text form without the final dot. */
const MAX_NAME_LENGTH = 253;
/** Longest text worth looking at: four times a name, for what punycode may shrink. */
const MAX_INPUT_LENGTH = 1_024;
/** Underscores are legal in DNS names and common in histories (`_dmarc`, `never_ever_exists.com`). */
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
/** One, in any of the spellings that IDNA takes for it (RFC 3490 3.1). */
const FINAL_DOT = /[.\u3002\uff0e\uff61]$/;
/** What never occurs in a name but makes the URL host parser stop early or decode. */
const NOT_IN_A_NAME = /[\s/\\?#%@:[\]<>^|"'`{}()*,;=&!$+~]/;

/**
 * The look-up form of an observable: lower case, no final dot, IDN as punycode, IPv6 by RFC 5952.
 *
 * @returns undefined when the type is not ours (types are case sensitive, relay-protocol 1.3) or the
 *   value cannot be one of its type: such an observable costs no upstream call and yields nothing.
 */
export function canonicalise(type: string, value: string): CanonicalObservable | undefined {
  if (value.length > MAX_INPUT_LENGTH) {
    return undefined;
  }
  const text = value.trim();
  switch (type) {
    case 'ip':
      return isIPv4(text) ? { type, value: text } : undefined;
    case 'ipv6':
      return wrap(type, canonicalIPv6(text));
    case 'domain':
      return wrap(type, canonicalName(text));
    default:
      return undefined;
  }
}

function wrap(type: ObservableType, value: string | undefined): CanonicalObservable | undefined {
  return value === undefined ? undefined : { type, value };
}

function canonicalIPv6(text: string): string | undefined {
  if (!isIPv6(text) || text.includes('%')) {
    return undefined;
  }
  return new URL(`http://[${text}]`).hostname.slice(1, -1);
}

function canonicalName(text: string): string | undefined {
  const bare = text.replace(FINAL_DOT, '');
  // The usual case, already canonical but for its case, needs no IDNA.
  const name = isAscii(bare) ? bare.toLowerCase() : idna(bare);
  if (name === undefined || name.length === 0 || name.length > MAX_NAME_LENGTH) {
    return undefined;
  }
  const labels = name.split('.');
  if (labels.length < 2 || !labels.every((label) => LABEL.test(label))) {
    return undefined;
  }
  // A last label of digits only is an IPv4 address or a typo of one, never a name (RFC 3696 2).
  return /^\d+$/.test(labels.at(-1) ?? '') ? undefined : name;
}

function idna(text: string): string | undefined {
  return NOT_IN_A_NAME.test(text) ? undefined : domainToASCII(text) || undefined;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    if (text.charCodeAt(i) > 0x7f) {
      return false;
    }
  }
  return true;
}
