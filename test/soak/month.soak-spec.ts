import { beforeAll, describe, expect, it } from '@jest/globals';

import { runMonth } from '../support/month/month-run.js';
import type { MonthReport } from '../support/month/month-run.js';
import { monthTable, monthVerdicts } from '../support/month/month-verdicts.js';
import type { MonthVerdict } from '../support/month/month-verdicts.js';

/** For a short run: the first days of a month, fewer observables. */
const DAYS = Number(process.env['SOAK_DAYS'] ?? 30);
const OBSERVABLES = Number(process.env['SOAK_OBSERVABLES'] ?? 5_000);
const SEED = Number(process.env['SOAK_SEED'] ?? Date.now() % 1_000_000);
const LIMIT_MS = 1_200_000;

describe('a month with a quota for two thirds of the plan', () => {
  let report: MonthReport;
  let verdicts: readonly MonthVerdict[];

  beforeAll(async () => {
    const options = { days: DAYS, observables: OBSERVABLES, quotaShare: 2 / 3, seed: SEED };
    report = await runMonth(options);
    verdicts = monthVerdicts(report);
    process.stdout.write(`${JSON.stringify(options)}\n${monthTable(report, verdicts)}\n`);
  }, LIMIT_MS);

  it('stays within every bound', () => {
    expect(verdicts.filter(({ holds }) => !holds)).toEqual([]);
  });

  it('tells every change that a refresh could see, once', () => {
    expect(report.changes).toBeGreaterThan(0);
    expect(report.wrongChanges).toEqual([]);
  });
});
