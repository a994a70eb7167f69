import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';

import type { RedisServer } from '../support/redis-server.js';
import { startRedis } from '../support/redis-server.js';
import type { WatchingCli } from '../support/watching-cli.js';
import { watchingCli } from '../support/watching-cli.js';

interface Watched {
  readonly observable: { readonly type: string; readonly value: string };
  readonly note: string | null;
  readonly expiresAt: string | null;
  readonly state: string;
}
interface Page {
  readonly observables: Watched[];
  readonly nextCursor: string | null;
}
interface Report {
  readonly added: number;
  readonly alreadyWatched: number;
  readonly rejected: { line: number; value: string; reason: string }[];
  readonly preview: Record<string, number | string | null>;
}

let server: RedisServer;
let redis: Redis;
let folder: string;
let cli: WatchingCli;

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url);
  folder = await mkdtemp(join(tmpdir(), 'cli-'));
  cli = watchingCli(server.url);
});

beforeEach(async () => {
  await redis.flushall();
});

afterAll(async () => {
  await redis.quit();
  await server.stop();
  await rm(folder, { recursive: true });
});

async function valuesOf(words: string): Promise<string[]> {
  const { observables } = await cli.json<Page>(words);
  return observables.map(({ observable }) => observable.value);
}

function piped(text: string): WatchingCli {
  return watchingCli(server.url, { stdin: Readable.from([text]) });
}

describe('lists', () => {
  it('are made, shown, changed and found by name without regard to case', async () => {
    const settings = '--priority HIGH --interval 6h --budget 500 --tags c2,mail'.split(' ');
    const { exitCode, output } = await cli('lists create', 'Phishing kits', ...settings);
    expect([exitCode, output]).toEqual([
      0,
      expect.stringMatching(/^created Phishing kits \(wl_.{16}\)\n$/),
    ]);
    const { exitCode: set } = await cli('lists set', 'PHISHING KITS', '--budget', 'none');
    expect(set).toBe(0);
    await expect(cli.json('lists show', ' phishing kits ')).resolves.toMatchObject({
      name: 'Phishing kits',
      tags: ['c2', 'mail'],
      priority: 'HIGH',
      refreshIntervalSeconds: 21_600,
      monthlyCallBudget: null,
      createdBy: 'olga',
      summary: { total: 0, neverFetched: 0 },
    });
    const { printed } = await cli('lists');
    expect(printed[1]).toMatch(/^Phishing kits {2}wl_\S+ +HIGH +6h +- +yes +0 /);
  });

  it('are refused with field and reason for each fault, and exit code 3', async () => {
    await cli('lists create one');
    const taken = await cli('lists create ONE');
    expect([taken.exitCode, taken.remarked]).toEqual([
      3,
      'CONFLICT: name is the name of another watchlist\n',
    ]);
    const wrong = await cli('lists create two --interval 30m --tags', 'x'.repeat(60));
    expect([wrong.exitCode, wrong.remarked.split('\n')]).toEqual([
      3,
      [
        expect.stringMatching(/^INVALID: tags\.0 /),
        expect.stringMatching(/^INVALID: refreshIntervalSeconds is not a whole number from 3600 /),
        '',
      ],
    ]);
  });

  it('that are not there exit 4', async () => {
    for (const words of ['lists show', 'observables', 'lists delete', 'lists export', 'watch']) {
      const { exitCode, remarked } = await cli(words, 'nowhere');
      expect([exitCode, remarked]).toEqual([
        4,
        'NOT_FOUND: no watchlist has the name or id nowhere\n',
      ]);
    }
  });

  it('are deleted only when the operator says so', async () => {
    await cli('lists create one');
    const unasked = await cli('lists delete one');
    expect([unasked.exitCode, unasked.remarked]).toEqual([2, expect.stringContaining('--yes')]);
    const at = (answer: string): WatchingCli => {
      const stdin = Object.assign(Readable.from([`${answer}\n`]), { isTTY: true });
      return watchingCli(server.url, { stdin });
    };
    const no = await at('n')('lists delete one');
    expect([no.exitCode, no.remarked]).toEqual([
      3,
      'Delete one with 0 observables? [y/N] nothing was deleted\n',
    ]);
    await expect(at('y')('lists delete one')).resolves.toMatchObject({ exitCode: 0 });
    await cli('lists create two');
    await expect(cli('lists delete two --yes')).resolves.toMatchObject({ exitCode: 0 });
    await expect(cli.json('lists')).resolves.toEqual({ watchlists: [] });
  });
});

describe('observables', () => {
  const PASTED = [
    'hxxps://login[.]example[.]com/path, 192.0.2[.]7',
    '# a comment',
    'example.com example.com',
    'not_a_host..example',
    '2001:db8::1',
  ].join('\n');

  beforeEach(async () => {
    await cli('lists create phish --interval 1d');
  });

  it('are shown with their cost and every rejected line before anything is saved', async () => {
    const { exitCode, output } = await piped(PASTED)('observables add phish --file - --dry-run');
    expect(exitCode).toBe(0);
    expect(output).toMatch(/LINE +REJECTED +REASON\n +4 +not_a_host\.\.example +\S/);
    expect(output).toMatch(/calls to fetch them first +6\n/);
    expect(output).toMatch(/calls a month, every 1d +122 to 180\n/);
    expect(output).toContain('How many have none shows at their first fetch');
    expect(output).toContain('nothing was saved (--dry-run)');
    await expect(valuesOf('observables phish')).resolves.toEqual([]);
    const report = await piped(PASTED).json<Report>('observables add phish --file - --dry-run');
    expect(report).toMatchObject({ added: 0, duplicates: 1, rejectedCount: 1, dryRun: true });
    expect(report.preview).toEqual({
      accepted: 4,
      alreadyWatched: 0,
      firstFetchCalls: 6,
      firstFetchCallsMost: 6,
      callsPerMonth: 180,
      callsPerMonthRange: { least: expect.closeTo(122, 0), most: 180 },
      basis: 'assumed',
      quotaLimit: null,
      quotaExhaustsAt: null,
      affordableIntervalSeconds: 3_600,
    });
  });

  it('are added, and those on the list already are told apart', async () => {
    await cli('observables add phish 192.0.2.7 --note', 'known before');
    const report = await piped(PASTED).json<Report>('observables add phish --file - --note new');
    expect(report).toMatchObject({ added: 3, alreadyWatched: 1 });
    const { observables } = await cli.json<Page>('observables phish');
    expect(observables.map(({ observable, note }) => [observable.value, note])).toEqual([
      ['192.0.2.7', 'known before'],
      ['2001:db8::1', 'new'],
      ['example.com', 'new'],
      ['login.example.com', 'new'],
    ]);
  });

  it('are read from CSV with their own notes and expiries', async () => {
    const csv = 'domain,note,expires\nexample.com,"own, quoted",2099-01-01\nexample.net,,\n';
    const file = join(folder, 'values.csv');
    await writeFile(file, csv);
    await cli('observables add phish --file', file, '--note', 'common', '--expires', '30d');
    const { observables } = await cli.json<Page>('observables phish');
    expect(observables.map(({ note, expiresAt }) => [note, expiresAt?.slice(0, 4)])).toEqual([
      ['own, quoted', '2099'],
      ['common', expect.stringMatching(/^20[2-8]\d$/)],
    ]);
  });

  it('exit 3 when no value could be read, or a rule forbids what was given', async () => {
    const none = await cli('observables add phish', 'not_a_host..example');
    expect([none.exitCode, none.remarked]).toEqual([3, 'INVALID: no value could be read\n']);
    const long = await cli('observables add phish example.com --note', 'x'.repeat(501));
    expect([long.exitCode, long.remarked]).toEqual([
      3,
      'INVALID: observables.0.note is longer than 500 characters\n',
    ]);
    const past = await cli('observables add phish example.com --expires 2020-01-01');
    expect([past.exitCode, past.remarked]).toEqual([
      3,
      'INVALID: observables.0.expiresAt is not in the future\n',
    ]);
    await expect(valuesOf('observables phish')).resolves.toEqual([]);
  });

  it('are paged by cursor and sifted by type, state and text', async () => {
    await cli('observables add phish a.example.com b.example.com c.example.net 192.0.2.1');
    const first = await cli.json<Page>('observables phish --first 3');
    expect(first.observables).toHaveLength(3);
    const second = await cli.json<Page>(`observables phish --after ${first.nextCursor}`);
    expect(second).toMatchObject({
      observables: [{ observable: { value: 'c.example.net' } }],
      nextCursor: null,
    });
    const page = await cli('observables phish --first 3');
    expect(page.remarked).toBe(`There are more: --after ${first.nextCursor}\n`);
    await expect(valuesOf('observables phish --type ip')).resolves.toEqual(['192.0.2.1']);
    await expect(valuesOf('observables phish --text .NET')).resolves.toEqual(['c.example.net']);
    await expect(valuesOf('observables phish --state PAUSED')).resolves.toEqual([]);
    const all = await cli('observables phish --all --json');
    const lines = all.printed.map((line) => JSON.parse(line) as Watched);
    expect(lines.map(({ observable }) => observable.value)).toHaveLength(4);
  });

  it('are noted, paused, resumed and removed', async () => {
    await cli('observables add phish a.example.com b.example.com');
    const noted = await cli('observables note phish a[.]example[.]com', 'seen in mail\u001b[2J');
    expect([noted.exitCode, noted.output]).toEqual([
      0,
      'noted domain:a.example.com on phish: PENDING\n',
    ]);
    await cli('observables pause phish a.example.com b.example.com');
    await cli('observables resume phish b.example.com');
    const { observables } = await cli.json<Page>('observables phish');
    expect(observables.map(({ note, state }) => [note, state])).toEqual([
      ['seen in mail [2J', 'PAUSED'],
      [null, 'PENDING'],
    ]);
    await expect(cli.json('observables remove phish a.example.com')).resolves.toEqual({
      removed: 1,
    });
    for (const words of ['remove', 'pause', 'note']) {
      const more = words === 'note' ? ['text'] : [];
      const { exitCode } = await cli(`observables ${words} phish a.example.com`, ...more);
      expect([words, exitCode]).toEqual([words, 4]);
    }
    const { exitCode, remarked } = await cli('observables pause phish nonsense');
    expect([exitCode, remarked]).toEqual([2, expect.stringContaining('nonsense is no observable')]);
  });
});

describe('export and import', () => {
  it('give back the same lists, to the letter', async () => {
    await cli('lists create phish --tags a,b --priority LOW --description', 'of 2026, „quoted“');
    await cli('lists create empty --enabled no --muted yes --budget 7');
    await cli('observables add phish a.example.com 192.0.2.1 2001:db8::1 --expires 90d');
    await cli('observables note phish 192.0.2.1', 'line\nbreak, "quotes"');
    await cli('observables pause phish a.example.com');
    const file = join(folder, 'backup.json');
    await expect(cli('lists export --out', file)).resolves.toMatchObject({ exitCode: 0 });
    const before = await readFile(file, 'utf8');
    await cli('lists delete phish --yes');
    await cli('lists delete empty --yes');
    await expect(cli.json('lists import', file)).resolves.toEqual({
      listsCreated: 2,
      listsUpdated: 0,
      observablesAdded: 3,
      alreadyWatched: 0,
    });
    expect((await cli('lists export')).output).toBe(before);
    const again = await piped(before)('lists import -');
    expect(again.output).toBe(
      'lists: 0 created, 2 updated; observables: 0 added, 3 there already\n',
    );
    expect((await cli('lists export')).output).toBe(before);
  });

  it('exports one list as a table that can be added again', async () => {
    await cli('lists create phish');
    await cli('lists create copy');
    await cli('observables add phish a.example.com 192.0.2.1 --note', '=1+1, "so"');
    const { output } = await cli('lists export phish --format csv');
    expect(output.split('\r\n')[0]).toMatch(/^type,value,note,expires,paused,state/);
    await piped(output)('observables add copy --file -');
    const { observables } = await cli.json<Page>('observables copy');
    expect(observables.map(({ observable, note }) => [observable.value, note])).toEqual([
      ['192.0.2.1', '=1+1, "so"'],
      ['a.example.com', '=1+1, "so"'],
    ]);
    await expect(cli('lists export --format csv')).resolves.toMatchObject({ exitCode: 2 });
  });

  it('refuses a text that is no export, and a file that is not there', async () => {
    const refused = await piped('{"format":"other"}')('lists import -');
    expect([refused.exitCode, refused.remarked]).toEqual([
      3,
      expect.stringMatching(/^INVALID: format /),
    ]);
    const missing = await cli('lists import', join(folder, 'missing.json'));
    expect([missing.exitCode, missing.remarked]).toEqual([1, expect.stringContaining('ENOENT')]);
    const nowhere = await cli('lists export --out', join(folder, 'none', 'backup.json'));
    expect([nowhere.exitCode, nowhere.remarked]).toEqual([1, expect.stringContaining('ENOENT')]);
    expect(await readdir(folder)).not.toContain('none');
  });

  it('writes a long list in pieces, as fast as they are taken', async () => {
    await cli('lists create long');
    const text = Array.from({ length: 3_000 }, (_, index) => `host${index}.example.com`).join(' ');
    await piped(text)('observables add long --file -');
    const pieces: number[] = [];
    const slow = watchingCli(server.url, {
      write: async (piece) => {
        pieces.push(piece.length);
        await new Promise((resolve) => setImmediate(resolve));
      },
    });
    await expect(slow('lists export long')).resolves.toMatchObject({ exitCode: 0 });
    expect(pieces.length).toBeGreaterThanOrEqual(3_000);
    expect(Math.max(...pieces)).toBeLessThan(1_000);
    pieces.length = 0;
    await slow('observables long --all --json');
    expect(pieces).toHaveLength(3);
  });
});
