import type { Observable } from '#ctim';
import { canonicalise } from '#observables';
import type { ObservableType } from '#observables';

/** A link for the pivot menu (relay-protocol 1.7, 3.3). */
export interface Referral {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly categories: readonly string[];
  readonly url: string;
}

const LABEL: Readonly<Record<ObservableType, string>> = {
  ip: 'IP',
  ipv6: 'IPv6',
  domain: 'domain',
};
const CATEGORIES = ['Search', 'SecurityTrails'] as const;

/** The page about an observable on SecurityTrails; undefined when it cannot be one of ours. */
export function referUrl(uiUrl: string, { type, value }: Observable): string | undefined {
  const observable = canonicalise(type, value);
  if (observable === undefined) {
    return undefined;
  }
  // Colons may stand in a path, and the contract's links have them bare.
  const segment = encodeURIComponent(value.trim()).replaceAll('%3A', ':');
  return observable.type === 'domain'
    ? `${uiUrl}/domain/${segment}/dns`
    : `${uiUrl}/list/ip/${segment}`;
}

/** The refer entry of an observable, as given; undefined when there is no page about it. */
export function referral(uiUrl: string, given: Observable): Referral | undefined {
  const observable = canonicalise(given.type, given.value);
  const url = referUrl(uiUrl, given);
  if (observable === undefined || url === undefined) {
    return undefined;
  }
  const label = LABEL[observable.type];
  return {
    id: `ref-securitytrails-search-${given.type}-${given.value}`,
    title: `Search for this ${label}`,
    description: `Lookup this ${label} on SecurityTrails`,
    categories: CATEGORIES,
    url,
  };
}
