/** What a terminal would obey rather than show: controls, and marks that reorder or hide text. */
const UNSEEN =
  /[\p{Cc}\p{Zl}\p{Zp}\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;
const UNITS = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'm'],
] as const;

/** A text as one harmless line: what would move a cursor or reorder it becomes a mark. */
export function shown(text: string): string {
  return text.toWellFormed().replaceAll(UNSEEN, '\ufffd');
}

/**
 * One line of JSON without a character that a terminal would obey; reads back as the same value. Those
 * that JSON leaves as they are stand only within its texts, where an escape means the same.
 */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replaceAll(UNSEEN, escaped);
}

/** The minute of an instant (epoch milliseconds) in UTC, such as `2026-11-22T10:05Z`. */
export function minuteText(at: number | null): string {
  return at === null ? '-' : `${new Date(at).toISOString().slice(0, 16)}Z`;
}

/** For JSON: an instant in UTC to the millisecond. */
export function instantText(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

/** `1d`, `36h`, `90m` or `61s`: the largest unit that says it exactly. */
export function durationText(seconds: number): string {
  const [size, unit] = UNITS.find(([size]) => seconds >= size && seconds % size === 0) ?? [1, 's'];
  return `${seconds / size}${unit}`;
}

/** Whether something holds, in a table. */
export function yesNo(holds: boolean): string {
  return holds ? 'yes' : 'no';
}

/** At most two decimals; `-` for what is not known. */
export function numberText(number: number | null): string {
  return number === null ? '-' : String(Math.round(number * 100) / 100);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
