import type { Cluster, Redis } from 'ioredis';

import type { ProgressBus, WatchEvent } from './progress.js';

const CHANNEL = 'st:watch';

export interface RedisProgressBusParts {
  readonly redis: Redis | Cluster;
  /** A connection that only listens; without one nobody can listen here. */
  readonly subscriber?: Redis | Cluster;
  readonly onTrouble: (error: unknown) => void;
}

/** Events by Redis' publish and subscribe. */
export class RedisProgressBus implements ProgressBus {
  readonly #parts: RedisProgressBusParts;

  constructor(parts: RedisProgressBusParts) {
    this.#parts = parts;
  }

  tell(events: readonly WatchEvent[]): void {
    if (events.length === 0) {
      return;
    }
    const pipeline = this.#parts.redis.pipeline();
    for (const event of events) {
      pipeline.publish(CHANNEL, JSON.stringify(event));
    }
    pipeline.exec().catch(this.#parts.onTrouble);
  }

  async listen(heard: (event: WatchEvent) => void): Promise<() => Promise<void>> {
    const { subscriber } = this.#parts;
    if (subscriber === undefined) {
      throw new TypeError('Listening needs a connection of its own');
    }
    const onMessage = (channel: string, text: string): void => {
      if (channel === CHANNEL) {
        // Only this file writes to the channel.
        heard(JSON.parse(text) as WatchEvent);
      }
    };
    subscriber.on('message', onMessage);
    await subscriber.subscribe(CHANNEL);
    return async () => {
      subscriber.off('message', onMessage);
      if (subscriber.listenerCount('message') === 0) {
        await subscriber.unsubscribe(CHANNEL);
      }
    };
  }
}
