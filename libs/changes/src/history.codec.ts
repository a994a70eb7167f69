import { deflateRawSync, inflateRawSync } from 'node:zlib';

import { dayNumber, dayText } from './day.js';
import { ChangesError } from './errors.js';
import type { KnownInterval } from './interval.js';
import type { KnownHistory } from './known-history.js';
import { Dictionary } from './dictionary.js';

/** First byte: how the rest is written. */
const PLAIN = 0x31;
const DEFLATED = 0x32;
/** Below this, compressing saves less than it costs. */
const DEFLATE_FROM_BYTES = 512;
/** A history of that size is none of ours. */
const MOST_BYTES = 64 * 1_048_576;

/** One number for the usual single member, a list otherwise. */
type Members = number | readonly number[];
/**
 * First and last day (days since 1970, -1 for none), values, owners, then times by their place in
 * the dictionary: latest sight, learned, end learned, withdrawn (its place and one; 0 for never),
 * and whether learned late. Zeros at the end are left out.
 */
type Row = readonly Members[];

interface Packed {
  /** Baseline, latest look (as places in the times), whether that had read everything. */
  readonly h: readonly [number, number, 0 | 1];
  readonly t: readonly number[];
  readonly v: readonly string[];
  readonly o: readonly string[];
  readonly c: readonly number[];
  readonly i: readonly Row[];
  readonly w: readonly Row[];
}

/** Writes a history as compactly as is simple: dictionaries, small tuples, deflated when long. */
export function encodeHistory(history: KnownHistory): Buffer {
  const json = Buffer.from(JSON.stringify(pack(history)));
  return json.length < DEFLATE_FROM_BYTES
    ? Buffer.concat([Buffer.of(PLAIN), json])
    : Buffer.concat([Buffer.of(DEFLATED), deflateRawSync(json)]);
}

/** @throws ChangesError `history_unreadable` for bytes that {@link encodeHistory} did not write. */
export function decodeHistory(bytes: Buffer): KnownHistory {
  try {
    // Only this file writes it, so its shape is as packed.
    return unpack(JSON.parse(jsonOf(bytes).toString()) as Packed);
  } catch (error) {
    throw new ChangesError('history_unreadable', 'A known history cannot be read.', {
      cause: error,
    });
  }
}

function jsonOf(bytes: Buffer): Buffer {
  const [form] = bytes;
  const body = bytes.subarray(1);
  if (form === PLAIN) {
    return body;
  }
  if (form === DEFLATED) {
    return inflateRawSync(body, { maxOutputLength: MOST_BYTES });
  }
  throw new RangeError('unknown form');
}

interface Dictionaries {
  readonly times: Dictionary<number>;
  readonly values: Dictionary<string>;
  readonly orgs: Dictionary<string>;
}

function pack(history: KnownHistory): Packed {
  const words = {
    times: new Dictionary<number>(),
    values: new Dictionary<string>(),
    orgs: new Dictionary<string>(),
  };
  // The commonest time first: a place of zero at the end of a row costs nothing.
  const h = [
    words.times.place(history.baselineAt),
    words.times.place(history.lookedAt),
    history.complete ? 1 : 0,
  ] as const;
  return {
    h,
    i: history.intervals.map((interval) => packRow(interval, words)),
    w: history.withdrawn.map((interval) => packRow(interval, words)),
    c: history.current.map((value) => words.values.place(value)),
    t: words.times.words,
    v: words.values.words,
    o: words.orgs.words,
  };
}

function packRow(interval: KnownInterval, { times, values, orgs }: Dictionaries): Row {
  const row: Members[] = [
    packDay(interval.first),
    packDay(interval.last),
    packMembers(interval.values, values),
    packMembers(interval.orgs, orgs),
    times.place(interval.lastConfirmedAt),
    times.place(interval.learnedAt),
    times.place(interval.endLearnedAt),
    interval.withdrawnAt === null ? 0 : times.place(interval.withdrawnAt) + 1,
    interval.late ? 1 : 0,
  ];
  while (row.at(-1) === 0) {
    row.pop();
  }
  return row;
}

function unpack({ h, t, v, o, c, i, w }: Packed): KnownHistory {
  const words = {
    times: new Dictionary(t),
    values: new Dictionary(v),
    orgs: new Dictionary(o),
  };
  return {
    baselineAt: words.times.word(h[0]),
    lookedAt: words.times.word(h[1]),
    complete: h[2] === 1,
    current: c.map((place) => words.values.word(place)),
    intervals: i.map((row) => unpackRow(row, words)),
    withdrawn: w.map((row) => unpackRow(row, words)),
  };
}

function unpackRow(row: Row, { times, values, orgs }: Dictionaries): KnownInterval {
  const number = (column: number): number => {
    const cell = row[column] ?? 0;
    return typeof cell === 'number' ? cell : NaN;
  };
  const withdrawn = number(7);
  return {
    first: unpackDay(number(0)),
    last: unpackDay(number(1)),
    values: unpackMembers(row[2], values),
    orgs: unpackMembers(row[3], orgs),
    lastConfirmedAt: times.word(number(4)),
    learnedAt: times.word(number(5)),
    endLearnedAt: times.word(number(6)),
    withdrawnAt: withdrawn === 0 ? null : times.word(withdrawn - 1),
    late: number(8) === 1,
  };
}

function packDay(day: string | null): number {
  return day === null ? -1 : dayNumber(day);
}

function unpackDay(number: number): string | null {
  return number === -1 ? null : dayText(number);
}

function packMembers(members: readonly string[], dictionary: Dictionary<string>): Members {
  const places = members.map((member) => dictionary.place(member));
  return places.length === 1 ? (places[0] ?? 0) : places;
}

function unpackMembers(members: Members = 0, dictionary: Dictionary<string>): readonly string[] {
  const places = typeof members === 'number' ? [members] : members;
  return places.map((place) => dictionary.word(place));
}
