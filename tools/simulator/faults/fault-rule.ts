import { z } from 'zod';

import { ENDPOINTS } from '../vendor/question.js';
import { RECORD_TYPES } from '../world/record-type.js';

/**
 * - `status`: an error answer (500 unless `status` says otherwise), the vendor's body unless `body` does
 * - `delay`: the usual answer, `delayMs` later (1000)
 * - `hang-headers`: no answer at all; `hang-body`: headers and half of the body, then nothing
 * - `drip`: the usual answer, one byte every `delayMs` (100)
 * - `reset`: the connection is reset; `truncated`: it ends in the middle of the announced body
 * - `huge`: a well-formed history of `bytes` (64 MiB); `gzip-bomb`: a small answer that unpacks to `bytes`
 * - `malformed`: JSON with a part missing; `html`: an error page (200); `shape`: JSON of another shape
 * - `redirect`: 302 to `body` (a URL), by default to this server's ping
 */
const FAULT_KINDS = [
  'status',
  'delay',
  'hang-headers',
  'hang-body',
  'drip',
  'reset',
  'truncated',
  'huge',
  'malformed',
  'html',
  'redirect',
  'gzip-bomb',
  'shape',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

const MAX_DELAY_MS = 3_600_000;
const MAX_BYTES = 2 ** 31;

/** Which requests a rule is for; what is left out matches all. */
const faultMatchSchema = z.strictObject({
  endpoint: z.enum(ENDPOINTS).optional(),
  /** The name or, for `list`, the address asked about. */
  host: z.string().optional(),
  recordType: z.enum(RECORD_TYPES).optional(),
  page: z.int().min(1).optional(),
  /** An API key; only its digest is kept. */
  key: z.string().min(1).optional(),
});

/** A fault, for `times` matching requests (without end if left out); `delayMs` goes with any kind. */
export const faultRuleSchema = z.strictObject({
  match: faultMatchSchema.optional(),
  times: z.int().min(1).optional(),
  kind: z.enum(FAULT_KINDS),
  status: z.int().min(200).max(599).optional(),
  /** Text as it is, anything else as JSON. */
  body: z.unknown().optional(),
  delayMs: z.int().min(0).max(MAX_DELAY_MS).optional(),
  bytes: z.int().min(1).max(MAX_BYTES).optional(),
});
export type FaultRule = z.input<typeof faultRuleSchema>;
