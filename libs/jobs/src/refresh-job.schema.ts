import { canonicalise, OBSERVABLE_TYPES } from '#observables';
import { z } from 'zod';

import { JOB_PRIORITIES, REFRESH_CAUSES } from './catalogue.js';
import type { RefreshJob } from './catalogue.js';
import { JobError } from './errors.js';

/** What is optional was so from the start: a job of an older release is read by a newer one. */
const schema = z.object({
  tenant: z.string().regex(/^[0-9a-f]{32}$/),
  observable: z.object({ type: z.enum(OBSERVABLE_TYPES), value: z.string().max(253) }),
  cause: z.enum(REFRESH_CAUSES),
  since: z.int().min(0).exactOptional(),
  first: z.boolean().exactOptional(),
  priority: z.enum(JOB_PRIORITIES).exactOptional(),
});

/**
 * Job data as a refresh, checked on both ends of the queue.
 *
 * @throws JobError `invalid_payload` naming the fields that are wrong, never their values.
 */
export function parseRefreshJob(data: unknown): RefreshJob {
  const parsed = schema.safeParse(data);
  if (!parsed.success) {
    const fields = parsed.error.issues.map((issue) => issue.path.join('.') || 'data');
    throw new JobError('invalid_payload', `Refresh job with invalid ${fields.join(', ')}`);
  }
  const { observable, ...rest } = parsed.data;
  const canonical = canonicalise(observable.type, observable.value);
  if (canonical?.value !== observable.value) {
    throw new JobError('invalid_payload', 'Refresh job with an observable that is not canonical');
  }
  return { ...rest, observable: canonical };
}
