import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';

import { WebhookError } from './fault.js';

/** Turns what is secret into text for Redis, and back. */
export interface Sealer {
  /** @param context what it belongs to; it opens for nothing else */
  seal(text: string, context: string): string;
  /** @throws WebhookError `unsealable` */
  open(sealed: string, context: string): string;
}

export interface SealerOptions {
  /** Any text; without it nothing is encrypted. */
  readonly secret: string | undefined;
  readonly randomBytes: (count: number) => Buffer;
}

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const PURPOSE = 'securitytrails-relay webhooks 1';
/** Says how a text was sealed, so that either is read whatever is configured now. */
const MARK = { plain: '0.', encrypted: '1.' } as const;

/**
 * AES-256-GCM with a key derived from the secret (HKDF-SHA256, RFC 5869). What was stored while no
 * secret was configured stays readable, and is encrypted when it is next written.
 */
export function makeSealer({ secret, randomBytes }: SealerOptions): Sealer {
  const key = secret === undefined ? undefined : keyOf(secret);
  return {
    seal: (text, context) =>
      key === undefined
        ? MARK.plain + Buffer.from(text).toString('base64url')
        : MARK.encrypted + encrypt(text, { key, context, iv: randomBytes(IV_BYTES) }),
    open: (sealed, context) => {
      const bytes = Buffer.from(sealed.slice(2), 'base64url');
      if (sealed.startsWith(MARK.plain)) {
        return bytes.toString();
      }
      if (key === undefined || !sealed.startsWith(MARK.encrypted)) {
        throw unsealable();
      }
      return decrypt(bytes, key, context);
    },
  };
}

function keyOf(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', PURPOSE, 32));
}

function encrypt(
  text: string,
  { key, context, iv }: { key: Buffer; context: string; iv: Buffer },
): string {
  const cipher = createCipheriv(CIPHER, key, iv).setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url');
}

function decrypt(bytes: Buffer, key: Buffer, context: string): string {
  try {
    const iv = bytes.subarray(0, IV_BYTES);
    const tag = bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES);
    const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(context))
      .setAuthTag(tag);
    const body = decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES));
    return Buffer.concat([body, decipher.final()]).toString();
  } catch {
    throw unsealable();
  }
}

function unsealable(): WebhookError {
  return new WebhookError('unsealable', 'A webhook was stored under another key');
}
