const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

function mixIn(state: number, text: string): number {
  let mixed = state;
  for (let at = 0; at < text.length; at += 1) {
    mixed = Math.imul(mixed ^ text.charCodeAt(at), PRIME);
  }
  return mixed;
}

// FNV leaves the low bits of similar names alike; this spreads every input bit over the word.
function spread(state: number): number {
  const first = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35);
  return (second ^ (second >>> 16)) >>> 0;
}

/** An unsigned 32-bit number that depends on the parts and their order only; not for secrets. */
export function hash(...parts: readonly (string | number)[]): number {
  return spread(parts.reduce<number>((state, part) => mixIn(state, `${part}\0`), OFFSET));
}

/** One member of a list, chosen by a hash. Throws `RangeError` on an empty list. */
export function pick<T>(list: readonly T[], chosenBy: number): T {
  const member = list[chosenBy % list.length];
  if (member === undefined) {
    throw new RangeError('cannot pick from an empty list');
  }
  return member;
}

/** A whole number in `min..max`, both included, chosen by a hash. */
export function between(min: number, max: number, chosenBy: number): number {
  return min + (chosenBy % (max - min + 1));
}

/** A named draw of one subject: the same label and index always give the same number. */
export type Draw = (label: string, index?: number) => number;

/** Draws for a subject (for example seed and host). */
export function drawFor(...subject: readonly (string | number)[]): Draw {
  return (label, index = 0) => hash(...subject, label, index);
}
