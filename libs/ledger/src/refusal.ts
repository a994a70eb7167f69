/**
 * Why a call must not be made. `hard_limit`: the month's limit is reached; `reserve`: what is left is
 * for analysts; `budget`: no list that wants it may still pay; `quota_unknown`: nobody knows yet what
 * the account allows this month; `uncounted`: it could not be counted now.
 */
export type LedgerRefusalCode = 'hard_limit' | 'reserve' | 'budget' | 'quota_unknown' | 'uncounted';

const TEXTS: Readonly<Record<LedgerRefusalCode, string>> = {
  hard_limit: 'The limit of calls for this month is reached',
  reserve: 'What is left of the quota is kept for analysts',
  budget: 'The lists that want it have spent their budgets for this month',
  quota_unknown: 'The allowance of this month is not known yet',
  uncounted: 'The call cannot be counted now',
};

/** A call was not booked, so it must not be made. */
export class LedgerRefusal extends Error {
  override readonly name = 'LedgerRefusal';
  readonly code: LedgerRefusalCode;
  /** When asking again makes sense, epoch milliseconds. */
  readonly retryAt: number;

  constructor(code: LedgerRefusalCode, retryAt: number, options?: ErrorOptions) {
    super(TEXTS[code], options);
    this.code = code;
    this.retryAt = retryAt;
  }
}
