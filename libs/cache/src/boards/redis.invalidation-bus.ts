import { randomUUID } from 'node:crypto';

import type { Cluster, Redis } from 'ioredis';

import type { InvalidationBus } from '../invalidation-bus.port.js';

const CHANNEL = 'st:invalidate';

/** A process hears itself so often, in milliseconds; not heard for longer, the line is dead. */
const BEAT_MS = 400;
const SILENCE_MS = 1_000;

/**
 * Invalidations by Redis pub/sub. Pub/sub forgets who is away, so when a line is new or heard again
 * the listener is told that messages may have been missed. A socket can be dead for minutes before
 * anybody closes it, which is why each process sends itself a beat: it is connected as long as that
 * comes back.
 */
export class RedisInvalidationBus implements InvalidationBus {
  readonly #publisher: Redis | Cluster;
  readonly #subscriber: Redis | Cluster;
  readonly #origin = randomUUID();
  readonly #beat: NodeJS.Timeout;
  #heardAt = -Infinity;

  /** @param subscriber a connection of its own: Redis lets a subscriber do nothing else. */
  constructor(publisher: Redis | Cluster, subscriber: Redis | Cluster) {
    this.#publisher = publisher;
    this.#subscriber = subscriber;
    this.#beat = setInterval(() => {
      this.#sendBeat();
    }, BEAT_MS).unref();
  }

  get connected(): boolean {
    return performance.now() - this.#heardAt < SILENCE_MS;
  }

  async publish(keys: readonly string[]): Promise<void> {
    await this.#publisher.publish(CHANNEL, [this.#origin, ...keys].join('\n'));
  }

  subscribe(listener: (keys: readonly string[] | null) => void): void {
    const lost = (): void => {
      // What was missed is learnt of when the line is heard again; until then the listener may need
      // what it has, since the store is as far away as this connection.
      this.#heardAt = -Infinity;
    };
    this.#subscriber.on('close', lost);
    this.#subscriber.on('end', () => {
      lost();
      clearInterval(this.#beat);
    });
    this.#subscriber.on('message', (_channel: string, message: string) => {
      const [origin, ...keys] = message.split('\n');
      if (origin !== this.#origin) {
        listener(keys);
      } else if (keys.length === 0) {
        this.#heardBeat(listener);
      }
    });
    this.#subscriber.on('ready', () => {
      this.#resubscribe(listener);
    });
    if (this.#subscriber.status === 'ready') {
      this.#resubscribe(listener);
    }
  }

  #resubscribe(listener: (keys: null) => void): void {
    this.#subscriber.subscribe(CHANNEL).then(
      () => {
        this.#heardBeat(listener);
      },
      () => {
        // Not subscribed: nothing is heard and the next `ready` tries again.
      },
    );
  }

  #heardBeat(listener: (keys: null) => void): void {
    if (!this.connected) {
      listener(null);
    }
    this.#heardAt = performance.now();
  }

  #sendBeat(): void {
    this.#publisher.publish(CHANNEL, this.#origin).catch(() => {
      // A beat that is not sent is not heard, which is what it is for.
    });
  }
}
