import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dataOf } from './answer.js';
import { SecurityTrailsError } from './errors.js';
import { usageOf } from './schemas/account.schema.js';
import { currentDomainOf, subdomainsOf } from './schemas/domain.schema.js';
import { domainsListPageOf } from './schemas/domains-list.schema.js';
import type { RecordType } from './schemas/dns.schema.js';
import { historyPageOf } from './schemas/history.schema.js';

const KEY = 'CANARY-77aa';
const CONTEXT = { endpoint: 'history' as const, apiKey: KEY, now: 0, random: 0.5 };
const answer = (status: number, text: string, retryAfter?: string) => ({
  status,
  text,
  contentType: 'application/json',
  retryAfter,
});

function failure(status: number, text: string, retryAfter?: string): SecurityTrailsError {
  try {
    dataOf(answer(status, text, retryAfter), CONTEXT, (json) => json);
  } catch (cause) {
    if (cause instanceof SecurityTrailsError) {
      return cause;
    }
    throw cause;
  }
  throw new Error('there was no failure');
}

describe('dataOf', () => {
  it('gives what the parser makes of a success', () => {
    const text = '{"current_monthly_usage":3,"allowed_monthly_usage":50}';
    expect(dataOf(answer(200, text), CONTEXT, usageOf)).toEqual({ used: 3, allowed: 50 });
  });

  it.each([
    [301, '', 'redirect'],
    [304, '', 'redirect'],
    [400, '{"message":"The requested domain is invalid"}', 'invalid_name'],
    [401, 'Please check user credentials', 'bad_key'],
    [403, '{"message":"Invalid authentication credentials"}\n', 'bad_key'],
    [403, '{"message":"Not in your subscription package."}', 'plan'],
    [403, '', 'plan'],
    [404, '', 'not_found'],
    [406, '', 'not_found'],
    [418, '', 'unexpected_status'],
    [422, '', 'unexpected_status'],
    [429, '{"message":"API rate limit exceeded"}', 'throttled'],
    [429, '', 'throttled'],
    [429, `{"message":"You've exceeded the usage limits for your account."}`, 'quota'],
    [429, 'Monthly QUOTA reached', 'quota'],
    [500, '', 'server'],
    [503, '<html></html>', 'server'],
    [599, '', 'server'],
    [999, '', 'unexpected_status'],
    [200, '', 'malformed'],
    [200, '<html></html>', 'malformed'],
    [200, '{"a":', 'malformed'],
    [200, 'NaN', 'malformed'],
  ])('takes %i with %j for %s', (status, text, code) => {
    expect(failure(status, text)).toMatchObject({ code, status, endpoint: 'history' });
  });

  it('keeps what upstream wrote, raw and as its message', () => {
    expect(failure(403, '{"message":"Invalid authentication credentials"}\n').upstreamText).toEqual(
      {
        body: '{"message":"Invalid authentication credentials"}',
        message: 'Invalid authentication credentials',
      },
    );
  });

  it('guesses a throttle of 1 to 1.5 seconds and heeds Retry-After', () => {
    expect(failure(429, '')).toMatchObject({ waitMs: 1_250, saidByUpstream: false });
    expect(failure(429, '', '3')).toMatchObject({ waitMs: 3_000, saidByUpstream: true });
  });

  it('never repeats the key, wherever upstream puts it', () => {
    const statuses = [200, 302, 400, 401, 403, 404, 418, 429, 500];
    const errors = statuses.map((status) => failure(status, `no: ${KEY} {"meta":"${KEY}"}`));
    const leaked = errors.map((error) => [JSON.stringify(error), error.message, error.stack]);
    expect(JSON.stringify(leaked)).not.toContain(KEY);
  });

  it('makes a page or a SecurityTrailsError of any JSON', () => {
    const types: RecordType[] = ['a', 'aaaa', 'mx', 'ns', 'soa', 'txt'];
    const parsers: ((json: unknown) => unknown)[] = [
      usageOf,
      currentDomainOf,
      subdomainsOf,
      (json: unknown) => domainsListPageOf(json, 1),
      ...types.map((type) => (json: unknown) => historyPageOf(json, type, 1)),
    ];
    fc.assert(
      fc.property(nearlyAnswers(), fc.constantFrom(...parsers), (json, parse) => {
        try {
          dataOf(answer(200, JSON.stringify(json)), CONTEXT, parse);
          return true;
        } catch (cause) {
          return cause instanceof SecurityTrailsError && cause.code === 'shape';
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

/** Arbitrary JSON, and the API's own forms with arbitrary JSON in their fields. */
function nearlyAnswers(): fc.Arbitrary<unknown> {
  const any = fc.jsonValue({ maxDepth: 2 });
  const or = <T>(likely: fc.Arbitrary<T>) => fc.oneof({ weight: 4, arbitrary: likely }, any);
  const member = fc.record(
    {
      ip: or(fc.ipV4()),
      ipv6: or(fc.ipV6()),
      host: or(fc.domain()),
      hostname: or(fc.domain()),
      nameserver: or(fc.domain()),
      email: or(fc.domain()),
      value: or(fc.string()),
      priority: or(fc.nat()),
    },
    { requiredKeys: [] },
  );
  const values = or(fc.oneof(fc.array(or(member), { maxLength: 3 }), member));
  const record = fc.record(
    { values, hostname: or(fc.domain()), first_seen: any, organizations: any, host_provider: any },
    { requiredKeys: [] },
  );
  const records = or(fc.array(or(record), { maxLength: 4 }));
  const dns = fc.record({ a: or(fc.record({ values })), mx: any, soa: any }, { requiredKeys: [] });
  const body = fc.record(
    {
      type: or(fc.constant('a/ipv4')),
      records,
      pages: or(fc.nat()),
      record_count: or(fc.nat()),
      meta: any,
      hostname: or(fc.domain()),
      current_dns: or(dns),
      subdomains: or(fc.array(fc.string())),
      __proto__: any,
    },
    { requiredKeys: [] },
  );
  return fc.oneof(any, body, body);
}
