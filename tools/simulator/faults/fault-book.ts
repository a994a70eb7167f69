import { keyDigest } from '../accounts/key-digest.js';
import type { Endpoint } from '../vendor/question.js';
import type { RecordType } from '../world/record-type.js';
import type { FaultRule } from './fault-rule.js';

/** What a rule is matched against. */
export interface FaultSubject {
  readonly endpoint: Endpoint;
  /** Name or address asked about. */
  readonly host: string;
  readonly recordType: RecordType | undefined;
  readonly page: number;
  /** Digest of the key. */
  readonly key: string;
}

/** A rule in force, the key in it as a digest. */
export interface ActiveFault {
  readonly rule: FaultRule;
  /** Requests still to be hit; `null` without end. */
  readonly left: number | null;
  readonly hits: number;
}

type Mutable<T> = { -readonly [Field in keyof T]: T[Field] };

function withDigest(rule: FaultRule): FaultRule {
  const key = rule.match?.key;
  return key === undefined ? rule : { ...rule, match: { ...rule.match, key: keyDigest(key) } };
}

function matches(rule: FaultRule, subject: FaultSubject): boolean {
  const { endpoint, host, recordType, page, key } = rule.match ?? {};
  const fits = <T>(wanted: T | undefined, is: T): boolean => wanted === undefined || wanted === is;
  return (
    fits(endpoint, subject.endpoint) &&
    fits(host?.toLowerCase(), subject.host) &&
    fits(recordType, subject.recordType) &&
    fits(page, subject.page) &&
    fits(key, subject.key)
  );
}

/** The faults in force; the oldest rule that matches is the one that hits. */
export class FaultBook {
  #active: Mutable<ActiveFault>[] = [];

  /** Adds a rule; the returned function takes it away again. */
  add(rule: FaultRule): () => void {
    const fault = { rule: withDigest(rule), left: rule.times ?? null, hits: 0 };
    this.#active.push(fault);
    return () => {
      this.#remove(fault);
    };
  }

  /** The rule that hits a request, used up by one; `undefined` if none does. */
  take(subject: FaultSubject): FaultRule | undefined {
    const fault = this.#active.find(({ rule }) => matches(rule, subject));
    if (fault === undefined) {
      return undefined;
    }
    fault.hits += 1;
    if (fault.left !== null) {
      fault.left -= 1;
    }
    if (fault.left === 0) {
      this.#remove(fault);
    }
    return fault.rule;
  }

  list(): readonly ActiveFault[] {
    return this.#active.map((fault) => ({ ...fault }));
  }

  clear(): void {
    this.#active = [];
  }

  #remove(fault: ActiveFault): void {
    this.#active = this.#active.filter((active) => active !== fault);
  }
}
