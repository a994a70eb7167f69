import { randomBytes } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';
import { Webhook as Verifier } from 'standardwebhooks';

import { newSecret, rotated, signatureHeaders } from './secret.js';

const DAY = 86_400_000;

describe('signing secrets', () => {
  it('has 32 random bytes after its prefix', () => {
    const secret = newSecret(randomBytes);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(newSecret(randomBytes)).not.toBe(secret);
  });

  it('signs what the reference library verifies', () => {
    const secret = newSecret(randomBytes);
    const body = JSON.stringify({ text: 'grün 🌲' });
    const headers = signatureHeaders({ id: 'msg_1', body }, [{ secret, until: null }], Date.now());
    expect(new Verifier(secret).verify(body, { ...headers })).toEqual({ text: 'grün 🌲' });
    expect(() => new Verifier(secret).verify(`${body} `, { ...headers })).toThrow('No matching');
  });

  it('signs with the old and the new secret for 24 hours after a rotation', () => {
    const [first, second] = [newSecret(randomBytes), newSecret(randomBytes)];
    const now = Date.now();
    const rotatedAt = now - DAY + 1;
    const secrets = rotated([{ secret: first, until: null }], second, rotatedAt) ?? [];
    const both = signatureHeaders({ id: 'msg_1', body: '{}' }, secrets, now);
    expect(both['webhook-signature'].split(' ')).toHaveLength(2);
    for (const secret of [first, second]) {
      expect(new Verifier(secret).verify('{}', { ...both })).toEqual({});
    }
    const later = signatureHeaders({ id: 'msg_1', body: '{}' }, secrets, now + 1);
    expect(later['webhook-signature'].split(' ')).toHaveLength(1);
    expect(new Verifier(second).verify('{}', { ...later })).toEqual({});
  });

  it('keeps the end of a secret that is rotated out a second time, and forgets what ended', () => {
    const once = rotated([{ secret: 'a', until: null }], 'b', 0) ?? [];
    expect(rotated(once, 'c', 1_000)).toEqual([
      { secret: 'c', until: null },
      { secret: 'b', until: DAY + 1_000 },
      { secret: 'a', until: DAY },
    ]);
    expect(rotated(once, 'c', DAY)?.map(({ secret }) => secret)).toEqual(['c', 'b']);
  });

  it('lets five sign at once and no more', () => {
    let secrets: ReturnType<typeof rotated> = [{ secret: '0', until: null }];
    for (const secret of ['1', '2', '3', '4']) {
      secrets = rotated(secrets ?? [], secret, 0);
    }
    expect(secrets).toHaveLength(5);
    expect(rotated(secrets ?? [], '5', 0)).toBeUndefined();
  });
});
