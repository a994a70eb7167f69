import { JwksServer } from '../../apps/relay/src/auth/testing/jwks-server.js';
import { platformKey, platformToken } from '../../apps/relay/src/auth/testing/token-forge.js';
import type { PlatformKey } from '../../apps/relay/src/auth/testing/token-forge.js';
import { API_KEY } from './relay-stack.js';
import type { Environment } from './relay-stack.js';

/** What a platform token names as its audience: the relay's address as the platform knows it. */
export const AUDIENCE = 'http://relay.example.com';

/** A platform that signs a token for each call (relay-protocol 2.2), with its key set server. */
export interface Platform {
  readonly jwks: JwksServer;
  readonly key: PlatformKey;
  /** What a relay needs to take this platform's tokens. */
  readonly env: Environment;
  /** The claims of a good token, with changes; `undefined` leaves one out. */
  claims(changes?: object): object;
  /** A token with these changes. */
  token(changes?: object, header?: object): string;
  stop(): Promise<void>;
}

export async function startPlatform(): Promise<Platform> {
  const jwks = await JwksServer.start();
  const key = platformKey('platform-1');
  jwks.serve([key.jwk]);
  const claims = (changes: object = {}): object => ({
    key: API_KEY,
    jwks_host: jwks.host,
    aud: AUDIENCE,
    ...changes,
  });
  return {
    jwks,
    key,
    env: { JWKS_HOSTS: jwks.host, PUBLIC_URL: `${AUDIENCE}/` },
    claims,
    token: (changes, header) => platformToken(key, claims(changes), header),
    stop: () => jwks.stop(),
  };
}
