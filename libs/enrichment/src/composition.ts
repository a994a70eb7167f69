import type { Answer } from './answer.js';
import { Document } from './document.js';
import type { Lookup, Observed, ObserveProblem, Outcome } from './observe.js';
import type { Problem } from './problem.js';
import { provenanceText } from './provenance.js';
import type { PlannedObservable, PlannedQuestion, QuestionPlan } from './question-plan.js';

/** What there is to say to one question. */
export interface Given {
  /** What was asked, as the question says it: `a`, `aaaa`, `list`. */
  readonly kind: string;
  readonly answer: Answer | undefined;
  readonly outcome: Outcome;
  /** Upstream calls made for it by this call. */
  readonly upstreamCalls: number;
  readonly problem?: Problem;
}

export interface Frame {
  readonly depth: number;
  readonly now: number;
  readonly queriedAt: number | undefined;
}

/** Bytes of documents after which an answer takes no more: a short call may ask for gigabytes. */
const MOST_BYTES = 32 * 1024 * 1024;

/** Puts the answers in the order of the call: documents, problems, and what to count. */
export function compose(
  plan: QuestionPlan,
  answers: ReadonlyMap<string, Given>,
  frame: Frame,
): Observed {
  const documents: Document[] = [];
  const problems: ObserveProblem[] = [];
  const leftOut = new Map<string, PlannedObservable['given']>();
  let bytes = 0;
  for (const observable of plan.observables) {
    const given = observable.asked.flatMap((question) => {
      const answer = answers.get(question.key);
      return answer === undefined ? [] : [answer];
    });
    if (bytes < MOST_BYTES) {
      const fitting = given.flatMap((one) => draw(one, observable, frame) ?? []);
      bytes = fitting.reduce((sum, { drawn }) => sum + drawn.length, bytes);
      documents.push(...fitting);
    } else if (given.some(({ answer }) => answer !== undefined && answer.used(frame.depth) > 0)) {
      leftOut.set(`${observable.given.type} ${observable.given.value}`, observable.given);
    }
    if (observable.occurrence === 1) {
      problems.push(...problemsOf(observable, given, frame));
    }
  }
  for (const given of leftOut.values()) {
    problems.push({ given, problem: { code: 'too_much', text: '' }, partial: true, kinds: [] });
  }
  const lookups = [...plan.distinct.values()].map((question) => lookup(question, answers, frame));
  return { documents, problems, lookups };
}

function draw(given: Given, observable: PlannedObservable, frame: Frame): Document | undefined {
  const { answer } = given;
  const open = answer?.draw({
    given: observable.given,
    depth: frame.depth,
    occurrence: observable.occurrence,
    queriedAt: frame.queriedAt,
  });
  if (answer === undefined || open === undefined || open === null) {
    return undefined;
  }
  const text = provenanceText({
    fromCache: given.outcome !== 'miss' || given.upstreamCalls === 0,
    stale: given.outcome === 'stale',
    ageMs: Math.max(0, frame.now - answer.fetchedAt),
    pagesUsed: answer.used(frame.depth),
    pagesTotal: answer.summary.total,
    upstreamCalls: given.upstreamCalls,
  });
  return new Document(open, `,"short_description":"${text}"}`);
}

/** One entry a failure and observable: two record types that failed alike failed once. */
function problemsOf(
  { given: observable }: PlannedObservable,
  given: readonly Given[],
  { depth }: Frame,
): ObserveProblem[] {
  const partial = given.some(({ answer }) => answer !== undefined && answer.used(depth) > 0);
  const unlike = new Map<string, { problem: Problem; kinds: string[] }>();
  for (const { problem, kind } of given) {
    if (problem !== undefined) {
      const like = `${problem.code} ${problem.text}`;
      unlike.set(like, { problem, kinds: [...(unlike.get(like)?.kinds ?? []), kind] });
    }
  }
  const failures = [...unlike.values()].map((one) => ({ given: observable, partial, ...one }));
  return [...failures, ...unprocessed(observable, given, depth)];
}

/** Upstream gives no page past its last reachable one: whoever wanted all is told (3.4). */
function unprocessed(
  observable: PlannedObservable['given'],
  given: readonly Given[],
  depth: number,
): ObserveProblem[] {
  return given.flatMap(({ answer }) => {
    const left = answer === undefined ? 0 : answer.summary.total - answer.summary.reachable;
    const wantedAll = depth > 1 && answer !== undefined && depth >= answer.summary.reachable;
    return left > 0 && wantedAll
      ? [
          {
            given: observable,
            problem: { code: 'unprocessed_pages' as const, text: '' },
            partial: true,
            kinds: [],
            pages: left,
          },
        ]
      : [];
  });
}

function lookup(
  { key, question }: PlannedQuestion,
  answers: ReadonlyMap<string, Given>,
  { now }: Frame,
): Lookup {
  const given = answers.get(key);
  return {
    type: question.observable.type,
    outcome: given?.outcome ?? 'error',
    upstreamCalls: given?.upstreamCalls ?? 0,
    ageMs: given?.answer === undefined ? 0 : Math.max(0, now - given.answer.fetchedAt),
  };
}
