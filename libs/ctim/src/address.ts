const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const GROUP = /^[0-9A-Fa-f]{1,4}$/;
const GROUPS = 8;
/** Letters of any script, for names given in their Unicode form; underscores occur in DNS. */
const LABEL = /^[\p{L}\p{N}_](?:[\p{L}\p{M}\p{N}_-]{0,61}[\p{L}\p{M}\p{N}_])?$/u;
const MAX_NAME_LENGTH = 253;

/** Whether the text is an IPv4 address in four decimal parts without leading zeros. */
export function isIPv4(text: string): boolean {
  return IPV4.test(text);
}

/** Whether the text is an IPv6 address (RFC 4291 2.2), without a zone. */
export function isIPv6(text: string): boolean {
  const halves = text.split('::');
  const [head = '', tail] = halves;
  if (tail === undefined) {
    return count(head, true) === GROUPS;
  }
  const groups = count(head, false) + count(tail, true);
  return halves.length === 2 && groups < GROUPS;
}

/**
 * Whether the text is a DNS name of two labels or more; case, final dot and script as given. A last
 * label of digits makes it a mistyped address (RFC 3696 2).
 */
export function isName(text: string): boolean {
  const bare = text.endsWith('.') ? text.slice(0, -1) : text;
  const labels = bare.split('.');
  return (
    bare.length <= MAX_NAME_LENGTH &&
    labels.length >= 2 &&
    labels.every((label) => LABEL.test(label)) &&
    !/^\d+$/.test(labels.at(-1) ?? '')
  );
}

/** The 16-bit groups of one side of an IPv6 address; NaN when it is malformed. */
function count(side: string, mayEndInIPv4: boolean): number {
  if (side === '') {
    return 0;
  }
  const groups = side.split(':');
  const last = groups.at(-1) ?? '';
  const embedded = mayEndInIPv4 && isIPv4(last);
  const plain = embedded ? groups.slice(0, -1) : groups;
  return plain.every((group) => GROUP.test(group)) ? groups.length + Number(embedded) : Number.NaN;
}
