import { createHash } from 'node:crypto';

import type { CanonicalObservable } from '#observables';

import type { DnsRecordType, Subject } from './subject.js';

/** The kinds of change, in the words of the operations API. */
export const CHANGE_KINDS = ['ADDED', 'ENDED', 'RETURNED', 'BACKFILLED'] as const;

/**
 * - `ADDED` – a value that the history did not hold, first seen since the last look, or so few days
 *   before it that upstream may not have published it by then.
 * - `ENDED` – a value that was current at the last look and is no longer.
 * - `RETURNED` – a value that had ended and is current again.
 * - `BACKFILLED` – a value that the history did not hold, first seen longer ago, or on a day
 *   that upstream does not tell.
 */
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** A fact that a look brought: when it was true, and when we learned of it. */
export interface Change {
  /** The same for the same fact, whoever finds it and however often. */
  readonly id: string;
  readonly observable: CanonicalObservable;
  readonly recordType: DnsRecordType;
  readonly kind: ChangeKind;
  readonly value: string;
  /**
   * `YYYY-MM-DD`, as upstream showed it at the look: of a new value its first and last day of all,
   * of one that ended or returned those of its latest run. Null when upstream tells none.
   */
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
  /** Epoch milliseconds of the look. */
  readonly detectedAt: number;
  /** The lists that the observable was on then. */
  readonly watchlists: readonly string[];
}

/** A change as it is kept. */
export interface StoredChange extends Change {
  /** Epoch milliseconds. */
  readonly acknowledgedAt: number | null;
  readonly acknowledgedBy: string | null;
}

/** What was found, before it has an id, an observable and a time. */
export interface Finding {
  readonly kind: ChangeKind;
  readonly value: string;
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
  /** What tells this fact from another of the same kind and value: the day it came true. */
  readonly mark: string;
}

export interface Detected extends Subject {
  readonly at: number;
  readonly watchlists: readonly string[];
}

/** Bytes of the digest in an id: as many as a random UUID has. */
const ID_BYTES = 16;

/** Makes a change of a finding. */
export function changeOf(finding: Finding, detected: Detected): Change {
  const { kind, value, firstSeen, lastSeen } = finding;
  return {
    id: changeId(finding, detected),
    observable: detected.observable,
    recordType: detected.recordType,
    kind,
    value,
    firstSeen,
    lastSeen,
    detectedAt: detected.at,
    watchlists: detected.watchlists,
  };
}

function changeId({ kind, value, mark }: Finding, subject: Subject): string {
  const { type, value: of } = subject.observable;
  const fact = JSON.stringify([subject.tenant, type, of, subject.recordType, kind, value, mark]);
  const digest = createHash('sha256').update(fact).digest();
  return `ch_${digest.subarray(0, ID_BYTES).toString('base64url')}`;
}
