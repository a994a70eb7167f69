import type { Observable } from '#ctim';
import { canonicalise } from '#observables';

import { AnswerDesk } from './answer-desk.js';
import type { Asked } from './answer-desk.js';
import type { EnrichmentSource } from './enrichment-source.port.js';

/** One observable of a call with what is asked about it. */
export interface PlannedObservable {
  readonly given: Observable;
  /** 1 for its first appearance in the call, 2 for the next. */
  readonly occurrence: number;
  readonly asked: readonly PlannedQuestion[];
}

export interface PlannedQuestion extends Asked {
  readonly key: string;
}

/** What a call asks: each distinct question once, however often its observable is given. */
export interface QuestionPlan {
  readonly observables: readonly PlannedObservable[];
  readonly distinct: ReadonlyMap<string, PlannedQuestion>;
}

export function planQuestions(
  sources: readonly EnrichmentSource[],
  tenant: string,
  observables: readonly Observable[],
): QuestionPlan {
  const distinct = new Map<string, PlannedQuestion>();
  const seen = new Map<string, number>();
  const planned = observables.map((given): PlannedObservable => {
    const spelled = `${given.type}\n${given.value}`;
    const occurrence = (seen.get(spelled) ?? 0) + 1;
    seen.set(spelled, occurrence);
    const asked = questionsAbout(sources, tenant, given);
    for (const question of asked) {
      distinct.set(question.key, distinct.get(question.key) ?? question);
    }
    return { given, occurrence, asked };
  });
  return { observables: planned, distinct };
}

function questionsAbout(
  sources: readonly EnrichmentSource[],
  tenant: string,
  { type, value }: Observable,
): readonly PlannedQuestion[] {
  const observable = canonicalise(type, value);
  if (observable === undefined) {
    return [];
  }
  return sources.flatMap((source) =>
    source.questions(observable).map((question) => ({
      source,
      question,
      key: AnswerDesk.key(tenant, question),
    })),
  );
}
