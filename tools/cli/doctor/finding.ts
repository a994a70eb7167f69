/** What one check found. `remedy` says what to do about it; there is none for `ok` and `skip`. */
export interface Finding {
  readonly level: 'ok' | 'warn' | 'FAIL' | 'skip';
  /** What was looked at, in a word or two. */
  readonly name: string;
  readonly text: string;
  readonly remedy?: string;
}

const LEVEL_WIDTH = 5;
const NAME_WIDTH = 15;

/** The one line that is printed for a finding. */
export function findingLine({ level, name, text, remedy }: Finding): string {
  const start = `${level.padEnd(LEVEL_WIDTH)} ${name.padEnd(NAME_WIDTH)} ${text}`;
  return remedy === undefined ? start : `${start} — ${remedy}`;
}
