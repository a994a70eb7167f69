import { describe, expect, it } from '@jest/globals';
import { redact } from './redact.js';

describe('redact', () => {
  it('replaces every occurrence of the key', () => {
    expect(redact('key k3y and k3y again', 'k3y')).toBe('key [redacted] and [redacted] again');
  });

  it('knows the key as JSON and as a URL write it', () => {
    const key = 'a"b/c';
    expect(redact('{"apikey":"a\\"b/c"} ?apikey=a%22b%2Fc', key)).toBe(
      '{"apikey":"[redacted]"} ?apikey=[redacted]',
    );
  });

  it('leaves the text alone when the key is empty', () => {
    expect(redact('some text', '')).toBe('some text');
  });
});
