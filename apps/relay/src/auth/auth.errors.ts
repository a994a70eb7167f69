/** Which generation of the protocol a call is judged and answered in (relay-protocol 2.1, 2.2). */
export type AuthMode = 'v1' | 'v2';

const PREFIX = 'Authorization failed: ';
const NOT_DECODED = 'Failed to decode JWT with provided key';
const UNKNOWN_KID = 'kid from JWT header not found in API response';

/** What both generations say alike. */
const COMMON_TEXTS = {
  'missing-header': 'Authorization header is missing',
  'wrong-scheme': 'Wrong authorization type',
  'token-structure': 'Wrong JWT structure',
  'payload-structure': 'Wrong JWT payload structure',
  // Of our own: Cisco's relay had none in either generation.
  expired: 'JWT has expired',
  'not-yet-valid': 'JWT is not valid yet',
} as const;

/**
 * The text of every refusal: interface facts of relay-protocol 2.1 (v1) and 2.2 (v2). Where Cisco's
 * relay crashed with HTTP 500 (2.2 rows 3, 7, 13 to 16) the texts follow section 6 or are our own.
 */
const AUTH_TEXTS = {
  v1: {
    ...COMMON_TEXTS,
    'missing-secret': '<SECRET_KEY> is missing',
    'bad-signature': NOT_DECODED,
    // v1 has no text of its own: to its reader, another algorithm is another key.
    'wrong-algorithm': NOT_DECODED,
  },
  v2: {
    ...COMMON_TEXTS,
    'missing-jwks-host':
      'jwks_host is missing in JWT payload. Make sure custom_jwks_host field is present in module_type',
    'wrong-jwks-host':
      'Wrong jwks_host in JWT payload. Make sure domain follows the visibility.<region>.cisco.com structure',
    'unknown-kid': UNKNOWN_KID,
    'bad-signature': `${NOT_DECODED}. Make sure domain in custom_jwks_host corresponds to your SecureX instance region.`,
    'wrong-audience': 'Wrong configuration-token-audience',
    'wrong-algorithm': 'Wrong JWT algorithm',
    // Cisco's relay blames the kid for it (2.2 row 18), and that is the text its users know.
    'null-page-number': UNKNOWN_KID,
  },
} as const satisfies Record<AuthMode, Record<string, string>>;

/** The refusals that a generation has words for. */
export type AuthReasonOf<M extends AuthMode> = keyof (typeof AUTH_TEXTS)[M] & string;

/** Why a call was refused; stable, for logs, metrics and tests. */
export type AuthReason = AuthReasonOf<'v1'> | AuthReasonOf<'v2'>;

/**
 * A call that is refused for its token. It ends as HTTP 200 with an error of type `fatal`
 * (relay-protocol 1.4), beside an empty `data` when the mode is v1. Never carries the token, a claim
 * or a key; `cause` is for the operator's log.
 */
export class AuthError extends Error {
  override readonly name = 'AuthError';
  readonly code = 'authorization error';

  private constructor(
    readonly mode: AuthMode,
    readonly reason: AuthReason,
    text: string,
    options: ErrorOptions,
  ) {
    super(PREFIX + text, options);
  }

  /** The error of a reason; only pairs that the table has words for compile. */
  static of<M extends AuthMode>(mode: M, reason: AuthReasonOf<M>, cause?: Error): AuthError {
    const texts: Record<string, string> = AUTH_TEXTS[mode];
    return new AuthError(mode, reason as AuthReason, texts[reason] ?? '', cause ? { cause } : {});
  }
}

/**
 * A key set that could not be used. `unreachable`: not read, not JSON or over a limit;
 * `structure`: JSON, but not a list of named keys.
 */
export class JwksFault extends Error {
  override readonly name = 'JwksFault';

  constructor(
    readonly code: 'unreachable' | 'structure',
    message: string,
    options: ErrorOptions = {},
  ) {
    super(message, options);
  }
}
