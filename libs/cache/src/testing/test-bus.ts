import type { InvalidationBus } from '../invalidation-bus.port.js';

type Listener = (keys: readonly string[] | null) => void;

/** A channel between the caches of one test. */
export class TestChannel {
  readonly #buses = new Set<TestBus>();
  /** How a message travels; at once unless a test says otherwise. */
  deliver: (message: () => void) => void = (message) => {
    message();
  };

  open(): TestBus {
    const bus = new TestBus(this);
    this.#buses.add(bus);
    return bus;
  }

  send(from: TestBus, keys: readonly string[]): void {
    for (const bus of this.#buses) {
      if (bus !== from) {
        this.deliver(() => {
          bus.hear(keys);
        });
      }
    }
  }
}

/** One cache's end of the channel. */
export class TestBus implements InvalidationBus {
  connected = true;
  away = false;
  readonly #channel: TestChannel;
  #listener: Listener = () => undefined;

  constructor(channel: TestChannel) {
    this.#channel = channel;
  }

  publish(keys: readonly string[]): Promise<void> {
    if (this.away) {
      return Promise.reject(new Error('the bus is away'));
    }
    this.#channel.send(this, keys);
    return Promise.resolve();
  }

  subscribe(listener: Listener): void {
    this.#listener = listener;
  }

  /** What RedisInvalidationBus does when its connection is lost, and when it is back. */
  reconnect(connected: boolean): void {
    this.connected = connected;
    if (connected) {
      this.#listener(null);
    }
  }

  hear(keys: readonly string[]): void {
    if (this.connected) {
      this.#listener(keys);
    }
  }
}
