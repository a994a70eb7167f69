import { setImmediate } from 'node:timers/promises';

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { MAX_REJECTIONS, readBulkText } from './bulk-text.js';

const NOW = Date.parse('2026-11-22T10:00:00Z');
const DAY = 86_400_000;

function read(text: string, limit = 1_000) {
  return readBulkText(text, {
    now: NOW,
    limit,
    pause: setImmediate,
    elapsed: performance.now.bind(performance),
  });
}

async function valuesIn(text: string): Promise<string[]> {
  const { accepted } = await read(text);
  return accepted.map(({ observable }) => `${observable.type} ${observable.value}`);
}

describe('one pasted value', () => {
  it.each([
    ['example.com', 'domain example.com'],
    ['EXAMPLE.com.', 'domain example.com'],
    ['hxxp://example[.]com/path?q=1#f', 'domain example.com'],
    ['hXXps[:]//www[.]example(.)com:8443/', 'domain www.example.com'],
    ['hxxp[://]example[dot]com', 'domain example.com'],
    ['example (dot) com', 'domain example.com'],
    ['example{.}com', 'domain example.com'],
    ['example\\.com', 'domain example.com'],
    ['user[at]example[.]com', 'domain example.com'],
    ['mailto:user@example.com', 'domain example.com'],
    ['<user@example.com>', 'domain example.com'],
    ['https://user:pass@example.com:443/a@b', 'domain example.com'],
    ['"example.com",', 'domain example.com'],
    ['example.com:443', 'domain example.com'],
    ['_dmarc.example.com', 'domain _dmarc.example.com'],
    ['bücher.example', 'domain xn--bcher-kva.example'],
    ['http://bücher.example/straße', 'domain xn--bcher-kva.example'],
    ['192.0.2.1', 'ip 192.0.2.1'],
    ['192[.]0[.]2[.]1:8080', 'ip 192.0.2.1'],
    ['http://192.0.2.1/', 'ip 192.0.2.1'],
    ['2001:DB8::1', 'ipv6 2001:db8::1'],
    ['2001[:]db8[:][:]1', 'ipv6 2001:db8::1'],
    ['[2001:db8::1]', 'ipv6 2001:db8::1'],
    ['http://[2001:db8::1]:8080/x', 'ipv6 2001:db8::1'],
    ['[2001:db8::1]:443', 'ipv6 2001:db8::1'],
  ])('%j is %s', async (text, expected) => {
    await expect(valuesIn(text)).resolves.toEqual([expected]);
  });

  it.each([
    ['192.0.2.0/24', 'a network, not one address'],
    ['2001:db8::/32', 'a network, not one address'],
    ['*.example.com', 'a wildcard, not one name'],
    ['999.0.2.1', 'not a valid IP address'],
    ['2001:db8::g', 'not a valid IP address'],
    ['exa_mple..com', 'not an IP address, domain name, URL or e-mail address'],
    ['http://localhost/', 'not an IP address, domain name, URL or e-mail address'],
    ['nothing here to see', 'no value in this line'],
    [`${'a.'.repeat(5_000)}com`, 'too long'],
  ])('%j is refused: %s', async (text, reason) => {
    const { accepted, rejected } = await read(`\n${text}\n`);
    expect(accepted).toEqual([]);
    expect(rejected).toEqual([{ line: 2, value: text.slice(0, 200), reason }]);
  });
});

describe('pasted text', () => {
  it('may have several values a line, comments, empty lines and words between', async () => {
    const text = [
      '\ufeff# indicators of compromise',
      'example.com, example.org; 192.0.2.1 | 192.0.2.2',
      '',
      '// old: example.net',
      'seen at www[.]example[.]com on Monday  # not example.net',
      'EXAMPLE.COM\r',
    ].join('\n');
    const { accepted, rejected, duplicates } = await read(text);
    expect(accepted.map(({ observable, line }) => [observable.value, line])).toEqual([
      ['example.com', 2],
      ['example.org', 2],
      ['192.0.2.1', 2],
      ['192.0.2.2', 2],
      ['www.example.com', 5],
    ]);
    expect(rejected).toEqual([]);
    expect(duplicates).toBe(1);
  });

  it('may be a table: quoted cells, notes, expiries as dates and durations', async () => {
    const text = [
      'Type,Indicator,Note,Expires',
      'domain,example[.]com,"moved, says ""ops""",2027-03-01',
      'ip,192.0.2.1,,30d',
      'ip,192.0.2.2,,P2W',
      'ip,192.0.2.3,,soon',
      'ip,192.0.2.4,,2020-01-01',
      'domain,,lost,',
    ].join('\r\n');
    const { accepted, rejected } = await read(text);
    expect(
      accepted.map(({ observable, note, expiresAt }) => [observable.value, note, expiresAt]),
    ).toEqual([
      ['example.com', 'moved, says "ops"', Date.parse('2027-03-01')],
      ['192.0.2.1', undefined, NOW + 30 * DAY],
      ['192.0.2.2', undefined, NOW + 14 * DAY],
    ]);
    expect(rejected.map(({ line, reason }) => [line, reason])).toEqual([
      [5, 'an expiry that is neither a date nor a duration'],
      [6, 'an expiry in the past'],
      [7, 'no value in this line'],
    ]);
  });

  it.each([
    ['a;value\n1;example.com', 'domain example.com'],
    ['value\tnotes\nexample.com\tx', 'domain example.com'],
    ['domain\nexample.com', 'domain example.com'],
  ])('may separate its columns in other ways: %j', async (text, expected) => {
    await expect(valuesIn(text)).resolves.toEqual([expected]);
  });

  it('has the original of each value', async () => {
    const { accepted } = await read('value\nhxxp://example[.]com/');
    expect(accepted).toMatchObject([{ original: 'hxxp://example[.]com/' }]);
  });

  it('is taken up to the limit, the rest refused by line', async () => {
    const { accepted, rejected } = await read('a.example\nb.example\nc.example', 2);
    expect(accepted).toHaveLength(2);
    expect(rejected).toEqual([
      { line: 3, value: 'c.example', reason: 'one more than a watchlist holds' },
    ]);
  });

  it('keeps a bounded number of rejections and counts all', async () => {
    const { rejected, rejectedCount } = await read('x\n'.repeat(MAX_REJECTIONS + 5));
    expect(rejected).toHaveLength(MAX_REJECTIONS);
    expect(rejectedCount).toBe(MAX_REJECTIONS + 5);
  });

  it('never makes it throw, and all it accepts is canonical and distinct', async () => {
    const piece = fc.constantFrom(
      ...['example', '.', 'com', '[.]', '(dot)', ':', '//', 'hxxp', '@', ',', '"', '\n', '\t', ' '],
      ...['192.0.2.1', '2001:db8::1', '#', '/', '[', ']', 'value,note', 'ü', '\ud800', '\0', '*'],
    );
    const text = fc.oneof(
      fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join('')),
      fc.string({ unit: 'binary', maxLength: 200 }),
    );
    await fc.assert(
      fc.asyncProperty(text, async (given) => {
        const { accepted, rejected } = await read(given);
        const values = accepted.map(({ observable }) => observable.value);
        expect(new Set(values).size).toBe(values.length);
        for (const value of values) {
          expect(value).toMatch(/^[a-z0-9._:-]+$/);
        }
        for (const { line, value } of rejected) {
          expect(line).toBeGreaterThan(0);
          expect(value.length).toBeLessThanOrEqual(200);
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    'a',
    'a.',
    '.',
    ':',
    '"',
    '",',
    '[.]',
    ' #',
    '(dot)',
    ' (',
    '\u2028 #',
    '@',
    'a.example ',
    '\n',
    'http://',
  ])('of 1 MB takes time in proportion to its length: %j over and over', async (piece) => {
    const begun = performance.now();
    await read(piece.repeat(1_000_000 / piece.length));
    // Quadratic time would be minutes.
    expect(performance.now() - begun).toBeLessThan(3_000);
  });

  it('of 3 MB gives the event loop its turns', async () => {
    const text = 'hxxp://host[.]example[.]com:80/path, 192.0.2.1 # seen\n'.repeat(57_000);
    let turns = 0;
    const ticking = setInterval(() => (turns += 1), 1);
    const begun = performance.now();
    await read(text);
    clearInterval(ticking);
    expect(turns).toBeGreaterThan((performance.now() - begun) / 40);
  }, 20_000);
});
