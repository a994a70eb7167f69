import { z } from 'zod';

import type { WebhookJob } from './catalogue.js';
import { JobError } from './errors.js';

const schema = z.object({
  tenant: z.string().regex(/^[0-9a-f]{32}$/),
  deliveryId: z.string().regex(/^msg_[\w-]{1,60}$/),
});

/**
 * Job data as a delivery to try, checked on both ends of the queue.
 *
 * @throws JobError `invalid_payload` naming the fields that are wrong, never their values.
 */
export function parseWebhookJob(data: unknown): WebhookJob {
  const parsed = schema.safeParse(data);
  if (!parsed.success) {
    const fields = parsed.error.issues.map((issue) => issue.path.join('.') || 'data');
    throw new JobError('invalid_payload', `Webhook job with invalid ${fields.join(', ')}`);
  }
  return parsed.data;
}
