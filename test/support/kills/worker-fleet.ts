import { setTimeout as pause } from 'node:timers/promises';

import type { Environment } from '../relay-stack.js';
import type { ServiceProcess } from '../service-process.js';
import { startService } from '../service-process.js';

/** Starts of one worker that may fail, as they do while Redis is away. */
const STARTS = 10;
const BETWEEN_STARTS_MS = 200;

/** Workers that are killed at any moment, and replaced at once. */
export class WorkerFleet {
  readonly #env: Environment;
  readonly #running = new Set<ServiceProcess>();
  readonly #starting = new Set<Promise<void>>();

  private constructor(env: Environment) {
    this.#env = env;
  }

  static async start(size: number, env: Environment): Promise<WorkerFleet> {
    const fleet = new WorkerFleet(env);
    for (let index = 0; index < size; index += 1) {
      fleet.#add();
    }
    await fleet.complete();
    return fleet;
  }

  /** SIGKILL to one of those that run, if there are more than are spared. @returns whether there were */
  async killOne(random: () => number, spared: number): Promise<boolean> {
    const victim = [...this.#running][Math.floor(random() * this.#running.size)];
    if (victim === undefined || this.#running.size <= spared) {
      return false;
    }
    this.#running.delete(victim);
    victim.signal('SIGKILL');
    await victim.ended;
    this.#add();
    return true;
  }

  /** Once nobody is being started any more. Rejects when a worker does not start. */
  async complete(): Promise<void> {
    while (this.#starting.size > 0) {
      await Promise.all(this.#starting);
    }
  }

  async stop(): Promise<void> {
    await Promise.allSettled(this.#starting);
    await Promise.all([...this.#running].map((worker) => worker.stop()));
  }

  #add(): void {
    const starting = this.#launch();
    this.#starting.add(starting);
    // Whoever waits for the fleet to be complete hears of a failure, which stays in the set.
    starting.then(
      () => this.#starting.delete(starting),
      () => undefined,
    );
  }

  async #launch(): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        this.#running.add(await startService('worker', this.#env));
        return;
      } catch (error) {
        if (attempt === STARTS) {
          throw error;
        }
        await pause(BETWEEN_STARTS_MS);
      }
    }
  }
}
