import type { Ask } from './caller.js';
import { DomainResource } from './resources/domain.resource.js';
import { DomainsResource } from './resources/domains.resource.js';
import { HistoryResource } from './resources/history.resource.js';
import type { Usage } from './schemas/account.schema.js';
import { acceptPing, usageOf } from './schemas/account.schema.js';

/** The API as one key sees it. Cheap to make; holds no connection. */
export class SecurityTrailsSession {
  readonly history: HistoryResource;
  readonly domain: DomainResource;
  readonly domains: DomainsResource;
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
    this.history = new HistoryResource(ask);
    this.domain = new DomainResource(ask);
    this.domains = new DomainsResource(ask);
  }

  /**
   * Whether upstream answers and takes the key. May cost a query (securitytrails-api 1.4).
   *
   * @throws SecurityTrailsError
   */
  async ping(): Promise<void> {
    await this.#ask({ endpoint: 'ping', path: 'ping' }, acceptPing);
  }

  /**
   * @throws SecurityTrailsError
   */
  async usage(): Promise<Usage> {
    return this.#ask({ endpoint: 'usage', path: 'account/usage' }, usageOf);
  }
}
