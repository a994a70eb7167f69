import type { CanonicalObservable } from '#observables';

import { readHeader } from './bulk-columns.js';
import type { BulkColumns } from './bulk-columns.js';
import { csvCells, withoutFormulaMark } from './csv-line.js';
import { refang } from './defang.js';
import { parseExpiry } from './expiry.js';
import { looksLikeValue, observableIn } from './host-of.js';
import type { NoObservable } from './host-of.js';
import { keyOf } from './observable-key.js';

export interface AcceptedValue {
  readonly observable: CanonicalObservable;
  /** As it stood in the text, at most 200 characters. */
  readonly original: string;
  readonly line: number;
  readonly note?: string;
  readonly expiresAt?: number;
}

export type RejectionReason =
  | NoObservable
  | 'no value in this line'
  | 'an expiry that is neither a date nor a duration'
  | 'an expiry in the past'
  | 'one more than a watchlist holds';

export interface RejectedValue {
  /** From 1. */
  readonly line: number;
  /** At most 200 characters. */
  readonly value: string;
  readonly reason: RejectionReason;
}

export interface BulkResult {
  readonly accepted: readonly AcceptedValue[];
  /** The first of them, {@link MAX_REJECTIONS} at most. */
  readonly rejected: readonly RejectedValue[];
  readonly rejectedCount: number;
  /** Values that an earlier one equals. */
  readonly duplicates: number;
}

export interface BulkOptions {
  /** Epoch milliseconds, for durations. */
  readonly now: number;
  /** Values accepted at most; the others are rejected. */
  readonly limit: number;
  /** Gives the event loop its turn, about every 10 ms of work; `setImmediate` as a promise. */
  readonly pause: () => Promise<unknown>;
  /** Milliseconds of any clock that runs evenly. */
  readonly elapsed: () => number;
}

/** More nobody reads, and hostile text could have millions. */
export const MAX_REJECTIONS = 10_000;
const SHOWN = 200;
const SLICE_MS = 8;
/** Steps between two looks at the clock. */
const STRIDE = 32;
const COMMENT = /^(?:#|\/\/)/;
const TRAILING_COMMENT = /\s(?:#|\/\/)[^]*/;
/** Characters of a line taken at once; a value is cut only where none can be. */
const MAX_LINE = 65_536;
const GAP = /[\s,;|]+/;

type Finding = AcceptedValue | RejectedValue | undefined;

/**
 * Reads text as people paste it: CSV with a header row, or values among words, one or many a line,
 * defanged or not. Never throws; linear in the length of the text; pauses between slices.
 */
export async function readBulkText(text: string, options: BulkOptions): Promise<BulkResult> {
  const result = new Collected(options.limit);
  let [steps, begun] = [0, options.elapsed()];
  for (const finding of findings(text, options.now)) {
    result.add(finding);
    steps += 1;
    if (steps % STRIDE === 0 && options.elapsed() - begun > SLICE_MS) {
      await options.pause();
      begun = options.elapsed();
    }
  }
  return result;
}

class Collected implements BulkResult {
  readonly accepted: AcceptedValue[] = [];
  readonly rejected: RejectedValue[] = [];
  rejectedCount = 0;
  duplicates = 0;
  readonly #seen = new Set<string>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(finding: Finding): void {
    if (finding === undefined) {
      return;
    }
    if ('reason' in finding) {
      this.#reject(finding);
      return;
    }
    const key = keyOf(finding.observable);
    if (this.#seen.has(key)) {
      this.duplicates += 1;
    } else if (this.accepted.length >= this.#limit) {
      const { line, original } = finding;
      this.#reject({ line, value: original, reason: 'one more than a watchlist holds' });
    } else {
      this.#seen.add(key);
      this.accepted.push(finding);
    }
  }

  #reject(rejected: RejectedValue): void {
    this.rejectedCount += 1;
    if (this.rejected.length < MAX_REJECTIONS) {
      this.rejected.push(rejected);
    }
  }
}

/** One step at a time, undefined where nothing was found, so that the caller can pause. */
function* findings(text: string, now: number): Generator<Finding> {
  let columns: BulkColumns | undefined;
  let begun = false;
  for (const { number, content } of lines(text)) {
    const line = content.trim();
    if (line === '' || COMMENT.test(line)) {
      yield undefined;
      continue;
    }
    const header = begun ? undefined : readHeader(line);
    begun = true;
    if (header !== undefined) {
      columns = header;
    } else if (columns === undefined) {
      yield* freeLine(line, number);
    } else {
      yield* tableRow(line, number, { columns, now });
    }
  }
}

function* lines(text: string): Generator<{ number: number; content: string }> {
  let [at, number] = [text.startsWith('\ufeff') ? 1 : 0, 1];
  while (at < text.length) {
    const found = text.indexOf('\n', at);
    const end = found < 0 ? text.length : found;
    for (let start = at; start < end || start === at;) {
      const stop = end - start > MAX_LINE ? gapBefore(text, start + MAX_LINE, start) : end;
      yield { number, content: text.slice(start, stop) };
      start = Math.max(stop, start + 1);
    }
    at = end + 1;
    number += 1;
  }
}

/** Where to cut a very long line: at a gap near there, else right there. */
function gapBefore(text: string, end: number, start: number): number {
  for (let at = end; at > Math.max(start, end - 5_000); at -= 1) {
    if (GAP.test(text.charAt(at))) {
      return at;
    }
  }
  return end;
}

function* freeLine(line: string, number: number): Generator<Finding> {
  const pieces = refang(line.replace(TRAILING_COMMENT, '')).split(GAP).filter(isNotEmpty);
  let useful = false;
  for (const piece of pieces) {
    const found = observableIn(piece);
    const mentioned = typeof found !== 'string' || looksLikeValue(piece);
    useful ||= mentioned;
    yield mentioned ? finding(found, piece, number) : undefined;
  }
  if (!useful && pieces.length > 0) {
    yield { line: number, value: shown(line), reason: 'no value in this line' };
  }
}

function* tableRow(
  line: string,
  number: number,
  { columns, now }: { readonly columns: BulkColumns; readonly now: number },
): Generator<Finding> {
  const cells = csvCells(line, columns.delimiter);
  const values = columns.values.map((index) => cells[index] ?? '').filter(isNotEmpty);
  if (values.length === 0) {
    yield { line: number, value: shown(line), reason: 'no value in this line' };
    return;
  }
  const expires = cellOf(cells, columns.expires);
  const expiresAt = parseExpiry(expires, now);
  const problem = expires === '' ? undefined : expiryProblem(expiresAt, now);
  if (problem !== undefined) {
    yield { line: number, value: shown(expires), reason: problem };
    return;
  }
  const note = withoutFormulaMark(cellOf(cells, columns.note));
  const extras = {
    ...(note === '' ? {} : { note }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
  for (const value of values) {
    const found = finding(observableIn(refang(value)), value, number);
    yield 'reason' in found ? found : { ...found, ...extras };
  }
}

function cellOf(cells: readonly string[], index: number | undefined): string {
  return index === undefined ? '' : (cells[index] ?? '');
}

function expiryProblem(expiresAt: number | undefined, now: number): RejectionReason | undefined {
  if (expiresAt === undefined) {
    return 'an expiry that is neither a date nor a duration';
  }
  return expiresAt <= now ? 'an expiry in the past' : undefined;
}

function finding(
  found: CanonicalObservable | NoObservable,
  piece: string,
  line: number,
): AcceptedValue | RejectedValue {
  return typeof found === 'string'
    ? { line, value: shown(piece), reason: found }
    : { observable: found, original: shown(piece), line };
}

function shown(text: string): string {
  return text.slice(0, SHOWN).toWellFormed();
}

function isNotEmpty(text: string): boolean {
  return text !== '';
}
