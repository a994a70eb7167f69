import { z } from 'zod';

import { keyLimitsSchema } from '../accounts/key-ring.js';
import { faultRuleSchema } from '../faults/fault-rule.js';
import { SimulatorInputError } from '../input.errors.js';
import { isAcceptedName } from '../vendor/question.js';
import { canonicalAddress } from '../world/address.js';
import { givenIntervalSchema, pushedIntervalSchema } from '../world/given-history.js';
import { RECORD_TYPES } from '../world/record-type.js';

const MAX_DAYS = 36_500;

const hostSchema = z
  .string()
  .transform((host) => host.toLowerCase().replace(/\.$/, ''))
  .refine(isAcceptedName, 'must be a host name');

const addressSchema = z.string().transform((text, context) => {
  const address = canonicalAddress(text);
  if (address === undefined) {
    context.addIssue('must be an IPv4 or IPv6 address');
    return z.NEVER;
  }
  return address;
});

// What an HTTP header can carry: anything else could never be sent as a key.
const apiKeySchema = z.string().regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces');

export const advanceSchema = z.strictObject({ days: z.int().min(1).max(MAX_DAYS) });

export const historySchema = z.strictObject({
  host: hostSchema,
  type: z.enum(RECORD_TYPES),
  intervals: z.array(givenIntervalSchema).nullable(),
});

export const intervalSchema = z.strictObject({
  host: hostSchema,
  type: z.enum(RECORD_TYPES),
  interval: pushedIntervalSchema,
});

export const hostsSchema = z.strictObject({
  address: addressSchema,
  hostnames: z.array(hostSchema).nullable(),
});

export const keySchema = z.strictObject({
  key: apiKeySchema,
  limits: keyLimitsSchema.nullable(),
});

export const faultSchema = faultRuleSchema;

function fieldOf(issue: z.core.$ZodIssue): string {
  const unknownField = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  return [...issue.path, ...unknownField].map(String).join('.');
}

/** The input as the schema reads it. Throws `SimulatorInputError` that names the first bad field. */
export function readInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
): z.output<Schema> {
  const read = schema.safeParse(input);
  if (read.success) {
    return read.data;
  }
  const [issue] = read.error.issues;
  const field = issue === undefined ? '' : fieldOf(issue);
  throw new SimulatorInputError(field === '' ? 'body' : field, issue?.message ?? 'is not valid');
}
