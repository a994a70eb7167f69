import type { LookupAddress } from 'node:dns';

import { describe, expect, it } from '@jest/globals';

import { TargetGuard } from './target-guard.js';

const PUBLIC: LookupAddress = { address: '8.8.8.8', family: 4 };
const PUBLIC6: LookupAddress = { address: '2606:4700::1111', family: 6 };
const PRIVATE: LookupAddress = { address: '10.0.0.1', family: 4 };

/** A guard whose names have these addresses, answer by answer. */
function guard(allowPrivate: boolean, ...answers: LookupAddress[][]): TargetGuard {
  let asked = 0;
  const resolve = () => {
    const answer = answers[Math.min(asked, answers.length - 1)];
    asked += 1;
    return answer === undefined ? Promise.reject(new Error('ENOTFOUND')) : Promise.resolve(answer);
  };
  return new TargetGuard({ resolve, allowPrivate, maxUrlLength: 2_048 });
}

async function codeOf(url: string, allowPrivate = false, ...answers: LookupAddress[][]) {
  return (await guard(allowPrivate, ...(answers.length > 0 ? answers : [[PUBLIC]])).judge(url))
    ?.code;
}

async function lookUp(target: TargetGuard, options: { all?: boolean; family?: number }) {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  target.lookup('hooks.example.com', options, (error, address, family) => {
    if (error === null) {
      resolve(options.all === true ? address : { address, family });
    } else {
      reject(error);
    }
  });
  return promise;
}

describe('TargetGuard', () => {
  it.each([
    'https://hooks.example.com/path?x=1',
    'https://hooks.example.com:8443/',
    'https://hooks.example.com.:443/',
    'https://8.8.8.8/',
    'https://[2606:4700::1111]/',
  ])('takes %s', async (url) => {
    await expect(codeOf(url)).resolves.toBeUndefined();
  });

  it.each([
    ['INVALID', 'hooks.example.com'],
    ['INVALID', ''],
    ['INVALID', 'http://hooks.example.com/'],
    ['INVALID', 'ftp://hooks.example.com/'],
    ['INVALID', 'file:///etc/passwd'],
    ['INVALID', 'javascript:alert(1)'],
    ['INVALID', 'https://user@hooks.example.com/'],
    ['INVALID', 'https://:password@hooks.example.com/'],
    ['INVALID', `https://hooks.example.com/${'a'.repeat(2_048)}`],
    ['FORBIDDEN_TARGET', 'https://hooks.example.com:25/'],
    ['FORBIDDEN_TARGET', 'https://hooks.example.com:22/'],
    ['FORBIDDEN_TARGET', 'https://hooks.example.com:0/'],
    ['FORBIDDEN_TARGET', 'https://localhost/'],
    ['FORBIDDEN_TARGET', 'https://LOCALHOST./'],
    ['FORBIDDEN_TARGET', 'https://a.localhost/'],
    ['FORBIDDEN_TARGET', 'https://printer.local/'],
    ['FORBIDDEN_TARGET', 'https://metadata.google.internal/'],
    ['FORBIDDEN_TARGET', 'https://redis/'],
    ['FORBIDDEN_TARGET', 'https://127.0.0.1/'],
    ['FORBIDDEN_TARGET', 'https://127.1/'],
    ['FORBIDDEN_TARGET', 'https://2130706433/'],
    ['FORBIDDEN_TARGET', 'https://0x7f.0.0.1/'],
    ['FORBIDDEN_TARGET', 'https://0177.0.0.1/'],
    ['FORBIDDEN_TARGET', 'https://0/'],
    ['FORBIDDEN_TARGET', 'https://１２７.0.0.1/'],
    ['FORBIDDEN_TARGET', 'https://[::1]/'],
    ['FORBIDDEN_TARGET', 'https://[::ffff:7f00:1]/'],
    ['FORBIDDEN_TARGET', 'https://[::127.0.0.1]/'],
    ['FORBIDDEN_TARGET', 'https://169.254.169.254/latest'],
  ])('answers %s for %s', async (code, url) => {
    await expect(codeOf(url)).resolves.toBe(code);
  });

  it('refuses a name with one private address among public ones', async () => {
    const url = 'https://hooks.example.com/';
    await expect(codeOf(url, false, [PUBLIC, PRIVATE])).resolves.toBe('FORBIDDEN_TARGET');
  });

  it('refuses a name that has no addresses, or cannot be resolved', async () => {
    await expect(codeOf('https://hooks.example.com/', false, [])).resolves.toBe('FORBIDDEN_TARGET');
    const wrong = await guard(false).judge('https://hooks.example.com/');
    expect(wrong).toMatchObject({ code: 'INVALID', field: ['url'] });
  });

  it('never repeats the URL in what it says', async () => {
    const urls = [
      'https://10.0.0.1/CANARY',
      'http://CANARY@x.example.com/',
      'https://a.example.com:25/CANARY',
    ];
    const faults = await Promise.all(urls.map((url) => guard(false, [PUBLIC]).judge(url)));
    expect(faults.map((found) => found?.message.includes('CANARY'))).toEqual([false, false, false]);
  });

  it('lets private places and plain HTTP through when allowed', async () => {
    await expect(codeOf('http://127.0.0.1:9000/', true)).resolves.toBeUndefined();
    await expect(codeOf('http://localhost:9000/', true, [PRIVATE])).resolves.toBeUndefined();
  });

  it('keeps metadata services and multicast out even then', async () => {
    await expect(codeOf('http://169.254.169.254/', true)).resolves.toBe('FORBIDDEN_TARGET');
    await expect(codeOf('http://224.0.0.1/', true)).resolves.toBe('FORBIDDEN_TARGET');
    const metadata = { address: '169.254.169.254', family: 4 };
    const url = 'http://hooks.example.com/';
    await expect(codeOf(url, true, [metadata])).resolves.toBe('FORBIDDEN_TARGET');
  });

  it('gives a connection all addresses, or the first of its family', async () => {
    const target = guard(false, [PUBLIC, PUBLIC6]);
    await expect(lookUp(target, { all: true })).resolves.toEqual([PUBLIC, PUBLIC6]);
    await expect(lookUp(target, {})).resolves.toEqual(PUBLIC);
    await expect(lookUp(target, { family: 6 })).resolves.toEqual(PUBLIC6);
  });

  it('gives a connection nothing once a name has turned private', async () => {
    const target = guard(false, [PUBLIC], [PRIVATE]);
    await expect(target.judge('https://hooks.example.com/')).resolves.toBeUndefined();
    await expect(lookUp(target, { all: true })).rejects.toMatchObject({ code: 'forbidden_target' });
  });
});
