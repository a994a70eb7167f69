import { describe, expect, it } from '@jest/globals';

import { actorText, eventOf } from './audit-event.js';
import type { AuditDraft } from './audit-event.js';

const MARKS = { id: 'ae_1', at: 0, result: 'done' } as const;
const DRAFT: AuditDraft = {
  actor: 'admin@example.com',
  role: 'ADMIN',
  action: 'createWebhook',
  target: 'webhook:wh_1',
  fields: ['input.name', 'input.url'],
};

function made(over: Partial<AuditDraft>) {
  return eventOf({ ...DRAFT, ...over }, MARKS);
}

describe('eventOf', () => {
  it('tells who did what to what, and which fields were given', () => {
    expect(made({})).toEqual({
      id: 'ae_1',
      at: 0,
      actor: 'admin@example.com',
      role: 'ADMIN',
      action: 'createWebhook',
      target: 'webhook:wh_1',
      result: 'done',
      detail: 'input.name, input.url',
    });
  });

  it.each(['domain:example.com', 'ipv6:2001:db8::1', 'ip:192.0.2.1', 'queue:refresh', 'cache'])(
    'takes %s for a target',
    (target) => {
      expect(made({ target }).target).toBe(target);
    },
  );

  it.each<[string, Partial<AuditDraft>]>([
    ['a URL for a target', { target: 'webhook:https://hooks.example.com/CANARY' }],
    ['a padded secret for a target', { target: 'webhook:whsec_CANARY+CANARY/CANARY=' }],
    ['text for a target', { target: 'some CANARY' }],
    ['lines for a target', { target: 'webhook:wh_1\nCANARY' }],
    ['a value for a field', { fields: ['input.url=https://CANARY'] }],
    ['a sentence for an action', { action: 'do CANARY' }],
    ['a sentence for a role', { role: 'my CANARY' }],
  ])('writes nothing of %s', (_, over) => {
    const event = made(over);
    expect(JSON.stringify(event)).not.toContain('CANARY');
    expect(Object.values(event)).toContain('?');
  });

  it('cuts a long list of fields, and leaves no room for an actor to write lines', () => {
    const fields = Array.from({ length: 60 }, (_, index) => `f${index}`);
    expect(made({ fields }).detail).toMatch(/f49, …$/);
    expect(made({ actor: 'a\nb\u202e' }).actor).toBe('a b');
    expect(made({ actor: 'x'.repeat(1_000) }).actor).toHaveLength(200);
    expect(made({ actor: ' \0 ' }).actor).toBe('?');
    expect(actorText('a\nb\u202e')).toBe('a b');
  });

  it('has a dash for nobody and nothing', () => {
    const event = made({ actor: null, role: null, target: null, fields: [] });
    expect(event).toMatchObject({ actor: '-', role: '-', target: '-', detail: '' });
  });
});
