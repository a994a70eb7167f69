import { describe, expect, it } from '@jest/globals';
import { upstreamText } from './upstream-text.js';

const KEY = 'CANARY-4f1c';
const of = (text: string, contentType = '') => upstreamText({ text, contentType }, KEY);

describe('upstreamText', () => {
  it('gives a plain text as body and as message', () => {
    expect(of('Please check user credentials')).toEqual({
      body: 'Please check user credentials',
      message: 'Please check user credentials',
    });
  });

  it('gives the message of a JSON body beside the body as it came', () => {
    expect(of('{"message":"API rate limit exceeded"}\n')).toEqual({
      body: '{"message":"API rate limit exceeded"}',
      message: 'API rate limit exceeded',
    });
  });

  it.each(['{"message":7}', '{"error":"x"}', '[]', 'null', ''])(
    'falls back to the body where there is no message: %s',
    (text) => {
      expect(of(text)).toEqual({ body: text, message: text });
    },
  );

  it('never shows a page, whichever way it is recognised', () => {
    const page = { body: '(HTML page)', message: '(HTML page)' };
    expect(of('\n <!DOCTYPE html><html></html>')).toEqual(page);
    expect(of('Bad gateway', 'text/html; charset=utf-8')).toEqual(page);
  });

  it('shows 200 characters at most', () => {
    expect(of('x'.repeat(1_000)).body).toHaveLength(200);
    expect(of(JSON.stringify({ message: 'y'.repeat(1_000) })).message).toBe('y'.repeat(200));
  });

  it('never shows the key, not even cut in two or hidden behind control characters', () => {
    const shown = [
      of(`bad key ${KEY}`),
      of(JSON.stringify({ message: `bad key ${KEY}` })),
      of(`${'x'.repeat(195)}${KEY}`),
      of('{"message":"\\u0043ANARY-4f1c"}').message,
      of(`\u0000${KEY}\u0000`),
    ];
    expect(JSON.stringify(shown)).not.toContain('CANA');
  });

  it('finds a key that holds a tab', () => {
    const shown = upstreamText({ text: 'key a\tb refused', contentType: '' }, 'a\tb');
    expect(shown.body).toBe('key [redacted] refused');
  });
});
