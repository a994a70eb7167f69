import { createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import type { OpsConfig } from '#platform';
import type { Strategy } from 'passport';

import type { JwksFault } from '../../auth/auth.errors.js';
import { bringsKey, decodeToken, MAX_TOKEN_LENGTH } from '../../auth/bearer-token.js';
import { HostKeys } from '../../auth/host-keys.js';
import { es256Key, rs256Key } from '../../auth/jwks-document.js';
import { httpJwksReader } from '../../auth/jwks-reader.js';
import { OpsError } from '../ops.errors.js';
import { OperatorStrategy } from './operator.strategy.js';
import type { TokenRequest } from './operator.strategy.js';
import type { Operator } from './operator.js';

export interface OperatorVerifierOptions {
  readonly config: OpsConfig;
  readonly fetch: typeof globalThis.fetch;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Told of each failed reading of the key set; holds no secret. */
  readonly onJwksFault: (fault: JwksFault) => void;
}

const BEARER = /^bearer +([\w-]+\.[\w-]+\.[\w-]*)$/i;
/** Limit of one key set call, body included. */
const JWKS_TIMEOUT_MS = 5_000;
const KEY_PAIRS = ['RS256', 'ES256'] as const;

/** Whether the API is on: without a way to verify operators it is off, never open. */
export function isOpsOn({ jwtSecret, jwksUrl }: OpsConfig): boolean {
  return jwtSecret !== undefined || jwksUrl !== undefined;
}

/** Finds out which operator calls, by the token of an Authorization header or a socket's first message. */
export class OperatorVerifier {
  readonly #strategies: ReadonlyMap<string, Strategy>;

  constructor(options: OperatorVerifierOptions) {
    this.#strategies = new Map([...secretStrategies(options), ...keySetStrategies(options)]);
  }

  /** @throws OpsError UNAUTHENTICATED, or FORBIDDEN for a good token without a role. */
  async verify(authorization: string | undefined): Promise<Operator> {
    const text = BEARER.exec(authorization ?? '')?.[1];
    if (text === undefined || text.length > MAX_TOKEN_LENGTH) {
      throw new OpsError('UNAUTHENTICATED', 'Send an operator token as a bearer token.');
    }
    const token = decodeToken(text);
    const strategy = token && this.#strategies.get(token.alg);
    if (token === undefined || strategy === undefined || bringsKey(token.header)) {
      throw refused();
    }
    return run(strategy, { text, kid: token.header['kid'] });
  }
}

type Strategies = readonly (readonly [string, Strategy])[];

function secretStrategies({ config, now }: OperatorVerifierOptions): Strategies {
  const { jwtSecret, issuer, audience, roleClaim } = config;
  if (jwtSecret === undefined) {
    return [];
  }
  const secret = createSecretKey(jwtSecret, 'utf8');
  const keyOf = (): Promise<KeyObject> => Promise.resolve(secret);
  const options = { algorithms: ['HS256'] as const, keyOf, issuer, audience, roleClaim, now };
  return [['HS256', new OperatorStrategy(options)]];
}

function keySetStrategies(options: OperatorVerifierOptions): Strategies {
  const { config, fetch, now, onJwksFault } = options;
  const { jwksUrl, issuer, audience, roleClaim } = config;
  if (jwksUrl === undefined) {
    return [];
  }
  const read = httpJwksReader(
    fetch,
    JWKS_TIMEOUT_MS,
    (entry) => rs256Key(entry) ?? es256Key(entry),
  );
  const keys = new HostKeys({ read: () => read(jwksUrl), now, onFault: onJwksFault });
  const keyOf = ({ kid }: TokenRequest): Promise<KeyObject> =>
    typeof kid === 'string' ? keys.keyFor(kid) : Promise.reject(refused());
  const given = { algorithms: KEY_PAIRS, keyOf, issuer, audience, roleClaim, now };
  const strategy = new OperatorStrategy(given);
  return KEY_PAIRS.map((algorithm) => [algorithm, strategy] as const);
}

/** What passport puts on a strategy before it runs it. */
interface Attempt {
  success: (operator: unknown) => void;
  fail: () => void;
  error: (error: unknown) => void;
  authenticate: (request: unknown) => void;
}

/** As passport runs a strategy, without its list of strategies that the whole process shares. */
function run(strategy: Strategy, request: TokenRequest): Promise<Operator> {
  return new Promise((resolve, reject) => {
    const attempt = Object.create(strategy) as Attempt;
    attempt.success = (operator) => {
      resolve(operator as Operator);
    };
    attempt.fail = () => {
      reject(refused());
    };
    attempt.error = (error) => {
      reject(error instanceof OpsError ? error : refused(error));
    };
    attempt.authenticate(request);
  });
}

/** One text for all faults: who forges tokens learns nothing. */
function refused(cause?: unknown): OpsError {
  return new OpsError('UNAUTHENTICATED', 'The token is not accepted.', { cause });
}
