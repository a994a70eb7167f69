import fc from 'fast-check';
import type { Arbitrary } from 'fast-check';

/** Names that mean something to JavaScript, to JSON libraries or to our own protocol. */
const LOADED_NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'length',
  'type',
  'value',
  '_schema',
  'key',
];

/** Texts that have broken parsers, shells, logs, paths and regular expressions before. */
const LOADED_TEXTS = [
  '',
  ' ',
  '\0',
  '\r\nx-injected: 1',
  '../../etc/passwd',
  '%00',
  '%',
  '${jndi:ldap://example.com}',
  '<script>alert(1)</script>',
  "' OR 1=1 --",
  '\u202Egnp.example.com',
  '\uD800',
  '\uFFFF',
  '{"a":',
  'a'.repeat(5_000),
  '.'.repeat(500),
  'eyJ'.repeat(300),
  '-'.repeat(300),
  ...LOADED_NAMES,
];

export const anyText: Arbitrary<string> = fc.oneof(
  fc.constantFrom(...LOADED_TEXTS),
  fc.string(),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

export const anyJson: Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  anyText,
  fc.dictionary(fc.oneof(fc.constantFrom(...LOADED_NAMES), fc.string()), fc.jsonValue()),
);

const name = fc.oneof(
  fc.domain(),
  fc.domain().map((domain) => ` ${domain.toUpperCase()}.\t`),
  fc.constantFrom(
    'bücher.example',
    'xn--a.example',
    '_dmarc.example.com',
    '1.2.3.4',
    'a..b',
    'localhost',
  ),
  anyText,
);
const address = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.ipV4Extended(),
  fc.constantFrom('::', '::ffff:192.0.2.1', 'fe80::1%eth0'),
);

/** An observable as a platform would send it, its value as a sender of bad will would write it. */
const observable = fc.record({
  type: fc.constantFrom('ip', 'ipv6', 'domain', 'IP', 'url', 'sha256', '__proto__'),
  value: fc.oneof(name, address),
});

const nearlyObservable = fc.oneof(
  { weight: 5, arbitrary: observable },
  { weight: 1, arbitrary: anyJson },
  { weight: 1, arbitrary: fc.record({ type: anyJson, value: anyJson }, { requiredKeys: [] }) },
);

const nested = fc
  .tuple(
    fc.integer({ min: 1, max: 100_000 }),
    fc.constantFrom(['[', ']'], ['{"a":', '}'], ['[', '']),
  )
  .map(([depth, [open = '', close = '']]) => open.repeat(depth) + close.repeat(depth));

const doubled = fc
  .tuple(observable, observable)
  .map(([one, other]) => `[${JSON.stringify(one).slice(0, -1)},${JSON.stringify(other).slice(1)}]`);

const asText = (value: unknown): string => JSON.stringify(value);

/** A request's body: noise, JSON of any shape, lists that are right or nearly so. */
export const anyBody: Arbitrary<Buffer> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .array(nearlyObservable, { maxLength: 8 })
      .map((list) => Buffer.from(asText(list))),
  },
  {
    weight: 2,
    arbitrary: fc.array(observable, { maxLength: 8 }).map((list) => Buffer.from(asText(list))),
  },
  { weight: 2, arbitrary: anyJson.map((json) => Buffer.from(asText(json))) },
  { weight: 1, arbitrary: fc.oneof(nested, doubled, anyText).map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)) },
);

/** A header's value in bytes, all that Node's parser lets through and some that it does not. */
export const anyHeaderValue: Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    'a'.repeat(4_000),
    'a'.repeat(20_000),
    '\u00ff\u00fe',
    '[object Object]',
    '1e9',
    '-1',
    '{}',
  ),
  fc.string({
    unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)),
  }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xff }).map((code) => String.fromCharCode(code)) }),
);

const named = fc.constantFrom(
  'x-request-id',
  'health-check',
  'content-type',
  'content-encoding',
  'expect',
  'upgrade',
  'host',
  'range',
  'if-match',
  'if-none-match',
  'x-forwarded-for',
  'x-http-method-override',
  'cookie',
  '__proto__',
);
const conditions = fc.constantFrom(
  'bytes=99999999-',
  'bytes=-1',
  'bytes=0-0,5-1',
  '"x"',
  '*',
  '100-continue',
);

/** A header that means something to a server, saying what it should not. */
export const anyHeaderLine: Arbitrary<string> = fc
  .tuple(named, fc.oneof(anyHeaderValue, conditions))
  .map((field) => field.join(': '));

/** Framing headers and what stands behind them: lies, and now and then the truth. */
export function anyFraming(good: string): Arbitrary<[string[], string]> {
  const size = fc.constantFrom('0', '1', '5', '31', 'ffffffff', '-1', '0x5', '1;a=b', 'zz', '');
  const chunk = fc.oneof(
    fc.tuple(size, anyText).map(([length, text]) => `${length}\r\n${text}\r\n`),
    fc.constant(`${good.length.toString(16)}\r\n${good}\r\n0\r\n\r\n`),
    fc.constant('0\r\n\r\n'),
  );
  const chunks = fc.array(chunk, { maxLength: 4 }).map((parts) => parts.join(''));
  const both = ['transfer-encoding: chunked', 'content-length: 5', 'content-length: 7'];
  const chunked: Arbitrary<string[]> = fc.constant(both.slice(0, 1));
  return fc.oneof(
    fc.tuple(chunked, chunks),
    fc.tuple(fc.subarray(both), anyText),
    fc.tuple(
      size.map((length) => [`content-length: ${length}`]),
      fc.constant(good),
    ),
  );
}

export const anyVerb = fc.constantFrom(
  ...['GET', 'POST', 'PUT', 'HEAD', 'OPTIONS', 'TRACE', 'DELETE', 'QUERY', 'PATCH'],
);

const known = ['/health', '/docs', '/docs/', '/metrics', '/openapi.json', '/livez'];
const turns = ['/', '//', '/..', '/%2e%2e/%2e%2e/etc/passwd', '%', '%00', '%ff'];
const oddities = ['/..%2f..%2fpackage.json', '\\', '#', ';a', '?__proto__[x]=1'];

/** A request's target: known paths with something behind them, and others. */
export function anyTarget(usual: string): Arbitrary<string> {
  const behind = fc.oneof(
    fc.webPath(),
    fc.webQueryParameters().map((query) => `?${query}`),
    fc.constantFrom(...turns, ...oddities),
  );
  return fc.oneof(
    fc.tuple(fc.constantFrom(usual, ...known), behind).map((parts) => parts.join('')),
    fc.webPath().map((text) => (text.startsWith('/') ? text : `/${text}`)),
    fc.constantFrom('*', '//example.com/health', 'http://example.com/health', '/constructor'),
  );
}

/** The values of a body, as far as it is a list of observables. */
export function valuesIn(body: Buffer): string[] {
  try {
    const list: unknown = JSON.parse(body.toString());
    return Array.isArray(list) ? list.map(valueOf).filter((value) => value !== '') : [];
  } catch {
    return [];
  }
}

function valueOf(item: unknown): string {
  const value: unknown =
    typeof item === 'object' && item !== null && 'value' in item ? item.value : undefined;
  return typeof value === 'string' ? value : '';
}
