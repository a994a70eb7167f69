export type { CallGate, CallOutcome, CallPass, UpstreamCall } from './call-gate.port.js';
export type { CallContext } from './caller.js';
export { SecurityTrailsClient } from './client.js';
export type { ClientOptions } from './client.js';
export type { EndpointName } from './endpoints.js';
export {
  AbortedError,
  BadKeyError,
  CallTimeoutError,
  InvalidNameError,
  MalformedError,
  NetworkError,
  NotFoundError,
  PlanError,
  QuotaError,
  RedirectError,
  SECURITYTRAILS_ERROR_CODES,
  SecurityTrailsError,
  ServerError,
  ShapeError,
  ThrottledError,
  TlsError,
  TooLargeError,
  UnencodableKeyError,
  UnexpectedStatusError,
} from './errors.js';
export type { ErrorDetails, SecurityTrailsErrorCode, UpstreamText } from './errors.js';
export type { PageRange } from './pages.js';
export type { AddressFilter } from './resources/domains.resource.js';
export type { RetryBudgetOptions } from './retry-budget.js';
export type { Usage } from './schemas/account.schema.js';
export type { HistoryValue, RecordType } from './schemas/dns.schema.js';
export type {
  CurrentDomain,
  CurrentRecords,
  CurrentValue,
  Subdomains,
} from './schemas/domain.schema.js';
export type { DomainsListPage, ListedHost } from './schemas/domains-list.schema.js';
export type { HistoryInterval, HistoryPage } from './schemas/history.schema.js';
export type { SecurityTrailsSession } from './session.js';
