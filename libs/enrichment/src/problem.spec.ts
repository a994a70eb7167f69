import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { EnrichmentFailure, failureCodec, PROBLEM_CODES, problemOf } from './problem.js';
import type { Problem } from './problem.js';

describe('failureCodec', () => {
  it.each(PROBLEM_CODES)('carries %s to another process', (code) => {
    const problem: Problem = { code, text: 'words of upstream', status: 429 };
    const heard = failureCodec.decode(failureCodec.encode(new EnrichmentFailure(problem)));
    expect(problemOf(heard)).toEqual(problem);
  });

  it('says nothing of an error that nobody foresaw', () => {
    const word = failureCodec.encode(new TypeError('cannot read key CANARY'));
    expect(word).not.toContain('CANARY');
    expect(problemOf(failureCodec.decode(word))).toEqual({ code: 'internal', text: '' });
  });

  it('makes a failure of ours of any text', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({ code: fc.jsonValue(), text: fc.jsonValue(), status: fc.jsonValue() })
        .map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(anything, (text) => {
        const failure = failureCodec.decode(text);
        expect(failure).toBeInstanceOf(EnrichmentFailure);
        expect(PROBLEM_CODES).toContain(problemOf(failure).code);
        expect(typeof problemOf(failure).text).toBe('string');
      }),
    );
  });
});
