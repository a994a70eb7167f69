import { describe, expect, it } from '@jest/globals';

import { RequestLog, type LoggedRequest } from './request-log.js';

function request(page: number): Omit<LoggedRequest, 'status'> {
  return {
    at: page,
    method: 'GET',
    path: '/v1/ping',
    page,
    key: 'k',
    endpoint: 'ping',
    subject: '',
    requestId: '',
  };
}

describe('RequestLog', () => {
  it('keeps the last requests in order and counts all', () => {
    const log = new RequestLog(3);
    for (const page of [1, 2, 3, 4, 5]) {
      log.begin(request(page))(200);
    }
    expect(log.requests().map(({ page }) => page)).toEqual([3, 4, 5]);
    expect(log.counters()).toEqual({
      total: 5,
      byEndpoint: { ping: 5 },
      byStatus: { '200': 5 },
      byKey: { k: 5 },
    });
  });

  it('shows a request without an answer with status 0', () => {
    const log = new RequestLog();
    const settle = log.begin(request(1));
    expect(log.requests()).toMatchObject([{ status: 0 }]);
    expect(log.counters().byStatus).toEqual({ '0': 1 });
    settle(503);
    expect(log.requests()).toMatchObject([{ status: 503 }]);
    expect(log.counters().byStatus).toEqual({ '503': 1 });
  });

  it('does not count an answer to a request from before a reset', () => {
    const log = new RequestLog();
    const settle = log.begin(request(1));
    log.reset();
    settle(200);
    expect(log.requests()).toEqual([]);
    expect(log.counters()).toEqual({ total: 0, byEndpoint: {}, byStatus: {}, byKey: {} });
  });
});
