import type { ProblemCode } from '#enrichment';

/** Why work may have to wait; a {@link ProblemCode} that is nobody's failure. */
export const REST_REASONS = [
  'bad_key',
  'unencodable_key',
  'plan',
  'quota',
  'hard_limit',
  'reserve',
  'budget',
  'quota_unknown',
  'uncounted',
] as const satisfies readonly ProblemCode[];
export type RestReason = (typeof REST_REASONS)[number];

/**
 * How a refresh ended.
 * - `done`: everything was had, or good enough.
 * - `nobody`: nobody wants it (any more); nothing was asked.
 * - `waiting`: it may not be asked before `until` (epoch milliseconds). `scheduled`: the schedule
 *   comes back to it by itself; else only this job would.
 * - `throttled`: to be tried again in `ms`; nothing failed.
 * - `retry`: to be tried again with the job's back-off, `give_up`: not. `code` is one of
 *   {@link ProblemCode}.
 */
export type RefreshEnd =
  | { readonly kind: 'done' }
  | { readonly kind: 'nobody' }
  | {
      readonly kind: 'waiting';
      readonly reason: RestReason;
      readonly until: number;
      readonly scheduled: boolean;
    }
  | { readonly kind: 'throttled'; readonly ms: number }
  | { readonly kind: 'retry'; readonly code: ProblemCode }
  | { readonly kind: 'give_up'; readonly code: ProblemCode };

export function isRestReason(code: ProblemCode): code is RestReason {
  return REST_REASONS.some((reason) => reason === code);
}
