import { describe, expect, it } from '@jest/globals';

import { BACK_OFF_MS } from './back-off.js';
import { askedAgain, begun, ended, newDelivery } from './delivery.js';
import type { Delivery, Exchange } from './delivery.js';

const NOW = Date.parse('2026-11-22T10:00:00Z');
const FRESH = newDelivery(
  { id: 'msg_1', webhookId: 'wh_1', tenant: 'a'.repeat(32), message: { kind: 'test', at: NOW } },
  NOW,
);
const AT = { now: NOW, random: 0.5 };

function answered(status: number, text = ''): Exchange {
  return { kind: 'answered', status, text, retryAfterMs: null };
}

describe('a delivery', () => {
  it.each([200, 201, 202, 204, 299])('is delivered by %d', (status) => {
    expect(ended(FRESH, answered(status), AT)).toMatchObject({
      state: 'DELIVERED',
      status,
      failure: null,
      error: null,
      nextAttemptAt: null,
      attempt: 1,
    });
  });

  it.each<[Exchange, Partial<Delivery>]>([
    [answered(301), { failure: 'redirect', status: 301, error: 'redirects are not followed' }],
    [answered(302), { failure: 'redirect' }],
    [answered(400, 'no such channel'), { failure: 'status', error: 'refused: no such channel' }],
    [answered(404), { failure: 'status', error: 'refused' }],
    [answered(503), { failure: 'status', status: 503 }],
    [
      { kind: 'failed', failure: 'timeout' },
      { failure: 'timeout', status: null },
    ],
    [{ kind: 'failed', failure: 'network' }, { failure: 'network' }],
    [{ kind: 'failed', failure: 'tls' }, { failure: 'tls' }],
    [{ kind: 'failed', failure: 'forbidden_target' }, { failure: 'forbidden_target' }],
  ])('is tried again after %j', (exchange, expected) => {
    const after = ended(FRESH, exchange, AT);
    expect(after).toMatchObject({ state: 'PENDING', nextAttemptAt: NOW + 5_000, ...expected });
  });

  it('is given up at once when the receiver is gone', () => {
    const after = ended(FRESH, answered(410), AT);
    expect(after).toMatchObject({ state: 'FAILED', failure: 'gone', nextAttemptAt: null });
  });

  it('is given up after the last wait, two days later', () => {
    let delivery = FRESH;
    let attempts = 0;
    while (delivery.nextAttemptAt !== null) {
      const now = delivery.nextAttemptAt;
      delivery = ended(begun(delivery, 'token', now), answered(500), { now, random: 0.5 });
      attempts += 1;
    }
    expect(attempts).toBe(BACK_OFF_MS.length + 1);
    expect(delivery).toMatchObject({ state: 'FAILED', attempt: attempts, lease: null });
    expect((delivery.lastAttemptAt ?? 0) - NOW).toBeGreaterThan(47 * 3_600_000);
  });

  it('begins anew when it is asked for again, and goes on counting its attempts', () => {
    const failed = ended(FRESH, answered(410), AT);
    const again = ended(askedAgain(failed, NOW), answered(500), AT);
    expect(again).toMatchObject({ state: 'PENDING', attempt: 2, nextAttemptAt: NOW + 5_000 });
  });
});
