/** One HTTP answer, ready to send. */
export interface Reply {
  readonly status: number;
  readonly body: Buffer;
  /** `undefined`: no Content-Type at all, as the vendor's 401 (securitytrails-api 1.6). */
  readonly contentType: string | undefined;
}

export const JSON_TYPE = 'application/json; charset=utf-8';

export function jsonReply(status: number, body: unknown): Reply {
  return { status, body: Buffer.from(JSON.stringify(body)), contentType: JSON_TYPE };
}

/** A 200 whose JSON is at hand already. */
export function readyReply(body: Buffer): Reply {
  return { status: 200, body, contentType: JSON_TYPE };
}

const MESSAGES: Readonly<Record<number, string>> = {
  400: 'The requested domain is invalid',
  403: 'This feature is not available for your subscription package. Consider upgrading your package or contact support@securitytrails.com.',
  404: 'Not Found',
  429: 'API rate limit exceeded',
};

const CREDENTIALS: Reply = {
  status: 401,
  body: Buffer.from('Please check user credentials'),
  contentType: undefined,
};

/** The vendor's error body of a status (securitytrails-api 1.6), or one with another message. */
export function errorReply(status: number, message?: string): Reply {
  if (status === 401 && message === undefined) {
    return CREDENTIALS;
  }
  return jsonReply(status, { message: message ?? MESSAGES[status] ?? 'Internal Server Error' });
}

/** The 429 that waiting a second does not help against. */
export const QUOTA_REPLY = errorReply(429, "You've exceeded the usage limits for your account.");
