import type { RedisClient } from './redis-clients.js';

/** How often a connection is felt, and how long it may take to answer. Milliseconds. */
const BEAT_MS = 1_000;
const ANSWER_MS = 500;

/**
 * Whether a Redis answers, felt in the background. A connection's own state does not tell: a frozen
 * server keeps its sockets open, and probes must neither wait nor load it.
 */
export class RedisPulse {
  readonly #client: RedisClient;
  readonly #beat: NodeJS.Timeout;
  #answered = true;

  constructor(client: RedisClient) {
    this.#client = client;
    this.#beat = setInterval(() => void this.#feel(), BEAT_MS).unref();
  }

  get answers(): boolean {
    return this.#client.status === 'ready' && this.#answered;
  }

  stop(): void {
    clearInterval(this.#beat);
  }

  async #feel(): Promise<void> {
    const late = new Promise<false>((resolve) => setTimeout(resolve, ANSWER_MS, false).unref());
    const answer = this.#client.ping().then(
      () => true,
      () => false,
    );
    this.#answered = await Promise.race([answer, late]);
  }
}
