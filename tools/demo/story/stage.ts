import { DemoFailure } from '../demo-failure.js';

/** Something that the simulator's controls are told (`GET /_sim/` lists them). */
export interface StageOrder {
  readonly path: '/_sim/history' | '/_sim/intervals' | '/_sim/hosts';
  readonly body: object;
}

/** The simulated world, from behind the scene. */
export class Stage {
  readonly #origin: string;

  /** @param origin of the simulator, without a path */
  constructor(origin: string) {
    this.#origin = origin;
  }

  /** The simulated day, `YYYY-MM-DD`. */
  async today(): Promise<string> {
    return todayIn(await this.#call('/_sim/world'));
  }

  /** Lets a simulated day pass. @returns the new one, `YYYY-MM-DD`. */
  async nextDay(): Promise<string> {
    return todayIn(await this.#call('/_sim/advance', { days: 1 }));
  }

  /** Does the orders one after the other. @throws DemoFailure `story-failed`. */
  async arrange(orders: readonly StageOrder[]): Promise<void> {
    for (const { path, body } of orders) {
      await this.#call(path, body);
    }
  }

  async #call(path: string, body?: object): Promise<unknown> {
    const answer = await fetch(this.#origin + path, {
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    });
    if (!answer.ok) {
      const why = await answer.text();
      throw new DemoFailure('story-failed', `the simulator refuses ${path}: ${why}`, 'simulator');
    }
    return answer.json();
  }
}

function todayIn(answer: unknown): string {
  return (answer as { today: string }).today;
}
