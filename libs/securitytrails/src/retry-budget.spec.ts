import { describe, expect, it } from '@jest/globals';
import { RetryBudget } from './retry-budget.js';

function deposit(budget: RetryBudget, answers: number): void {
  for (let i = 0; i < answers; i += 1) {
    budget.deposit();
  }
}

/** Spends until nothing is left and says how often that was. */
function drain(budget: RetryBudget): number {
  let retries = 0;
  while (budget.allows) {
    budget.spend();
    retries += 1;
  }
  return retries;
}

describe('RetryBudget', () => {
  it('starts empty', () => {
    expect(new RetryBudget().allows).toBe(false);
  });

  it('pays for one retry with the tenth answer and not before', () => {
    const budget = new RetryBudget();
    deposit(budget, 9);
    expect(budget.allows).toBe(false);
    deposit(budget, 1);
    expect(drain(budget)).toBe(1);
  });

  it('saves ten retries and no more', () => {
    const budget = new RetryBudget();
    deposit(budget, 1_000);
    expect(drain(budget)).toBe(10);
  });

  it('takes another price and another cap', () => {
    const budget = new RetryBudget({ answersPerRetry: 2, cap: 3 });
    deposit(budget, 100);
    expect(drain(budget)).toBe(3);
  });
});
