import type { Ask } from '../caller.js';
import { pathOf } from '../safe-path.js';
import type { CurrentDomain, Subdomains } from '../schemas/domain.schema.js';
import { currentDomainOf, subdomainsOf } from '../schemas/domain.schema.js';

const domainPath = pathOf('domain');
const subdomainsPath = pathOf('subdomains');

/** `domain/{name}`: what a name is now. Each method costs one query. */
export class DomainResource {
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /**
   * All six record types in one query.
   *
   * @throws SecurityTrailsError
   */
  async get(host: string): Promise<CurrentDomain> {
    return this.#ask({ endpoint: 'domain', path: domainPath`domain/${host}` }, currentDomainOf);
  }

  /**
   * @throws SecurityTrailsError
   */
  async subdomains(host: string): Promise<Subdomains> {
    return this.#ask(
      { endpoint: 'subdomains', path: subdomainsPath`domain/${host}/subdomains` },
      subdomainsOf,
    );
  }
}
