/** What can keep an answer from being whole. Stable: metrics, logs and the relay's table use them. */
export const PROBLEM_CODES = [
  'bad_key',
  'unencodable_key',
  'plan',
  'throttled',
  'quota',
  'server',
  'unexpected_status',
  'redirect',
  'network',
  'tls',
  'timeout',
  'too_large',
  'malformed',
  'shape',
  'deadline',
  'too_much',
  'unprocessed_pages',
  'hard_limit',
  'reserve',
  'budget',
  'quota_unknown',
  'uncounted',
  'internal',
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

export interface Problem {
  readonly code: ProblemCode;
  /** The upstream's own words where it had any, made safe: no key, no page of HTML, bounded. */
  readonly text: string;
  /** Upstream's HTTP status, when an answer had begun. */
  readonly status?: number | undefined;
  /** When asking again makes sense, epoch milliseconds, where that is known. */
  readonly retryAt?: number | undefined;
}

/** A question that could not be answered, or not wholly. */
export class EnrichmentFailure extends Error {
  override readonly name = 'EnrichmentFailure';
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(`${problem.code}: ${problem.text}`, options);
    this.problem = problem;
  }
}

/** Any failure as a problem; what nobody foresaw is `internal` and says nothing of our inside. */
export function problemOf(error: unknown): Problem {
  return error instanceof EnrichmentFailure ? error.problem : { code: 'internal', text: '' };
}

/** Carries a failure to those who wait for it in other processes. */
export const failureCodec = {
  encode(error: unknown): string {
    return JSON.stringify(problemOf(error));
  },
  decode(text: string): Error {
    const problem = readProblem(text);
    return new EnrichmentFailure(problem);
  },
};

function readProblem(text: string): Problem {
  try {
    const { code, text: words, status } = JSON.parse(text) as Record<string, unknown>;
    return {
      code: PROBLEM_CODES.find((name) => name === code) ?? 'internal',
      text: typeof words === 'string' ? words : '',
      ...(typeof status === 'number' && { status }),
    };
  } catch {
    return { code: 'internal', text: '' };
  }
}
