import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { isIPv4, isIPv6, isName } from './address.js';

describe('isIPv4', () => {
  it('knows every address', () => {
    fc.assert(fc.property(fc.ipV4(), isIPv4));
  });

  it.each(['', '192.0.2', '192.0.2.256', '192.0.2.01', '192.0.2.1.', '192.0.2.1 ', '2001:db8::1'])(
    'refuses %p',
    (text) => {
      expect(isIPv4(text)).toBe(false);
    },
  );
});

describe('isIPv6', () => {
  it('knows every address', () => {
    fc.assert(fc.property(fc.ipV6(), isIPv6));
  });

  it.each([
    '::',
    '::1',
    '1::',
    '2001:DB8::1',
    '::ffff:192.0.2.1',
    '1:2:3:4:5:6:7:8',
    '1:2:3:4:5:6:7::',
  ])('takes %p', (text) => {
    expect(isIPv6(text)).toBe(true);
  });

  it.each([
    '',
    ':',
    ':::',
    '1::2::3',
    ':1::2',
    '12345::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4::5:6:7:8',
    '1:2:3:4:5:6:7:192.0.2.1',
    '192.0.2.1::',
    '::192.0.2.256',
    'fe80::1%eth0',
    '2001:db8::g',
    '192.0.2.1',
  ])('refuses %p', (text) => {
    expect(isIPv6(text)).toBe(false);
  });
});

describe('isName', () => {
  it('knows every domain', () => {
    fc.assert(fc.property(fc.domain(), isName));
  });

  it.each([
    'example.com',
    'EXAMPLE.com.',
    '_dmarc.example.com',
    'xn--bcher-kva.example',
    'bücher.example',
  ])('takes %p', (text) => {
    expect(isName(text)).toBe(true);
  });

  it.each([
    '',
    '.',
    'com',
    '.example.com',
    'example..com',
    'example.com..',
    '-a.example.com',
    'a-.example.com',
    'exa mple.com',
    'example.com/x',
    '192.0.2.1',
    '2001:db8::1',
    `${'a'.repeat(64)}.example`,
    `${'a.'.repeat(126)}example`,
  ])('refuses %p', (text) => {
    expect(isName(text)).toBe(false);
  });
});
