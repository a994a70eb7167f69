import { randomUUID } from 'node:crypto';

import type { Cluster, Redis } from 'ioredis';

import type { InvalidationBus } from '../invalidation-bus.port.js';

const CHANNEL = 'st:invalidate';

/**
 * Invalidations by Redis pub/sub. Pub/sub forgets who is away, so a new subscription tells the
 * listener that messages may have been missed.
 */
export class RedisInvalidationBus implements InvalidationBus {
  readonly #publisher: Redis | Cluster;
  readonly #subscriber: Redis | Cluster;
  readonly #origin = randomUUID();
  #connected = false;

  /** @param subscriber a connection of its own: Redis lets a subscriber do nothing else. */
  constructor(publisher: Redis | Cluster, subscriber: Redis | Cluster) {
    this.#publisher = publisher;
    this.#subscriber = subscriber;
  }

  get connected(): boolean {
    return this.#connected;
  }

  async publish(keys: readonly string[]): Promise<void> {
    await this.#publisher.publish(CHANNEL, [this.#origin, ...keys].join('\n'));
  }

  subscribe(listener: (keys: readonly string[] | null) => void): void {
    const lost = (): void => {
      // What was missed is learnt of at the next subscription; until then the listener may need what
      // it has, since the store is as far away as this connection.
      this.#connected = false;
    };
    this.#subscriber.on('close', lost);
    this.#subscriber.on('end', lost);
    this.#subscriber.on('message', (_channel: string, message: string) => {
      const [origin, ...keys] = message.split('\n');
      if (origin !== this.#origin) {
        listener(keys);
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
        this.#connected = true;
        listener(null);
      },
      () => {
        // Not subscribed: `connected` stays false and the next `ready` tries again.
      },
    );
  }
}
