import { createHmac } from 'node:crypto';

import { MOST_SECRETS, ROTATION_MS } from './limits.js';

/** A secret that signs, until when: epoch milliseconds; null: until it is replaced. */
export interface SigningSecret {
  readonly secret: string;
  readonly until: number | null;
}

/** What of a webhook is kept sealed. */
export interface Confidential {
  readonly url: string;
  /** The newest first. */
  readonly secrets: readonly SigningSecret[];
}

/** The three headers of Standard Webhooks 1.0. */
export interface SignatureHeaders {
  readonly 'webhook-id': string;
  readonly 'webhook-timestamp': string;
  readonly 'webhook-signature': string;
}

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;

export function newSecret(randomBytes: (count: number) => Buffer): string {
  return PREFIX + randomBytes(SECRET_BYTES).toString('base64');
}

/** Those that still sign at this instant. */
function signing(secrets: readonly SigningSecret[], now: number): readonly SigningSecret[] {
  return secrets.filter(({ until }) => until === null || until > now);
}

/**
 * The new secret signs from now on, the ones before it for 24 hours more.
 *
 * @returns undefined when too many would sign at once.
 */
export function rotated(
  secrets: readonly SigningSecret[],
  secret: string,
  now: number,
): readonly SigningSecret[] | undefined {
  const before = signing(secrets, now).map((held) => ({
    secret: held.secret,
    until: held.until ?? now + ROTATION_MS,
  }));
  return before.length < MOST_SECRETS ? [{ secret, until: null }, ...before] : undefined;
}

/** Signs one attempt: a signature for each secret, separated by a space. */
export function signatureHeaders(
  message: { readonly id: string; readonly body: string },
  secrets: readonly SigningSecret[],
  now: number,
): SignatureHeaders {
  const timestamp = String(Math.floor(now / 1_000));
  const content = `${message.id}.${timestamp}.${message.body}`;
  const signatures = signing(secrets, now).map(({ secret }) => `v1,${sign(secret, content)}`);
  return {
    'webhook-id': message.id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}

function sign(secret: string, content: string): string {
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
  return createHmac('sha256', key).update(content).digest('base64');
}
