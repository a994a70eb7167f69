import type { Parsed } from './setting.js';

type Parse<T> = (text: string) => Parsed<T>;

const PRINTABLE = /^[\x21-\x7e]+$/;
const HOST_AND_PORT = /^(\[[0-9a-f:.]+\]|[a-z0-9_](?:[a-z0-9._-]*[a-z0-9])?)(?::(\d{1,5}))?$/;
const MAX_PORT = 65_535;

/** A whole number within the range, both ends included; no sign, exponent or separator. */
export function integer(min: number, max: number): Parse<number> {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    return value >= min && value <= max
      ? { value }
      : { problem: `must be a whole number from ${min} to ${max}` };
  };
}

/** A share from 0 to 1, as a plain decimal. */
export function share(text: string): Parsed<number> {
  const value = /^\d(\.\d{1,15})?$/.test(text) ? Number(text) : Number.NaN;
  return value <= 1 ? { value } : { problem: 'must be a decimal from 0 to 1' };
}

export function flag(text: string): Parsed<boolean> {
  const value = { true: true, '1': true, false: false, '0': false }[text.toLowerCase()];
  return value === undefined ? { problem: 'must be true or false' } : { value };
}

export function oneOf<const T extends string>(choices: readonly T[]): Parse<T> {
  return (text) => {
    const value = choices.find((choice) => choice === text);
    return value === undefined ? { problem: `must be one of ${choices.join(', ')}` } : { value };
  };
}

/** A comma list of some of the choices, each kept once. At least one. */
export function someOf<const T extends string>(choices: readonly T[]): Parse<readonly T[]> {
  const each = list(oneOf(choices));
  return (text) => {
    const parsed = each(text);
    if ('value' in parsed && parsed.value.length > 0) {
      return { value: [...new Set(parsed.value)] };
    }
    return { problem: `must be a comma list of ${choices.join(', ')}` };
  };
}

/** A comma list; empty items are skipped, so an empty text is an empty list. */
export function list<T>(each: Parse<T>): Parse<readonly T[]> {
  return (text) => {
    const value: T[] = [];
    for (const item of text.split(',').map((part) => part.trim())) {
      const parsed = item === '' ? undefined : each(item);
      if (parsed && 'problem' in parsed) {
        return { problem: `every item ${parsed.problem}` };
      }
      if (parsed) {
        value.push(parsed.value);
      }
    }
    return { value };
  };
}

/**
 * An http or https URL, given back without its final slash. Credentials are refused because such a
 * URL is shown in answers and logs; query and fragment because a path is appended to it.
 */
export function httpUrl(text: string): Parsed<string> {
  const url = URL.canParse(text) && PRINTABLE.test(text) ? new URL(text) : undefined;
  if (!url || !/^https?:\/\//i.test(text) || !/^https?:$/.test(url.protocol)) {
    return { problem: 'must be an http or https URL' };
  }
  if (url.username || url.password || /[?#]/.test(text)) {
    return { problem: 'must be a URL without user, password, query or fragment' };
  }
  return { value: text.replace(/\/+$/, '') };
}

/** `host` or `host:port`, in lower case. */
export function hostAndPort(text: string): Parsed<string> {
  const host = text.toLowerCase();
  return splitHostAndPort(host) ? { value: host } : { problem: 'must be host or host:port' };
}

/** The two parts of `host[:port]`; an IPv6 host loses its brackets. Undefined when it is neither. */
export function splitHostAndPort(text: string): { host: string; port?: number } | undefined {
  const [, host, port] = HOST_AND_PORT.exec(text.toLowerCase()) ?? [];
  if (host === undefined || Number(port ?? 1) < 1 || Number(port ?? 1) > MAX_PORT) {
    return undefined;
  }
  const bare = host.replace(/^\[|\]$/g, '');
  return port === undefined ? { host: bare } : { host: bare, port: Number(port) };
}

/** Printable ASCII without spaces: what may stand in a header, a log line or a claim's path. */
export function token(text: string): Parsed<string> {
  return PRINTABLE.test(text)
    ? { value: text }
    : { problem: 'must be printable ASCII without spaces' };
}

/** Anything at all; for secrets whose bytes are somebody else's choice. */
export function anyText(text: string): Parsed<string> {
  return { value: text };
}
