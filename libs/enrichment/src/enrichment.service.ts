import { stateOf } from '#cache';
import type { Cache, Entry } from '#cache';
import type { CanonicalObservable } from '#observables';

import type { Answer } from './answer.js';
import { AnswerDesk } from './answer-desk.js';
import type { LifeSettings } from './lives.js';
import { Deadline } from './deadline.js';
import { compose } from './composition.js';
import type { Given } from './composition.js';
import type { Caller, EnrichmentSource } from './enrichment-source.port.js';
import type { ObserveCall, Observed, Refresher } from './observe.js';
import { EnrichmentFailure, problemOf } from './problem.js';
import { planQuestions } from './question-plan.js';
import type { PlannedQuestion, QuestionPlan } from './question-plan.js';

export interface EnrichmentParts {
  readonly sources: readonly EnrichmentSource[];
  readonly cache: Cache<Answer>;
  readonly lives: LifeSettings;
  readonly clock: () => number;
  /** Milliseconds for a whole observe call (OBSERVE_DEADLINE_MS). */
  readonly deadlineMs: number;
  /** Sightings carry the moment of the call instead of the history's time (SIGHTING_TIME=query). */
  readonly sightingsAtQueryTime: boolean;
  /** Told of failures that nobody foresaw; callers get no word of their inside. */
  readonly onUnforeseen: (error: unknown) => void;
}

/** Answers observe calls: held answers at once, the rest from upstream within the deadline. */
export class EnrichmentService {
  readonly #parts: EnrichmentParts;
  readonly #desk: AnswerDesk;
  /** Fetches under way, also those whose callers were answered at the deadline. */
  readonly #fetching = new Set<Promise<unknown>>();

  constructor(parts: EnrichmentParts) {
    this.#parts = parts;
    this.#desk = new AnswerDesk(parts);
  }

  /**
   * Never throws for what upstream does: failures come back as problems beside what could be
   * answered.
   */
  async observe(call: ObserveCall, refresher: Refresher): Promise<Observed> {
    const { clock, sources, sightingsAtQueryTime } = this.#parts;
    const plan = planQuestions(sources, call.caller.tenant, call.observables);
    const answers = await this.#answers(call, plan, refresher);
    const now = clock();
    return compose(plan, answers, {
      depth: call.depth,
      now,
      queriedAt: sightingsAtQueryTime ? now : undefined,
    });
  }

  /**
   * Refreshes whatever is held, or asks for whatever is not, about an observable; what is still
   * fresh is left alone.
   *
   * @throws the first EnrichmentFailure, after all questions were tried.
   */
  async refresh(caller: Caller, observable: CanonicalObservable): Promise<void> {
    const { distinct } = planQuestions(this.#parts.sources, caller.tenant, [observable]);
    const results = await Promise.allSettled(
      [...distinct.values()].map((question) => this.#refreshOne(question, caller)),
    );
    for (const result of results) {
      if (result.status === 'rejected') {
        throw result.reason;
      }
    }
  }

  /** Resolves when the fetches that nobody waits for any more have ended. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#fetching);
  }

  async #refreshOne(question: PlannedQuestion, caller: Caller): Promise<void> {
    const [entry] = await this.#parts.cache.peek([question.key]);
    const now = this.#parts.clock();
    if (entry !== undefined && stateOf(entry, now) !== 'stale') {
      return;
    }
    const { problem } = await this.#desk.refresh(question, caller, entry?.fetchedAt ?? 0);
    if (problem !== undefined) {
      throw problem;
    }
  }

  async #answers(
    call: ObserveCall,
    plan: QuestionPlan,
    refresher: Refresher,
  ): Promise<ReadonlyMap<string, Given>> {
    const questions = [...plan.distinct.values()];
    const held = await this.#held(questions);
    const answers = new Map<string, Given>();
    const missing: [PlannedQuestion, Entry<Answer> | undefined][] = [];
    questions.forEach((question, index) => {
      const entry = held[index];
      if (entry !== undefined && AnswerDesk.suffices(entry, call.depth)) {
        answers.set(question.key, this.#serve(entry, question, call.caller, refresher));
      } else {
        missing.push([question, entry]);
      }
    });
    if (missing.length > 0) {
      await this.#fetchAll(missing, call, answers);
    }
    return answers;
  }

  /** Memory answers without a turn of the event loop; only what it lacks is read from the store. */
  #held(
    questions: readonly PlannedQuestion[],
  ): readonly (Entry<Answer> | undefined)[] | Promise<readonly (Entry<Answer> | undefined)[]> {
    const { cache } = this.#parts;
    const inMemory = questions.map(({ key }) => cache.peekMemory(key));
    return inMemory.includes(undefined) ? cache.peek(questions.map(({ key }) => key)) : inMemory;
  }

  #serve(
    entry: Entry<Answer>,
    { question }: PlannedQuestion,
    caller: Caller,
    refresher: Refresher,
  ): Given {
    const state = stateOf(entry, this.#parts.clock());
    if (state === 'stale') {
      refresher.refresh(caller, question.observable);
    }
    const outcome = state === 'stale' ? 'stale' : entry.negative ? 'negative' : 'hit';
    return { kind: question.kind, answer: entry.value, outcome, upstreamCalls: 0 };
  }

  async #fetchAll(
    missing: readonly [PlannedQuestion, Entry<Answer> | undefined][],
    call: ObserveCall,
    answers: Map<string, Given>,
  ): Promise<void> {
    using deadline = new Deadline(this.#parts.deadlineMs);
    await Promise.all(
      missing.map(async ([question, held]) => {
        answers.set(question.key, await this.#fetch(question, held, call, deadline));
      }),
    );
  }

  async #fetch(
    question: PlannedQuestion,
    held: Entry<Answer> | undefined,
    call: ObserveCall,
    deadline: Deadline,
  ): Promise<Given> {
    const caller = { ...call.caller, patience: deadline.patience };
    const { loaded, upstreamCalls } = this.#desk.fetch(question, caller, call.depth);
    const fetching = loaded.finally(() => {
      this.#fetching.delete(fetching);
    });
    this.#fetching.add(fetching);
    try {
      const { entry, problem } = await deadline.race(fetching);
      return {
        kind: question.question.kind,
        answer: entry.value,
        outcome: 'miss',
        upstreamCalls: upstreamCalls(),
        ...(problem && { problem: problemOf(problem) }),
      };
    } catch (error) {
      if (!(error instanceof EnrichmentFailure)) {
        this.#parts.onUnforeseen(error);
      }
      // What is held of it is still true, only less than was asked for.
      return {
        kind: question.question.kind,
        answer: held?.value,
        outcome: 'error',
        upstreamCalls: upstreamCalls(),
        problem: problemOf(error),
      };
    }
  }
}
