import { stateOf } from '#cache';
import type { Cache, Entry } from '#cache';
import type { CanonicalObservable } from '#observables';

import type { Answer } from './answer.js';
import { AnswerDesk } from './answer-desk.js';
import type { RefreshWish } from './answer-desk.js';
import type { LifeSettings } from './lives.js';
import { Deadline } from './deadline.js';
import { compose } from './composition.js';
import type { Given } from './composition.js';
import { HeldAnswers } from './held-answers.js';
import type { Caller, EnrichmentSource } from './enrichment-source.port.js';
import type { ObserveCall, Observed, Refresher } from './observe.js';
import { EnrichmentFailure, problemOf } from './problem.js';
import { planQuestions } from './question-plan.js';
import type { PlannedQuestion, QuestionPlan } from './question-plan.js';
import { readingOf } from './refresh.js';
import type { Refreshed, RefreshPlan } from './refresh.js';

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

function pagesOf({ depth = 1, onPage }: RefreshPlan): Pick<RefreshWish, 'depth' | 'onPage'> {
  return { depth, onPage: onPage ?? (() => undefined) };
}

type QuestionEnd =
  | ReturnType<typeof readingOf>
  | { readonly state: 'resting' }
  | { readonly state: 'failed'; readonly problem: ReturnType<typeof problemOf> };

/** Answers observe calls: held answers at once, the rest from upstream within the deadline. */
export class EnrichmentService {
  readonly #parts: EnrichmentParts;
  /** What is held, to look at. */
  readonly held: HeldAnswers;
  readonly #desk: AnswerDesk;
  /** Fetches under way, also those whose callers were answered at the deadline. */
  readonly #fetching = new Set<Promise<unknown>>();

  constructor(parts: EnrichmentParts) {
    this.#parts = parts;
    this.held = new HeldAnswers(parts);
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
   * Refreshes whatever is held, or asks for whatever is not, about an observable, in the background.
   *
   * @returns what became of each question, failures included; it does not reject for them.
   */
  async refresh(
    caller: Caller,
    observable: CanonicalObservable,
    plan: RefreshPlan = {},
  ): Promise<readonly Refreshed[]> {
    const { distinct } = planQuestions(this.#parts.sources, caller.tenant, [observable]);
    return Promise.all(
      [...distinct.values()].map(async (asked) => ({
        kind: asked.question.kind,
        recordType: asked.source.recordType(asked.question),
        ...(await this.#refreshOne(asked, caller, plan)),
      })),
    );
  }

  /** Resolves when the fetches that nobody waits for any more have ended. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#fetching);
  }

  async #refreshOne(
    asked: PlannedQuestion,
    caller: Caller,
    plan: RefreshPlan,
  ): Promise<QuestionEnd> {
    try {
      return await this.#tryRefresh(asked, caller, plan);
    } catch (error) {
      if (!(error instanceof EnrichmentFailure)) {
        this.#parts.onUnforeseen(error);
      }
      return { state: 'failed', problem: problemOf(error) };
    }
  }

  async #tryRefresh(
    asked: PlannedQuestion,
    caller: Caller,
    plan: RefreshPlan,
  ): Promise<QuestionEnd> {
    const readAt = plan.resting?.get(asked.question.kind);
    if (readAt !== undefined) {
      await this.#desk.rest(asked, caller, { readAt, keepMs: plan.keepMs ?? 0 });
      return { state: 'resting' };
    }
    const [entry] = await this.#parts.cache.peek([asked.key]);
    if (entry !== undefined && this.#isGoodEnough(entry, plan.since)) {
      return readingOf(entry, 'held');
    }
    return this.#askAgain(asked, caller, { seenAt: entry?.fetchedAt ?? 0, ...pagesOf(plan) });
  }

  async #askAgain(asked: PlannedQuestion, caller: Caller, wish: RefreshWish): Promise<QuestionEnd> {
    const loaded = await this.#desk.refresh(asked, caller, wish);
    if (loaded.problem !== undefined) {
      throw loaded.problem;
    }
    return readingOf(loaded.entry, loaded.fetched ? 'read' : 'held');
  }

  #isGoodEnough(entry: Entry<Answer>, since: number | undefined): boolean {
    return since === undefined
      ? stateOf(entry, this.#parts.clock()) !== 'stale'
      : entry.value.fetchedAt >= since;
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
