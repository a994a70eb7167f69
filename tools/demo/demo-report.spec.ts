import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { describe, expect, it } from '@jest/globals';

import { curlLine, demoReport } from './demo-report.js';
import { callsAbout } from './relay-calls.js';

const RELAY = { url: 'http://127.0.0.1:9090', token: 'aaa.bbb.ccc' };

describe('curlLine', () => {
  it('reaches curl word by word when bash reads it', async () => {
    const [call] = callsAbout("it's.example.com");
    const line = curlLine(call!, RELAY).replace(/^curl/, "printf '%s\\n'");
    const { stdout } = await promisify(execFile)('bash', ['-c', line]);
    expect(stdout.trimEnd().split('\n')).toEqual([
      '-sS',
      '-X',
      'POST',
      'http://127.0.0.1:9090/observe/observables',
      '-H',
      'Authorization: Bearer aaa.bbb.ccc',
      '-H',
      'Content-Type: application/json',
      '-d',
      '[{"type":"domain","value":"it\'s.example.com"}]',
    ]);
  });
});

describe('demoReport', () => {
  const facts = {
    ...RELAY,
    upstream: 'the simulator',
    folder: '.demo',
    toCopy: callsAbout('shop.example.com'),
    seen: [
      {
        title: 'observe',
        status: 200,
        cache: 'miss' as const,
        milliseconds: 12.6,
        upstreamCalls: 2,
        finding: 'shop.example.com Resolved_To 192.0.2.1',
      },
      { title: 'refer', status: 200, milliseconds: 3, finding: 'https://example.com' },
    ],
  };

  it('lists what the calls showed in columns', () => {
    expect(demoReport(facts).split('\n').slice(4, 7)).toEqual([
      '  call     status  cache  ms  upstream calls  finding',
      '  observe  200     miss   13  2               shop.example.com Resolved_To 192.0.2.1',
      '  refer    200     -      3   -               https://example.com',
    ]);
  });

  it('has the token on a line of its own and three lines to copy', () => {
    const lines = demoReport(facts).split('\n');
    expect(lines).toContain(RELAY.token);
    expect(lines.filter((line) => line.startsWith('curl '))).toHaveLength(3);
  });
});
