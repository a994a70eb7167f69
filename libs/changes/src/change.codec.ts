import type { ObservableType } from '#observables';

import type { Change, ChangeKind, StoredChange } from './change.js';
import type { DnsRecordType } from './subject.js';

/** A change as it is kept: `t`, `o` and `w` are also read by the scripts that remove it. */
interface Body {
  readonly d: number;
  readonly t: ObservableType;
  readonly o: string;
  readonly r: DnsRecordType;
  readonly k: ChangeKind;
  readonly v: string;
  readonly f: string | null;
  readonly l: string | null;
  readonly w: readonly string[];
}

export function encodeChange(change: Change): string {
  const body: Body = {
    d: change.detectedAt,
    t: change.observable.type,
    o: change.observable.value,
    r: change.recordType,
    k: change.kind,
    v: change.value,
    f: change.firstSeen,
    l: change.lastSeen,
    w: change.watchlists,
  };
  return JSON.stringify(body);
}

export function encodeAcknowledgement(at: number, by: string): string {
  return JSON.stringify([at, by]);
}

/** Reads what only this file writes. */
export function decodeChange(id: string, text: string, acknowledged: string | null): StoredChange {
  const body = JSON.parse(text) as Body;
  const [at, by] =
    acknowledged === null ? [null, null] : (JSON.parse(acknowledged) as [number, string]);
  return {
    id,
    observable: { type: body.t, value: body.o },
    recordType: body.r,
    kind: body.k,
    value: body.v,
    firstSeen: body.f,
    lastSeen: body.l,
    detectedAt: body.d,
    watchlists: body.w,
    acknowledgedAt: at,
    acknowledgedBy: by,
  };
}
