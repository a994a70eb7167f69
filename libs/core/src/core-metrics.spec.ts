import { describe, expect, it } from '@jest/globals';

import { createMetrics, renderMetrics } from '#platform';

import { CoreMetrics } from './core-metrics.js';

function metrics() {
  const registry = createMetrics({ process: 'relay', version: '1.2.3' });
  return { registry, core: new CoreMetrics(registry) };
}

/** The samples of our series, without those of the runtime. */
async function samples({ registry }: ReturnType<typeof metrics>, name: string): Promise<string[]> {
  const { body } = await renderMetrics(registry);
  return body.split('\n').filter((line) => !line.startsWith('#') && line.includes(name));
}

describe('CoreMetrics', () => {
  it('counts lookups by type and outcome', async () => {
    const made = metrics();
    const hit = { type: 'ip', outcome: 'hit', upstreamCalls: 0, ageMs: 5 } as const;
    made.core.observed({
      documents: [],
      problems: [],
      lookups: [hit, hit, { ...hit, type: 'domain', outcome: 'miss' }],
    });
    const lines = await samples(made, 'lookups');
    expect(lines).toHaveLength(2);
    expect(lines.find((line) => line.includes('type="ip",outcome="hit"'))).toMatch(/ 2$/);
    expect(lines.find((line) => line.includes('type="domain",outcome="miss"'))).toMatch(/ 1$/);
  });

  it.each([
    [{ status: 200 }, 'status="200"'],
    [{ status: 429, error: 'throttled' }, 'status="throttled"'],
    [{ error: 'network' }, 'status="network"'],
    [{}, 'status="none"'],
  ] as const)('counts a call that ended with %j as %s', async (outcome, label) => {
    const made = metrics();
    made.core.called({
      endpoint: 'history',
      lane: 'background',
      cause: 'REFRESH',
      outcome: { ...outcome, durationMs: 250 },
    });
    const [line] = await samples(made, 'upstream_calls');
    expect(line).toContain(`endpoint="history",${label},lane="background",cause="REFRESH"`);
    expect(line).toMatch(/ 1$/);
    const [sum] = await samples(made, 'upstream_call_seconds_sum');
    expect(sum).toMatch(/ 0\.25$/);
  });

  it('counts the troubles that nobody was told of', async () => {
    const made = metrics();
    made.core.troubled('cache_read');
    made.core.troubled('cache_read');
    expect(await samples(made, 'redis_troubles')).toEqual([
      expect.stringMatching(/store="cache_read".* 2$/),
    ]);
  });

  it('reads the gauges when it is scraped', async () => {
    const made = metrics();
    let waiting = 1;
    made.core.watch({
      waitingCalls: () => waiting,
      quotasUsedUp: () => 4,
      flights: () => 2,
      memoryEntries: () => 3,
    });
    waiting = 7;
    const values = await Promise.all(
      [
        'governor_waiting_calls',
        'governor_quotas_used_up',
        'cache_flights',
        'cache_memory_entries',
      ].map((name) => samples(made, name)),
    );
    expect(values.map(([line]) => line?.split(' ').at(-1))).toEqual(['7', '4', '2', '3']);
  });
});
