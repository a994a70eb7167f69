import { isRecordType, type RecordType } from '../world/record-type.js';

/** Endpoints of the vendor's API that are played; `other` is every unknown path. */
export const ENDPOINTS = [
  'ping',
  'usage',
  'history',
  'domain',
  'subdomains',
  'list',
  'other',
] as const;
export type Endpoint = (typeof ENDPOINTS)[number];

/** What one request asks. */
export interface Question {
  readonly endpoint: Endpoint;
  /** Without the query string: that may hold a key. */
  readonly path: string;
  readonly query: URLSearchParams | undefined;
  /** The name in the path: decoded, lower case, no final dot, not checked; empty if there is none. */
  readonly host: string;
  readonly recordType: RecordType | undefined;
  /** From 1; 0 when the query holds no such number. */
  readonly page: number;
}

const DATA_PATH = /^\/v1\/(?:history\/([^/]+)\/dns\/([^/]+)|domain\/([^/]+)(\/subdomains)?)\/?$/;

const FIXED: Readonly<Record<string, Endpoint>> = {
  'GET /v1/ping': 'ping',
  'GET /v1/account/usage': 'usage',
  'POST /v1/domains/list': 'list',
};

function decodedHost(segment: string): string {
  try {
    return decodeURIComponent(segment).toLowerCase().replace(/\.$/, '');
  } catch {
    // A lone % is one more character that no name has: it reaches the name check as it came.
    return segment;
  }
}

function pageIn(query: URLSearchParams | undefined): number {
  const text = query?.get('page') ?? '1';
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0;
}

type Target = Pick<Question, 'endpoint' | 'host' | 'recordType'>;

const NOWHERE: Target = { endpoint: 'other', host: '', recordType: undefined };

function dataTarget(path: string): Target {
  const [, historyHost, type, domainHost, subdomains] = DATA_PATH.exec(path) ?? [];
  if (historyHost !== undefined && type !== undefined && isRecordType(type)) {
    return { endpoint: 'history', host: decodedHost(historyHost), recordType: type };
  }
  if (domainHost === undefined) {
    return NOWHERE;
  }
  const endpoint = subdomains === undefined ? 'domain' : 'subdomains';
  return { endpoint, host: decodedHost(domainHost), recordType: undefined };
}

function targetOf(method: string, path: string): Target {
  const fixed = FIXED[`${method} ${path.replace(/\/$/, '')}`];
  if (fixed !== undefined) {
    return { ...NOWHERE, endpoint: fixed };
  }
  return method === 'GET' ? dataTarget(path) : NOWHERE;
}

/** Reads method and request target (path with query). */
export function readQuestion(method: string, url: string): Question {
  const border = url.indexOf('?');
  const path = border === -1 ? url : url.slice(0, border);
  const query = border === -1 ? undefined : new URLSearchParams(url.slice(border + 1));
  return { path, query, page: pageIn(query), ...targetOf(method, path) };
}

const NAME_FORM = /^(?=.{1,253}$)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/;

/** Whether the vendor takes a name; it does take underscores (securitytrails-api 2). */
export function isAcceptedName(host: string): boolean {
  return NAME_FORM.test(host);
}
