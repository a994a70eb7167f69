import { keyDigest } from '../accounts/key-digest.js';
import type { KeyLimits, KeyRing } from '../accounts/key-ring.js';
import type { ActiveFault, FaultBook } from '../faults/fault-book.js';
import type { FaultRule } from '../faults/fault-rule.js';
import { dateOf } from '../time/calendar.js';
import type { VirtualClock } from '../time/virtual-clock.js';
import type { Counters, LoggedRequest, RequestLog } from '../traffic/request-log.js';
import type { Answers } from '../vendor/answers.js';
import type { GivenInterval, PushedInterval } from '../world/given-history.js';
import type { RecordType } from '../world/record-type.js';
import type { World } from '../world/world.js';
import {
  advanceSchema,
  faultSchema,
  historySchema,
  hostsSchema,
  intervalSchema,
  keySchema,
  readInput,
} from './control-inputs.js';

/**
 * What a test or a person may change and read while the simulator runs. Everything is in force from
 * the next request on. Wrong input throws `SimulatorInputError` and changes nothing.
 */
export interface SimulatorControls {
  /** Lets simulated days pass: 1 to 36,500 at once. Time never goes back. */
  advanceDays(days: number): void;
  /** The simulated date, `YYYY-MM-DD`. */
  today(): string;
  /** Replaces a history as it stands, also an impossible one; `null` gives it back to the world. */
  setHistory(host: string, type: RecordType, intervals: readonly GivenInterval[] | null): void;
  /** Puts a new newest interval before a history and ends the running one where it begins. */
  pushInterval(host: string, type: RecordType, interval: PushedInterval): void;
  /** Replaces the names that point to an address; `null` gives it back to the world. */
  setHosts(address: string, hostnames: readonly string[] | null): void;
  /** Adds a fault; the returned function takes it away again. */
  fault(rule: FaultRule): () => void;
  clearFaults(): void;
  /** The faults in force, with digests for keys. */
  faults(): readonly ActiveFault[];
  /** The last requests (at most 100,000), oldest first. */
  requests(): readonly LoggedRequest[];
  counters(): Counters;
  /** Forgets requests and counters. */
  resetCounters(): void;
  /** Adds a key or changes its limits; `null` revokes it. */
  setKey(key: string, limits: KeyLimits | null): void;
  /** What stands for a key in `requests`, `counters` and `faults`. */
  digestOf(key: string): string;
}

/** The parts the controls act on. */
export interface ControlledParts {
  readonly world: World;
  readonly answers: Answers;
  readonly clock: VirtualClock;
  readonly keys: KeyRing;
  readonly faults: FaultBook;
  readonly log: RequestLog;
}

type WorldControls = Pick<
  SimulatorControls,
  'advanceDays' | 'today' | 'setHistory' | 'pushInterval' | 'setHosts'
>;

function worldControls({ world, answers, clock }: ControlledParts): WorldControls {
  return {
    advanceDays: (days) => {
      clock.advance(readInput(advanceSchema, { days }).days);
    },
    today: () => dateOf(clock.today()),
    setHistory: (host, type, intervals) => {
      const input = readInput(historySchema, { host, type, intervals });
      world.setHistory(input.host, input.type, input.intervals);
      answers.forget();
    },
    pushInterval: (host, type, interval) => {
      const input = readInput(intervalSchema, { host, type, interval });
      world.pushInterval(input.host, input.type, input.interval, clock.today());
      answers.forget();
    },
    setHosts: (address, hostnames) => {
      const input = readInput(hostsSchema, { address, hostnames });
      world.setHosts(input.address, input.hostnames);
      answers.forget();
    },
  };
}

/** The controls over a simulator's parts. */
export function createControls(parts: ControlledParts): SimulatorControls {
  const { faults, log, keys } = parts;
  return {
    ...worldControls(parts),
    fault: (rule) => faults.add(readInput(faultSchema, rule)),
    clearFaults: () => {
      faults.clear();
    },
    faults: () => faults.list(),
    requests: () => log.requests(),
    counters: () => log.counters(),
    resetCounters: () => {
      log.reset();
    },
    setKey: (key, limits) => {
      const input = readInput(keySchema, { key, limits });
      keys.set(input.key, input.limits);
    },
    digestOf: keyDigest,
  };
}
