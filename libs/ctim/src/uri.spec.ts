import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { isUri, isWebUri } from './uri.js';

describe('isUri', () => {
  it.each([
    'https://example.com',
    'https://user@example.com:8443/a/b;c=d?e=[f]&g#h?i',
    'https://[2001:db8::1]:8443/a',
    'https://exa_mple.com/',
    'https://example.com/%C3%BC/ü',
    'mailto:someone@example.com',
    'urn:x:[y]',
    'file:///a',
    '//example.com/a',
    '/a/b',
    'a/b:c',
    'ui_url',
    '?a=b',
    '#',
  ])('takes %p', (text) => {
    expect(isUri(text)).toBe(true);
  });

  it.each([
    '',
    'https:',
    'https:#a',
    'https://',
    '//',
    ':a',
    '1a:b',
    'a b',
    'https://exa mple.com/',
    'https://example.com/a|b',
    'https://example.com/{a}',
    'https://example.com/"a"',
    'https://example.com/<a>',
    'https://example.com/a\\b',
    'https://example.com/a^b',
    'https://example.com/`a`',
    'https://example.com/100%',
    'https://example.com/%zz',
    'https://example.com/[a]',
    'https://[2001:db8::1/a',
    'https://example.com/#a#b',
    'https://example.com/a\u0000',
    'https://example.com/a\u0085',
    'https://example.com/a\u00a0b',
    'https://example.com/a\u2028b',
    'https://example.com/a\n',
  ])('refuses %p', (text) => {
    expect(isUri(text)).toBe(false);
  });

  it('takes every web address', () => {
    const options = { withFragments: true, withQueryParameters: true } as const;
    fc.assert(fc.property(fc.webUrl(options), isUri));
  });

  it('takes 2048 units and no more', () => {
    expect(isUri('a'.repeat(2_048))).toBe(true);
    expect(isUri('a'.repeat(2_049))).toBe(false);
  });
});

describe('isWebUri', () => {
  it.each(['https://example.com', 'HTTP://192.0.2.1:8080/a', 'https://[2001:db8::1]/'])(
    'takes %p',
    (text) => {
      expect(isWebUri(text)).toBe(true);
    },
  );

  it.each([
    'ui_url',
    '//example.com',
    'ftp://example.com',
    'https:///a',
    'https://:80/',
    'https:a',
    'https://a b',
  ])('refuses %p', (text) => {
    expect(isWebUri(text)).toBe(false);
  });
});
