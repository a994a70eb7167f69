import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { JobError } from './errors.js';
import { parseRefreshJob } from './refresh-job.schema.js';

const JOB = {
  tenant: '0123456789abcdef0123456789abcdef',
  observable: { type: 'domain', value: 'example.com' },
  cause: 'stale',
} as const;

function refusal(data: unknown): JobError {
  try {
    parseRefreshJob(data);
  } catch (error) {
    if (error instanceof JobError) {
      return error;
    }
    throw error;
  }
  throw new Error('it was taken');
}

/** The job, or that it was refused; anything but a JobError goes through. */
function outcome(data: unknown): unknown {
  try {
    return parseRefreshJob(data);
  } catch (error) {
    if (error instanceof JobError) {
      return 'refused';
    }
    throw error;
  }
}

describe('parseRefreshJob', () => {
  it.each([
    JOB,
    { ...JOB, cause: 'scheduled' },
    { ...JOB, cause: 'operator', since: 1_800_000_000_000 },
    { ...JOB, cause: 'scheduled', since: 0, first: true, priority: 'HIGH' },
    { ...JOB, observable: { type: 'ip', value: '192.0.2.1' } },
    { ...JOB, observable: { type: 'ipv6', value: '2001:db8::1' } },
  ])('takes %j as it is', (job) => {
    expect(parseRefreshJob(job)).toEqual(job);
  });

  it('takes what JSON made of a job', () => {
    expect(parseRefreshJob(JSON.parse(JSON.stringify(JOB)))).toEqual(JOB);
  });

  it('lets nothing else through, such as a key', () => {
    const data = {
      ...JOB,
      apiKey: 'CANARY',
      observable: { ...JOB.observable, token: 'CANARY' },
    };
    expect(parseRefreshJob(data)).toEqual(JOB);
  });

  it.each<[string, unknown]>([
    ['data', undefined],
    ['data', null],
    ['data', 'CANARY'],
    ['data', []],
    ['tenant, observable, cause', {}],
    ['tenant', { ...JOB, tenant: 'CANARY' }],
    ['tenant', { ...JOB, tenant: JOB.tenant.toUpperCase() }],
    ['tenant', { ...JOB, tenant: `${JOB.tenant}\n` }],
    ['observable.type', { ...JOB, observable: { type: 'CANARY', value: 'example.com' } }],
    ['observable.value', { ...JOB, observable: { type: 'domain', value: 1 } }],
    ['observable.value', { ...JOB, observable: { type: 'domain', value: 'a.'.repeat(127) } }],
    ['cause', { ...JOB, cause: 'CANARY' }],
  ])('names what is wrong (%s), never its value', (fields, data) => {
    const { code, message } = refusal(data);
    expect(code).toBe('invalid_payload');
    expect(message).toBe(`Refresh job with invalid ${fields}`);
  });

  it.each([
    ['domain', 'Example.com'],
    ['domain', 'example.com.'],
    ['domain', 'CANARY'],
    ['ip', '192.0.2.256'],
    ['ipv6', '2001:DB8::1'],
    ['ipv6', '2001:db8:0:0:0:0:0:1'],
    ['ip', '2001:db8::1'],
  ])('refuses an observable that is not canonical: %s %s', (type, value) => {
    const { code, message } = refusal({ ...JOB, observable: { type, value } });
    expect(code).toBe('invalid_payload');
    expect(message).not.toContain(value);
  });

  it('takes or refuses whatever comes, and takes its own answers', () => {
    const nearly = fc.record({
      tenant: fc.oneof(fc.constant(JOB.tenant), fc.string()),
      observable: fc.oneof(
        fc.constant(JOB.observable),
        fc.record({ type: fc.constantFrom('ip', 'ipv6', 'domain', 'url'), value: fc.string() }),
      ),
      cause: fc.oneof(fc.constant('stale'), fc.anything()),
    });
    fc.assert(
      fc.property(fc.oneof(fc.anything(), nearly), (data) => {
        const first = outcome(data);
        expect(outcome(first)).toEqual(first);
      }),
      { numRuns: 500 },
    );
  });
});
