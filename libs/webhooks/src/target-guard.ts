import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';

import { judgeAddress } from './address-range.js';
import type { WebhookFault } from './fault.js';
import { fault } from './fault.js';

/** All addresses of a name, as the system's resolver tells them. @throws when there are none */
export type ResolveHost = (host: string) => Promise<readonly LookupAddress[]>;

export interface TargetGuardOptions {
  readonly resolve: ResolveHost;
  /** Lets addresses of this network, names of it, and plain HTTP be targets. */
  readonly allowPrivate: boolean;
  /** UTF-16 units. */
  readonly maxUrlLength: number;
}

/** A connection that must not be made. Carries neither address nor URL. */
export class ForbiddenTarget extends Error {
  override readonly name = 'ForbiddenTarget';
  readonly code = 'forbidden_target';

  constructor() {
    super('The target is at an address that webhooks may not reach');
  }
}

/** Names that are of this host or network by convention (RFC 6761, RFC 8375, cloud metadata). */
const LOCAL_NAME = /(?:^|\.)(?:localhost|localdomain|local|internal|intranet|lan|home\.arpa)$/;
const FIRST_FREE_PORT = 1_024;

/**
 * Keeps webhooks off what only this host can reach. A name is judged by all of its addresses when
 * the webhook is made, and again by those that a connection is about to use, so that a name which
 * answers otherwise the second time gains nothing.
 */
export class TargetGuard {
  readonly #options: TargetGuardOptions;

  constructor(options: TargetGuardOptions) {
    this.#options = options;
  }

  /** What is wrong with a URL as a target now; undefined: nothing. */
  async judge(text: string): Promise<WebhookFault | undefined> {
    const wrong = this.judgeText(text);
    const host = hostOf(text);
    if (wrong !== undefined || isIP(host) > 0) {
      return wrong;
    }
    try {
      const addresses = await this.#options.resolve(host);
      return addresses.length > 0 && addresses.every(({ address }) => this.allows(address))
        ? undefined
        : forbidden('leads to an address that webhooks may not reach');
    } catch {
      return fault('INVALID', ['url'], 'has a host name that cannot be resolved');
    }
  }

  /** The same without asking for addresses. */
  judgeText(text: string): WebhookFault | undefined {
    if (text.length > this.#options.maxUrlLength || !URL.canParse(text)) {
      return fault('INVALID', ['url'], 'is not a URL');
    }
    const url = new URL(text);
    if (!this.#allowsScheme(url.protocol)) {
      return fault('INVALID', ['url'], 'must begin with https://');
    }
    if (url.username !== '' || url.password !== '') {
      return fault('INVALID', ['url'], 'must not hold a user name or password');
    }
    if (!allowsPort(url.port)) {
      return forbidden('has a port that is not for the web: 80, 443, and from 1024 up are');
    }
    return this.#allowsHost(hostOf(text)) ? undefined : forbidden('is a place of this network');
  }

  allows(address: string): boolean {
    const verdict = judgeAddress(address);
    return verdict === 'public' || (verdict === 'private' && this.#options.allowPrivate);
  }

  /** For `net.connect`: gives an address only when all of them are allowed. */
  readonly lookup: LookupFunction = (hostname, options, callback) => {
    this.#allowed(hostname, options.family).then(
      (addresses) => {
        const [first] = addresses;
        if (options.all === true) {
          callback(null, [...addresses]);
        } else {
          callback(null, first?.address ?? '', first?.family);
        }
      },
      (error: unknown) => {
        callback(error instanceof Error ? error : new ForbiddenTarget(), '');
      },
    );
  };

  async #allowed(
    host: string,
    family: number | 'IPv4' | 'IPv6' | undefined,
  ): Promise<readonly LookupAddress[]> {
    const addresses = await this.#options.resolve(host);
    const wanted = addresses.filter((found) => isOfFamily(found, family));
    if (wanted.length === 0 || !addresses.every(({ address }) => this.allows(address))) {
      throw new ForbiddenTarget();
    }
    return wanted;
  }

  #allowsScheme(protocol: string): boolean {
    return protocol === 'https:' || (protocol === 'http:' && this.#options.allowPrivate);
  }

  #allowsHost(host: string): boolean {
    if (isIP(host) > 0) {
      return this.allows(host);
    }
    return this.#options.allowPrivate || (host.includes('.') && !LOCAL_NAME.test(host));
  }
}

/** The host of a URL as a connection takes it: an address without brackets, a name without final dot. */
function hostOf(text: string): string {
  const { hostname } = URL.canParse(text) ? new URL(text) : { hostname: '' };
  return hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

/** Below 1024 live mail, remote shells and directories, which take an HTTP request for commands. */
function allowsPort(port: string): boolean {
  return port === '' || port === '80' || port === '443' || Number(port) >= FIRST_FREE_PORT;
}

function isOfFamily(
  { family }: LookupAddress,
  wanted: number | 'IPv4' | 'IPv6' | undefined,
): boolean {
  return wanted === undefined || wanted === 0 || `${wanted}`.endsWith(String(family));
}

function forbidden(message: string): WebhookFault {
  return fault('FORBIDDEN_TARGET', ['url'], message);
}
