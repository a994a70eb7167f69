import type { CanonicalObservable } from '#observables';

import type { Simulator } from '../../../tools/simulator/simulator.js';
import { hasIpv6 } from './watched-month.js';

const LONG_AGO = '2026-01-01';

/** What an observable points to, and what was seen of that. */
interface Story {
  readonly observable: CanonicalObservable;
  /** Values one after the other; of an address, the names beside the one that stays. */
  readonly values: string[];
  /** How many of them there were at the last look; none: never looked at. */
  seen: number | undefined;
  movedOn: string;
  readonly expected: string[];
}

/**
 * A world whose names and addresses move, and the changes that looks at it have to bring: each once,
 * at the first look that can see it.
 */
export class ChangingWorld {
  readonly #simulator: Simulator;
  readonly #stories = new Map<string, Story>();
  #numbers = 0;
  moves = 0;

  constructor(simulator: Simulator, observables: Iterable<CanonicalObservable>) {
    this.#simulator = simulator;
    for (const observable of observables) {
      this.#begin(observable);
    }
  }

  /** Another value for it; a day shows one move at most. */
  move(value: string): void {
    const story = this.#stories.get(value);
    const today = this.#simulator.today();
    if (story === undefined || story.movedOn === today) {
      return;
    }
    story.movedOn = today;
    story.values.push(this.#newValue(story));
    this.moves += 1;
    if (story.observable.type === 'domain') {
      this.#simulator.pushInterval(value, 'a', { values: story.values.slice(-1) });
    } else {
      this.#showHosts(story);
    }
  }

  /** A refresh looks at it now. */
  look(value: string): void {
    const story = this.#stories.get(value);
    if (story === undefined) {
      return;
    }
    const { values, seen, expected, observable } = story;
    if (seen !== undefined && seen < values.length) {
      // Of a name the values between are in its history; of an address nobody ever hears of them.
      const news = observable.type === 'domain' ? values.slice(seen) : values.slice(-1);
      expected.push(`ENDED ${values[seen - 1] ?? ''}`, ...news.map((one) => `ADDED ${one}`));
    }
    story.seen = values.length;
  }

  /** Nobody knows what was seen of it: it is compared no more. */
  leaveOut(value: string): void {
    this.#stories.delete(value);
  }

  get size(): number {
    return this.#stories.size;
  }

  /** What must have been told of each, in order of the alphabet. */
  *expected(): Generator<readonly [string, readonly string[]]> {
    for (const [value, { expected }] of this.#stories) {
      yield [value, [...expected].sort()];
    }
  }

  /** Moves that no look has seen yet. */
  get unseen(): number {
    return [...this.#stories.values()].reduce(
      (sum, { values, seen }) => sum + values.length - (seen ?? values.length),
      0,
    );
  }

  #begin(observable: CanonicalObservable): void {
    const story: Story = {
      observable,
      values: [],
      seen: undefined,
      movedOn: '',
      expected: [],
    };
    story.values.push(this.#newValue(story));
    this.#stories.set(observable.value, story);
    const { value } = observable;
    if (observable.type !== 'domain') {
      this.#showHosts(story);
      return;
    }
    this.#simulator.setHistory(value, 'a', [{ first_seen: LONG_AGO, values: [...story.values] }]);
    const ipv6 = [{ first_seen: LONG_AGO, values: [`2001:db8::${this.#numbers.toString(16)}`] }];
    this.#simulator.setHistory(value, 'aaaa', hasIpv6(observable) ? ipv6 : []);
  }

  #newValue({ observable }: Story): string {
    this.#numbers += 1;
    const number = this.#numbers;
    return observable.type === 'domain'
      ? `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`
      : `tenant${number}.example.net`;
  }

  #showHosts({ observable, values }: Story): void {
    this.#simulator.setHosts(observable.value, ['owner.example.net', ...values.slice(-1)]);
  }
}
