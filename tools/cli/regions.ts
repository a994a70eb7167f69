/** One of the three places where Cisco runs XDR (formerly SecureX). */
export interface Region {
  readonly label: string;
  /** Host that signs configuration-tokens and publishes the keys (relay-protocol 2.2). */
  readonly jwksHost: string;
  /** Host of the web interface of the time of the fixed module types (relay-protocol 2.1). */
  readonly webHost: string;
  /** The fixed SecurityTrails module type for relays with HS256 tokens (relay-protocol 2.1). */
  readonly moduleTypeId: string;
}

/** The name of a region on the command line. */
export type RegionName = 'us' | 'eu' | 'apjc';

/** All regions. */
export const REGIONS: Readonly<Record<RegionName, Region>> = {
  us: {
    label: 'US',
    jwksHost: 'visibility.amp.cisco.com',
    webHost: 'securex.us.security.cisco.com',
    moduleTypeId: '80b90eb0-a856-4251-b857-ab9ebdf917ae',
  },
  eu: {
    label: 'EU',
    jwksHost: 'visibility.eu.amp.cisco.com',
    webHost: 'securex.eu.security.cisco.com',
    moduleTypeId: '6bb4e5c7-baad-415b-9ce8-e9dddc715b4e',
  },
  apjc: {
    label: 'APJC',
    jwksHost: 'visibility.apjc.amp.cisco.com',
    webHost: 'securex.apjc.security.cisco.com',
    moduleTypeId: '0c411bb0-6c96-44a6-afbf-f3d483046d2d',
  },
};

/** The page on which an administrator adds the module with a fixed token (relay-protocol 2.1). */
export function modulePage({ webHost, moduleTypeId }: Region): string {
  return `https://${webHost}/settings/modules/available/${moduleTypeId}/new`;
}
