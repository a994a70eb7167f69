import { describe, expect, it } from '@jest/globals';

import type { ChangeEvent, ChangeFact, ListName, Message } from './change-event.js';
import { defanged } from './chat-text.js';
import { messageBody } from './message-body.js';
import { concerned, messageId, messageOf } from './message.js';
import { WEBHOOK_FORMATS } from './webhook.js';
import type { Webhook } from './webhook.js';

const NOW = Date.parse('2026-11-22T10:00:00Z');
const LIST = { id: 'wl_1', name: 'Crown jewels' };
const WEBHOOK: Webhook = {
  id: 'wh_1',
  name: 'SOC',
  format: 'STANDARD',
  enabled: true,
  watchlistIds: [],
  shownUrl: 'https://hooks.example.com/…',
  disabledFor: null,
  createdAt: NOW,
  createdBy: 'operator@example.com',
  updatedAt: NOW,
};

function change(number: number, over: Partial<ChangeFact> = {}): ChangeFact {
  return {
    id: `ch_${number}`,
    kind: 'ADDED',
    recordType: 'A',
    value: `192.0.2.${number}`,
    firstSeen: '2026-11-21',
    lastSeen: null,
    detectedAt: NOW + number,
    ...over,
  };
}

function event(
  changes: readonly ChangeFact[],
  watchlists: ChangeEvent['watchlists'] = [],
): ChangeEvent {
  const observable = { type: 'domain', value: 'example.com' } as const;
  const link = 'https://ui.example.com/domain/example.com/history/a?x=1&y=<2>|3';
  return { tenant: 'a'.repeat(32), observable, link, changes, watchlists };
}

function told(changes: readonly ChangeFact[], lists: readonly ListName[] = [LIST]): Message {
  return messageOf(event(changes), changes, lists);
}

interface Block {
  readonly type: string;
  readonly text: { readonly text: string };
}

/** The parts of any of the bodies that are looked into. */
interface Body {
  readonly text: string;
  readonly type: string;
  readonly blocks: readonly [Block, Block];
  readonly attachments: readonly [
    {
      readonly contentType: string;
      readonly content: {
        readonly type: string;
        readonly body: readonly Block[];
        readonly actions: unknown;
      };
    },
  ];
}

function body(message: Message, format: Webhook['format']): Body {
  return JSON.parse(messageBody(message, format)) as Body;
}

describe('concerned', () => {
  const muted = { ...LIST, muted: true };
  const loud = { id: 'wl_2', name: 'Others', muted: false };

  it.each<[string, Partial<Webhook>, string[]]>([
    ['of all lists: those that are not muted', {}, ['wl_2']],
    ['of one list', { watchlistIds: ['wl_2', 'wl_9'] }, ['wl_2']],
    ['of a muted list: none', { watchlistIds: ['wl_1'] }, []],
    ['of another list: none', { watchlistIds: ['wl_9'] }, []],
    ['disabled: none', { enabled: false }, []],
  ])('tells a webhook %s', (_, over, ids) => {
    const lists = concerned({ ...WEBHOOK, ...over }, event([change(1)], [muted, loud]));
    expect(lists.map(({ id }) => id)).toEqual(ids);
  });
});

describe('messageId', () => {
  it('is the same for the same changes in any order, another for another webhook or more changes', () => {
    const id = messageId('wh_1', ['ch_1', 'ch_2']);
    expect(messageId('wh_1', ['ch_2', 'ch_1'])).toBe(id);
    expect(messageId('wh_2', ['ch_1', 'ch_2'])).not.toBe(id);
    expect(messageId('wh_1', ['ch_1'])).not.toBe(id);
    expect(id).toMatch(/^msg_[\w-]{22}$/);
  });
});

describe('a message', () => {
  it('is signed JSON of type, timestamp and data', () => {
    expect(body(told([change(1), change(2)]), 'STANDARD')).toEqual({
      type: 'watchlist.observable.changed',
      timestamp: '2026-11-22T10:00:00.002Z',
      data: {
        observable: { type: 'domain', value: 'example.com' },
        link: 'https://ui.example.com/domain/example.com/history/a?x=1&y=<2>|3',
        changes: [
          { ...change(1), detectedAt: '2026-11-22T10:00:00.001Z' },
          { ...change(2), detectedAt: '2026-11-22T10:00:00.002Z' },
        ],
        omitted: 0,
        watchlists: [LIST],
      },
    });
    expect(body({ kind: 'test', at: NOW }, 'STANDARD')).toEqual({
      type: 'webhook.test',
      timestamp: '2026-11-22T10:00:00.000Z',
      data: {},
    });
  });

  it.each(WEBHOOK_FORMATS)(
    'stays below 20 KiB in %s, whatever it holds, and tells what it leaves out',
    (format) => {
      const value = '\u0001'.repeat(70_000);
      const many = Array.from({ length: 300 }, (_, index) => change(index, { value }));
      const lists = Array.from({ length: 50 }, (_, index) => ({
        id: `wl_${index}`,
        name: '界'.repeat(100),
      }));
      for (const changes of [
        many.slice(0, 1),
        many,
        Array.from({ length: 300 }, (_, index) => change(index)),
      ]) {
        const message = told(changes, lists);
        expect(Buffer.byteLength(messageBody(message, format))).toBeLessThan(20 * 1_024);
        const { changes: kept = [], omitted = 0 } = message.kind === 'changed' ? message : {};
        expect(kept.length).toBeGreaterThan(0);
        expect(kept.length + omitted).toBe(changes.length);
      }
    },
  );

  it('tells Webex in plain text', () => {
    const changes = [
      change(1),
      change(2, { kind: 'ENDED', lastSeen: '2026-11-20' }),
      change(3, { kind: 'RETURNED', firstSeen: null }),
      change(4, { kind: 'BACKFILLED', recordType: 'MX', value: 'mx.example.net' }),
    ];
    expect(body(told(changes), 'WEBEX')).toEqual({
      text: [
        'DNS history of example[.]com changed',
        'New: A 192[.]0[.]2[.]1 (first seen 2026-11-21)',
        'Ended: A 192[.]0[.]2[.]2 (last seen 2026-11-20)',
        'Returned: A 192[.]0[.]2[.]3',
        'Learned late: MX mx[.]example[.]net (first seen 2026-11-21)',
        'Watchlists: Crown jewels',
        'https://ui.example.com/domain/example.com/history/a?x=1&y=<2>|3',
      ].join('\n'),
    });
  });

  it('shows ten changes in a chat and counts the others', () => {
    const changes = Array.from({ length: 13 }, (_, index) => change(index));
    const { text } = body(told(changes), 'WEBEX');
    expect(text).toContain('… and 3 more');
    expect(text.split('\n').filter((line) => line.startsWith('New: '))).toHaveLength(10);
  });

  it('gives Slack blocks of plain text and one escaped link', () => {
    const sent = body(
      told([change(1, { recordType: 'TXT', value: '<!channel> *x* & <http://e.example|y>' })]),
      'SLACK',
    );
    expect(sent).toMatchObject({ unfurl_links: false, unfurl_media: false, mrkdwn: false });
    const [shown, button] = sent.blocks;
    expect(shown.text).toMatchObject({ type: 'plain_text', emoji: false });
    expect(shown.text.text).toContain('<!channel> *x* & <http[://]e[.]example|y>');
    expect(button.text.text).toBe(
      '<https://ui.example.com/domain/example.com/history/a?x=1&amp;y=&lt;2&gt;%7C3|Details>',
    );
    expect(sent.text).toBe('DNS history of example[.]com changed');
  });

  it('gives Teams a card whose texts are not read for mark-up', () => {
    const sent = body(
      told([change(1, { recordType: 'TXT', value: '[x](http://e.example) {{DATE(1)}}' })]),
      'TEAMS',
    );
    expect(sent.type).toBe('message');
    const [{ contentType, content }] = sent.attachments;
    expect(contentType).toBe('application/vnd.microsoft.card.adaptive');
    expect(content.type).toBe('AdaptiveCard');
    const kinds = new Set(content.body.map(({ type }) => type));
    expect([...kinds]).toEqual(['RichTextBlock']);
    expect(JSON.stringify(content.body)).not.toContain('http://');
    expect(content.actions).toEqual([
      expect.objectContaining({ type: 'Action.OpenUrl', title: 'Details' }),
    ]);
  });

  it.each(['SLACK', 'WEBEX', 'TEAMS'] as const)('says in %s that a test is one', (format) => {
    expect(messageBody({ kind: 'test', at: NOW }, format)).toContain('This webhook works');
  });
});

describe('defanged', () => {
  it.each([
    ['https://evil.example/x', 'https[://]evil[.]example/x'],
    ['a@b.example', 'a[@]b[.]example'],
    ['evil。example', 'evil[.]example'],
    ['2001:db8::1', '2001:db8::1'],
    ['a\u202eb\nc\0', 'a b c'],
    ['x'.repeat(200), `${'x'.repeat(119)}…`],
  ])('makes %j harmless', (text, harmless) => {
    expect(defanged(text, 120)).toBe(harmless);
  });
});
