import { stateOf } from '#cache';
import type { Cache, Inspected } from '#cache';
import { canonicalise, OBSERVABLE_TYPES } from '#observables';
import type { CanonicalObservable } from '#observables';

import type { Answer } from './answer.js';
import { AnswerDesk } from './answer-desk.js';
import type { EnrichmentSource } from './enrichment-source.port.js';
import type { HeldAnswer, Holding } from './holding.js';
import { planQuestions } from './question-plan.js';
import type { PlannedQuestion } from './question-plan.js';

export interface HeldAnswersParts {
  readonly sources: readonly EnrichmentSource[];
  readonly cache: Cache<Answer>;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** Observables looked up or forgotten in one step. */
const STEP = 100;

/** Looks at what is held, for operators: never asks upstream, and changes nothing but by forgetting. */
export class HeldAnswers {
  readonly #parts: HeldAnswersParts;

  constructor(parts: HeldAnswersParts) {
    this.#parts = parts;
  }

  /**
   * In the order asked; one round trip for each hundred.
   *
   * @throws when the store is away.
   */
  async of(tenant: string, observables: readonly CanonicalObservable[]): Promise<Holding[]> {
    const holdings: Holding[] = [];
    for (const step of stepsOf(observables)) {
      const plan = planQuestions(this.#parts.sources, tenant, step);
      const questions = [...plan.distinct.values()];
      const found = await this.#parts.cache.inspect(questions.map(({ key }) => key));
      const held = new Map(questions.map(({ key }, index) => [key, found[index]]));
      plan.observables.forEach(({ asked }, index) => {
        const [observable] = step.slice(index);
        if (observable !== undefined) {
          holdings.push(this.#holding(observable, asked, held));
        }
      });
    }
    return holdings;
  }

  /**
   * Forgets what is held about observables, in all processes.
   *
   * @returns of how many something was held. @throws when the store is away.
   */
  async forget(tenant: string, observables: readonly CanonicalObservable[]): Promise<number> {
    let forgotten = 0;
    for (const step of stepsOf(observables)) {
      const plan = planQuestions(this.#parts.sources, tenant, step);
      const held = await this.of(tenant, step);
      await this.#parts.cache.drop([...plan.distinct.keys()]);
      forgotten += held.filter(({ answers }) => answers.length > 0).length;
    }
    return forgotten;
  }

  /** Every observable of which something is held, in no order; reads the keys of the whole store. */
  async observables(tenant: string): Promise<CanonicalObservable[]> {
    const prefix = AnswerDesk.key(tenant, { id: '', kind: '', observable: NO_OBSERVABLE });
    const found = new Map<string, CanonicalObservable>();
    for await (const keys of this.#parts.cache.keys(prefix)) {
      for (const key of keys) {
        const observable = observableOf(key.slice(prefix.length));
        if (observable !== undefined) {
          found.set(`${observable.type}:${observable.value}`, observable);
        }
      }
    }
    return [...found.values()];
  }

  #holding(
    observable: CanonicalObservable,
    asked: readonly PlannedQuestion[],
    held: ReadonlyMap<string, Inspected<Answer> | undefined>,
  ): Holding {
    const now = this.#parts.clock();
    const answers: HeldAnswer[] = [];
    const missing: string[] = [];
    for (const question of asked) {
      const answer = answerOf(question, held.get(question.key), now);
      if (answer === undefined) {
        missing.push(question.question.kind);
      } else {
        answers.push(answer);
      }
    }
    return { observable, answers, missing };
  }
}

const NO_OBSERVABLE: CanonicalObservable = { type: 'domain', value: '' };

function answerOf(
  { question, source }: PlannedQuestion,
  inspected: Inspected<Answer> | undefined,
  now: number,
): HeldAnswer | undefined {
  if (inspected === undefined) {
    return undefined;
  }
  const { entry, bytes } = inspected;
  const state = stateOf(entry, now);
  if (state === 'absent') {
    return undefined;
  }
  const { summary, fetchedAt } = entry.value;
  return {
    kind: question.kind,
    recordType: source.recordType(question),
    state,
    fetchedAt,
    freshUntil: Math.trunc(entry.freshUntil),
    keepUntil: Math.trunc(entry.keepUntil),
    bytes,
    records: summary.sizes.reduce((sum, size) => sum + size, 0),
    pagesFetched: summary.sizes.length,
    pagesTotal: summary.total,
    intervals: () => source.intervals(entry.value.pages.items),
  };
}

/** The observable of a question's id: its value tells its type. */
function observableOf(id: string): CanonicalObservable | undefined {
  const value = id.slice(id.indexOf(':') + 1);
  const types = OBSERVABLE_TYPES.map((type) => canonicalise(type, value));
  return types.find((one) => one !== undefined);
}

function* stepsOf<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += STEP) {
    yield all.slice(from, from + STEP);
  }
}
