import { describe, expect, it } from '@jest/globals';

import { secretFindings } from './secret-findings.js';

describe('secretFindings', () => {
  it.each([
    [31, 'warn'],
    [32, 'ok'],
  ])('judges a secret of %i bytes', (bytes, level) => {
    const [finding] = secretFindings({ secretKey: 'x'.repeat(bytes) });
    expect(finding?.level).toBe(level);
    expect(JSON.stringify(finding)).not.toContain('xx');
  });

  it('counts bytes, not characters', () => {
    expect(secretFindings({ secretKey: 'é'.repeat(16) })).toMatchObject([{ level: 'ok' }]);
  });

  it('has nothing to say of a secret that is not set', () => {
    expect(secretFindings({})).toEqual([]);
  });
});
