import type { Day } from '../time/calendar.js';
import { derivedRhythm } from './derived-hosts.js';
import { recordOf, withHead, type GivenInterval, type PushedInterval } from './given-history.js';
import { drawFor } from './hash.js';
import { recordOfInterval, type HistoryRecord } from './history-record.js';
import { derivedHostList, fixedHostList, type HostList } from './host-list.js';
import { NAMED_HOSTS } from './named-hosts.js';
import type { RecordType, RecordValue } from './record-type.js';
import {
  CROWDED_ADDRESS,
  crowdOn,
  hostOn,
  sharedHostRhythm,
  EMPTY_ADDRESS,
} from './shared-hosting.js';
import { intervalsOn, type Rhythm } from './timeline.js';

const NAMED = new Map(NAMED_HOSTS.map((named) => [named.host, named]));

/**
 * The simulated internet: for the same seed, first day and overrides, the same question has the
 * same answer on the same day. Names and addresses are expected in canonical form.
 */
export class World {
  readonly #seed: number;
  readonly #epoch: Day;
  readonly #givenHistories = new Map<string, readonly GivenInterval[]>();
  readonly #givenHosts = new Map<string, readonly string[]>();
  #named: { day: Day; byAddress: Map<string, string[]> } | undefined;

  /** `epoch` is the first simulated day: the named hosts' lengths hold on it. */
  constructor(seed: number, epoch: Day) {
    this.#seed = seed;
    this.#epoch = epoch;
  }

  /** All records on a day, newest first. */
  history(host: string, type: RecordType, day: Day): readonly HistoryRecord[] {
    const given = this.#givenHistories.get(`${type} ${host}`);
    if (given !== undefined) {
      return given.map((interval) => recordOf(type, interval, day));
    }
    return intervalsOn(this.#rhythm(host, type), day).map((interval) =>
      recordOfInterval(type, interval),
    );
  }

  /** Whether a test has given the history of a name itself. */
  isGiven(host: string, type: RecordType): boolean {
    return this.#givenHistories.has(`${type} ${host}`);
  }

  /** Replaces a history as it is given, also in an order the vendor never has; `null` undoes it. */
  setHistory(host: string, type: RecordType, intervals: readonly GivenInterval[] | null): void {
    this.#named = undefined;
    if (intervals === null) {
      this.#givenHistories.delete(`${type} ${host}`);
    } else {
      this.#givenHistories.set(`${type} ${host}`, intervals);
    }
  }

  /** Puts an interval at the head. Throws `SimulatorInputError` when it is not the newest. */
  pushInterval(host: string, type: RecordType, interval: PushedInterval, today: Day): void {
    const older = this.history(host, type, today);
    this.setHistory(host, type, withHead(older, interval, today));
  }

  /** The names that point to an address now. */
  hosts(address: string, day: Day): HostList {
    const given = this.#givenHosts.get(address);
    if (given !== undefined) {
      return fixedHostList(given);
    }
    const ranked = address === EMPTY_ADDRESS ? [] : this.#namedHostsOn(address, day);
    const crowd = crowdOn(this.#seed, address);
    const count = address === CROWDED_ADDRESS ? crowd : crowd + ranked.length;
    return derivedHostList(ranked, count, (index) => hostOn(address, index, crowd));
  }

  /** Replaces the names of an address; `null` undoes it. */
  setHosts(address: string, hostnames: readonly string[] | null): void {
    if (hostnames === null) {
      this.#givenHosts.delete(address);
    } else {
      this.#givenHosts.set(address, hostnames);
    }
  }

  #rhythm(host: string, type: RecordType): Rhythm {
    const origin = { type, draw: drawFor(this.#seed, host, type) };
    return (
      NAMED.get(host)?.rhythm(origin, this.#epoch) ??
      sharedHostRhythm(host, origin) ??
      derivedRhythm(this.#seed, host, type)
    );
  }

  // One pass over the named hosts a day, not one an address: a list page must stay cheap.
  #namedHostsOn(address: string, day: Day): readonly string[] {
    if (this.#named?.day !== day) {
      this.#named = { day, byAddress: this.#namedByAddress(day) };
    }
    return this.#named.byAddress.get(address) ?? [];
  }

  #namedByAddress(day: Day): Map<string, string[]> {
    const byAddress = new Map<string, string[]>();
    for (const { host } of NAMED_HOSTS) {
      for (const address of this.#newestAddresses(host, day)) {
        byAddress.set(address, [...(byAddress.get(address) ?? []), host]);
      }
    }
    return byAddress;
  }

  #newestAddresses(host: string, day: Day): string[] {
    const newest = (type: RecordType): readonly RecordValue[] =>
      this.history(host, type, day)[0]?.values ?? [];
    return [...newest('a'), ...newest('aaaa')]
      .map((value) => value['ip'] ?? value['ipv6'])
      .filter((address) => typeof address === 'string');
  }
}
