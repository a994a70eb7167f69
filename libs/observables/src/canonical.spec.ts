import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { canonicalise, OBSERVABLE_TYPES } from './canonical.js';

function valueOf(type: string, value: string): string | undefined {
  return canonicalise(type, value)?.value;
}

describe('an ip', () => {
  it.each(['192.0.2.1', '0.0.0.0', '255.255.255.255', '1.2.3.4'])('takes %s', (value) => {
    expect(canonicalise('ip', value)).toEqual({ type: 'ip', value });
  });

  it('takes white space around it', () => {
    expect(valueOf('ip', ' \t192.0.2.1\r\n')).toBe('192.0.2.1');
  });

  it.each([
    '',
    ' ',
    '999.1.1.1',
    '256.0.0.1',
    '192.0.2',
    '192.0.2.1.',
    '192.0.2.1.1',
    '192.0.2.01',
    '0x7f.0.0.1',
    '3221225985',
    '192.0.2.1/24',
    '192.0.2.1:80',
    '192. 0.2.1',
    '192.0.2.1\0',
    '192.0.2.1\n192.0.2.2',
    '-1.0.0.1',
    '１９２.0.2.1',
    '2001:db8::1',
    'example.com',
  ])('refuses %j', (value) => {
    expect(canonicalise('ip', value)).toBeUndefined();
  });
});

describe('an ipv6', () => {
  it.each([
    ['2001:db8::1', '2001:db8::1'],
    ['2001:DB8::1', '2001:db8::1'],
    ['2001:0db8:0000:0000:0000:0000:0000:0001', '2001:db8::1'],
    ['2001:db8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:db8::0:1', '2001:db8::1'],
    ['2001:db8:0:0:1:0:0:0', '2001:db8:0:0:1::'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:db8::0:1:1:1:1', '2001:db8::1:1:1:1'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['::', '::'],
    ['::ffff:192.0.2.1', '::ffff:c000:201'],
    ['::ffff:c000:0201', '::ffff:c000:201'],
    [' 2001:db8::1 ', '2001:db8::1'],
  ])('looks %s up as %s', (value, canonical) => {
    expect(canonicalise('ipv6', value)).toEqual({ type: 'ipv6', value: canonical });
  });

  it.each([
    '',
    '192.0.2.1',
    '2001:db8::1%eth0',
    'fe80::1%1',
    '[2001:db8::1]',
    '2001:db8::1/64',
    '[2001:db8::1]:80',
    '2001:db8::1::2',
    '2001:db8::12345',
    '2001:db8:0:0:0:0:0:0:1',
    '2001:db8::g',
    ':',
    ':::',
    '2001:db8::1\0',
    '2001 :db8::1',
    '::ffff:192.0.2.256',
  ])('refuses %j', (value) => {
    expect(canonicalise('ipv6', value)).toBeUndefined();
  });
});

describe('a domain', () => {
  it.each([
    ['example.com', 'example.com'],
    ['EXAMPLE.Com', 'example.com'],
    ['example.com.', 'example.com'],
    ['\nexample.com ', 'example.com'],
    ['_dmarc.example.com', '_dmarc.example.com'],
    ['never_ever.example.com', 'never_ever.example.com'],
    ['a.b.c.d.example.com', 'a.b.c.d.example.com'],
    ['1.2.3.4.example.com', '1.2.3.4.example.com'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['XN--BCHER-KVA.example', 'xn--bcher-kva.example'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['BÜCHER.example', 'xn--bcher-kva.example'],
    ['bu\u0308cher.example', 'xn--bcher-kva.example'],
    ['bücher.example.', 'xn--bcher-kva.example'],
    ['bücher。example。', 'xn--bcher-kva.example'],
    ['example。com', 'example.com'],
    ['ＥＸＡＭＰＬＥ.com', 'example.com'],
    [`${'a'.repeat(63)}.example`, `${'a'.repeat(63)}.example`],
    [`${'a.'.repeat(123)}example`, `${'a.'.repeat(123)}example`],
    [`${'a.'.repeat(123)}example.`, `${'a.'.repeat(123)}example`],
  ])('looks %j up as %j', (value, canonical) => {
    expect(canonicalise('domain', value)).toEqual({ type: 'domain', value: canonical });
  });

  it.each([
    '',
    '.',
    '..',
    'localhost',
    'localhost.',
    '.example.com',
    'example..com',
    'example.com..',
    'bücher.example..',
    'bücher.example.。',
    '-a.example',
    'a-.example',
    '999.1.1.1',
    '192.0.2.1',
    '１９２.0.2.1',
    'example.123',
    '2001:db8::1',
    'exa mple.com',
    'exa\u3000mple.com',
    'bü cher.example',
    'example.com/path',
    'bücher.example/path',
    'example.com:443',
    'bücher.example:443',
    'https://example.com',
    'user@example.com',
    'bücher%2eexample',
    'example.com?a=b',
    'example.com#a',
    'example.com\\a',
    'example.com\0',
    'bücher\0.example',
    'example.com\nexample.org',
    'bücher.example\nexample.org',
    '*.example.com',
    '*.bücher.example',
    "example.com' or 1=1",
    '../../etc/passwd',
    '${jndi:ldap://example.com}',
    `${'a'.repeat(64)}.example`,
    `${'ü'.repeat(64)}.example`,
    `${'a.'.repeat(124)}example`,
    `bücher.${'a.'.repeat(124)}example`,
    '\ud800.example',
    '\u202eexample.com',
  ])('refuses %j', (value) => {
    expect(canonicalise('domain', value)).toBeUndefined();
  });
});

describe('other types', () => {
  it.each(['IP', 'Domain', 'url', 'sha256', '', '__proto__', 'constructor', 'ip '])(
    'are not ours: %j',
    (type) => {
      expect(canonicalise(type, '192.0.2.1')).toBeUndefined();
      expect(canonicalise(type, 'example.com')).toBeUndefined();
    },
  );
});

/** Eight groups, and ways to write them. */
const groups = fc.array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 });
const writings: readonly ((groups: readonly number[]) => string)[] = [
  (all) => all.map((group) => group.toString(16)).join(':'),
  (all) => all.map((group) => group.toString(16).padStart(4, '0').toUpperCase()).join(':'),
  (all) => {
    const zero = all.indexOf(0);
    const text = all.map((group) => group.toString(16));
    return zero < 0
      ? text.join(':')
      : `${text.slice(0, zero).join(':')}::${text.slice(zero + 1).join(':')}`;
  },
  (all) => {
    const [high = 0, low = 0] = all.slice(6);
    const bytes = [high >> 8, high & 0xff, low >> 8, low & 0xff];
    const text = all.slice(0, 6).map((group) => group.toString(16));
    return `${text.join(':')}:${bytes.join('.')}`;
  },
];

/** Labels that every reader of names agrees on. */
const label = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
const name = fc
  .array(fc.oneof(label, fc.constantFrom('bücher', 'пример', '例え')), {
    minLength: 2,
    maxLength: 5,
  })
  .map((labels) => labels.join('.'));

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({
    unit: fc.constantFrom('.', '-', ':', '%', '1', 'a', 'ü', '\0', ' ', '。', '[', '0x'),
  }),
);

describe('any text', () => {
  it('is refused or has a form that is its own form', () => {
    fc.assert(
      fc.property(fc.constantFrom(...OBSERVABLE_TYPES), nasty, (type, value) => {
        const canonical = canonicalise(type, value);
        const again = canonical && canonicalise(canonical.type, canonical.value);
        expect(again).toEqual(canonical);
        expect(canonical?.value ?? 'a').toMatch(/^[a-z0-9._:-]{1,253}$/);
      }),
      { numRuns: 3_000 },
    );
  });

  it('has one form in any writing of an IPv6 address, and another address has another', () => {
    const writing = fc.constantFrom(...writings);
    fc.assert(
      fc.property(groups, groups, writing, writing, (one, two, write, writeToo) => {
        const form = valueOf('ipv6', write(one));
        expect(form).toBeDefined();
        expect(valueOf('ipv6', writeToo(one))).toBe(form);
        const same = one.every((group, index) => group === two[index]);
        expect(valueOf('ipv6', writeToo(two)) === form).toBe(same);
      }),
      { numRuns: 1_000 },
    );
  });

  it('has one form in any writing of a name, and another name has another', () => {
    const write = fc.constantFrom<(text: string) => string>(
      (text) => text,
      (text) => text.toUpperCase(),
      (text) => `${text}.`,
      (text) => ` ${text}\n`,
      (text) => text.normalize('NFD'),
      (text) => text.replaceAll('.', '。'),
    );
    fc.assert(
      fc.property(name, name, write, write, (one, two, writeOne, writeTwo) => {
        const form = valueOf('domain', writeOne(one));
        expect(form).toBeDefined();
        expect(valueOf('domain', writeTwo(one))).toBe(form);
        expect(valueOf('domain', writeTwo(two)) === form).toBe(one === two);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each(['a', '.', '1', ':', 'ü', 'a.', 'a-', '0:', ' ', '\ud83d', 'xn--'])(
    'is dealt with in no time when long: %j',
    (piece) => {
      const values = [piece.repeat(1_024 / piece.length), piece.repeat(1_000_000)];
      const begun = performance.now();
      for (const type of OBSERVABLE_TYPES) {
        for (const value of values) {
          expect(canonicalise(type, value)).toBeUndefined();
        }
      }
      expect(performance.now() - begun).toBeLessThan(250);
    },
  );
});
