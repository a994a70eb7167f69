import { describe, expect, it } from '@jest/globals';

import { parseWebhookJob } from './webhook-job.schema.js';

const JOB = { tenant: '0123456789abcdef0123456789abcdef', deliveryId: 'msg_a-b_C' };

describe('parseWebhookJob', () => {
  it('takes a job, and lets nothing else through, such as a URL', () => {
    expect(parseWebhookJob({ ...JOB, url: 'CANARY', secret: 'CANARY' })).toEqual(JOB);
  });

  it.each<[string, unknown]>([
    ['data', undefined],
    ['data', 'CANARY'],
    ['tenant, deliveryId', {}],
    ['tenant', { ...JOB, tenant: 'CANARY' }],
    ['deliveryId', { ...JOB, deliveryId: 'CANARY' }],
    ['deliveryId', { ...JOB, deliveryId: 'msg_a:b' }],
    ['deliveryId', { ...JOB, deliveryId: `msg_${'a'.repeat(61)}` }],
  ])('names what is wrong (%s), never its value', (fields, data) => {
    const refusal = expect.objectContaining({
      code: 'invalid_payload',
      message: `Webhook job with invalid ${fields}`,
    });
    expect(() => parseWebhookJob(data)).toThrow(refusal);
  });
});
