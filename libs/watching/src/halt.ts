/**
 * What work is halted: all of an API key, or one kind of endpoint that its plan does not hold
 * (`history` for names, `list` for addresses).
 */
export const HALT_SCOPES = ['key', 'history', 'list'] as const;
export type HaltScope = (typeof HALT_SCOPES)[number];
export type EndpointKind = Exclude<HaltScope, 'key'>;

export const HALT_REASONS = ['bad_key', 'unencodable_key', 'plan'] as const;
export type HaltReason = (typeof HALT_REASONS)[number];

/** Work that rests because upstream refuses it, until somebody has tried with success. */
export interface Halt {
  readonly scope: HaltScope;
  readonly reason: HaltReason;
  /** Epoch milliseconds. */
  readonly since: number;
  /** When one refresh tries again, epoch milliseconds; while one does, when it counts as lost. */
  readonly retryAt: number;
  /** Refusals so far, each after a wait. */
  readonly tries: number;
  /** One refresh tries at the moment. */
  readonly probing: boolean;
}

const FIRST_WAIT_MS = 5 * 60_000;
const LONGEST_WAIT_MS = 6 * 3_600_000;
/** A refresh ends well within it; one that does not has died with its process. */
const PROBE_MS = 60_000;

/** The halt after upstream has refused. Refusals of what was under way already change nothing. */
export function refusedAgain(
  before: Halt | undefined,
  refusal: { readonly scope: HaltScope; readonly reason: HaltReason },
  now: number,
): Halt {
  if (before !== undefined && !before.probing && before.retryAt > now) {
    return before;
  }
  const tries = (before?.tries ?? 0) + 1;
  const wait = Math.min(FIRST_WAIT_MS * 2 ** (tries - 1), LONGEST_WAIT_MS);
  return { ...refusal, since: before?.since ?? now, retryAt: now + wait, tries, probing: false };
}

/** The halt while one refresh tries; nobody else does. */
export function probed(halt: Halt, now: number): Halt {
  return { ...halt, retryAt: now + PROBE_MS, probing: true };
}
