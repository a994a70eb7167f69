import { NAMED_HOSTS } from '../world/named-hosts.js';
import { CROWDED_ADDRESS, EMPTY_ADDRESS } from '../world/shared-hosting.js';

/** One thing to ask, and what it shows. */
interface GuideEntry {
  readonly ask: string;
  readonly about: string;
}

/** What `GET /_sim/world` names: an example of every kind of name and address. */
export function worldGuide(): {
  readonly hosts: readonly GuideEntry[];
  readonly addresses: readonly GuideEntry[];
} {
  return {
    hosts: [
      ...NAMED_HOSTS.map(({ host, about }) => ({ ask: host, about })),
      { ask: 'gone.invalid', about: 'any name under .invalid: 404' },
      { ask: 'not a name!', about: 'a name with other characters: 400' },
      { ask: 'example.org', about: 'any other name: a history of its own, drawn from the name' },
    ],
    addresses: [
      { ask: CROWDED_ADDRESS, about: '40,741 names: 408 pages, 100 of them to be read' },
      { ask: EMPTY_ADDRESS, about: 'no names' },
      { ask: '192.0.2.10', about: 'any other address: names drawn from the address' },
      { ask: '2001:db8:20:1::1', about: 'IPv6 likewise, in any spelling' },
    ],
  };
}
