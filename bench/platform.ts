import { generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const KID = 'bench-key';
const AUDIENCE = 'http://relay.example.com';

/** An invented XDR: signs tokens and publishes its key. */
export class Platform {
  readonly publicKey: KeyObject;
  readonly audience = AUDIENCE;
  readonly #privateKey: KeyObject;
  readonly #server: Server;

  private constructor() {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    this.publicKey = publicKey;
    this.#privateKey = privateKey;
    const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: KID, alg: 'RS256', use: 'sig' }];
    this.#server = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
    });
  }

  static async start(): Promise<Platform> {
    const platform = new Platform();
    platform.#server.listen(0, '127.0.0.1');
    await once(platform.#server, 'listening');
    return platform;
  }

  get jwksHost(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** That many different tokens of one API key, as the platform makes one for each call. */
  tokens(count: number, apiKey: string): readonly string[] {
    return Array.from({ length: count }, (_, index) => this.#token(index, apiKey));
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #token(index: number, apiKey: string): string {
    const now = Math.floor(Date.now() / 1_000);
    const input = [
      { alg: 'RS256', typ: 'JWT', kid: KID },
      {
        iss: 'bench',
        aud: AUDIENCE,
        iat: now,
        exp: now + 3_600,
        jti: `token-${index}`,
        jwks_host: this.jwksHost,
        key: apiKey,
      },
    ]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const signature = sign('sha256', Buffer.from(input), this.#privateKey);
    return `${input}.${signature.toString('base64url')}`;
  }
}
