import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { DemoPlan } from '../../tools/demo/demo-plan.js';
import { serviceEnvironment } from '../../tools/demo/demo-plan.js';
import { atDemoDesk } from '../../tools/demo/story/demo-desk.js';
import { clearDemoList } from '../../tools/demo/story/demo-list.js';
import { playStory } from '../../tools/demo/story/story.js';
import type { RelayStack } from '../support/relay-stack.js';
import { startStack, token } from '../support/relay-stack.js';
import type { ServiceProcess } from '../support/service-process.js';

const KEY = 'demo-key';
const FRESH_SECONDS = '1';
const PACE = { breath: 0, day: 200 };

describe('the story of the demo', () => {
  let stack: RelayStack;
  let worker: ServiceProcess;

  beforeAll(async () => {
    const plenty = { perSecond: 1_000, monthly: 100_000 };
    stack = await startStack({
      simulator: { keys: { [KEY]: plenty, 'looking-key': plenty } },
      env: { CACHE_FRESH_SECONDS: FRESH_SECONDS },
    });
    worker = await stack.add('worker', { SECURITYTRAILS_API_KEY: KEY });
  }, 60_000);

  afterAll(async () => {
    await stack.stop();
  });

  function planOf(tag: string): DemoPlan {
    return {
      host: '127.0.0.1',
      ports: {
        relay: Number(new URL(stack.relay.url).port),
        worker: Number(new URL(worker.url).port),
        redis: Number(new URL(stack.redis.url).port),
        simulator: stack.simulator.port,
      },
      folder: '.demo',
      secret: 'unused',
      tag,
    };
  }

  function environmentOf(plan: DemoPlan): NodeJS.ProcessEnv {
    return serviceEnvironment(plan, { CACHE_FRESH_SECONDS: FRESH_SECONDS });
  }

  /** What the story prints until a line has the text in it; then it is stopped. */
  async function toldUntil(text: string, tag: string): Promise<readonly string[]> {
    const plan = planOf(tag);
    const ending = new AbortController();
    const lines: string[] = [];
    await playStory({
      plan,
      env: environmentOf(plan),
      token: token({ key: KEY }),
      signal: ending.signal,
      print: (line) => {
        lines.push(line);
        if (line.includes(text)) {
          ending.abort();
        }
      },
      pace: PACE,
    });
    return lines;
  }

  /** The kinds and values of the changes told, in order. */
  function changesIn(lines: readonly string[]): string[] {
    return lines.flatMap((line) => {
      const [, kind = '', of = '', value = ''] =
        /^ {2}(ADDED|ENDED|RETURNED|BACKFILLED) +(\S+) +(\S+)/.exec(line) ?? [];
      return kind === '' ? [] : [`${kind} ${of} ${value}`];
    });
  }

  it('is told to the end, and goes on until it is stopped', async () => {
    const shop = 'shop-one.example.com';
    // On the second day of those that come after the story the shop moves on.
    const told = await toldUntil('198.51.100.140', 'one');
    expect(changesIn(told).slice(0, 8).sort()).toEqual(
      [
        `ADDED ${shop} 192.0.2.140`,
        `ENDED ${shop} 192.0.2.17`,
        'ADDED 198.51.100.53 login-one.example.com',
        'ENDED 198.51.100.53 blog-one.example.com',
        `RETURNED ${shop} 192.0.2.17`,
        `ENDED ${shop} 192.0.2.140`,
        'ADDED news-one.example.com 192.0.2.140',
        'ENDED news-one.example.com 192.0.2.17',
      ].sort(),
    );
    const text = told.join('\n');
    expect(text).toMatch(
      /observe +200 +stale +\d+ +0 +news-one\.example\.com Resolved_To 192\.0\.2\.17\n/,
    );
    expect(text).toMatch(
      /observe again +200 +hit +\d+ +0 +news-one\.example\.com Resolved_To 192\.0\.2\.140\n/,
    );
    expect(text).toMatch(/FIRST_FETCH +7\n/);
  }, 90_000);

  it('begins anew over what an earlier run and its onlooker have left', async () => {
    await atDemoDesk(environmentOf(planOf('two')), async (desk) => {
      await clearDemoList(desk);
      const { items } = await desk.lists.page({ first: 1 });
      await desk.lists.update(items[0]?.id ?? '', { enabled: false });
    });
    const told = await toldUntil('RETURNED', 'two');
    expect(told.join('\n')).toContain('taken over');
    expect(changesIn(told).filter((change) => change.startsWith('ADDED'))).toEqual([
      'ADDED shop-two.example.com 192.0.2.140',
      'ADDED 198.51.100.53 login-two.example.com',
    ]);
  }, 90_000);
});
