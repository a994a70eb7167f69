import { registerEnumType } from '@nestjs/graphql';

import { CHANGE_KINDS, DNS_RECORD_TYPES } from '#changes';
import { JOB_STATES } from '#jobs';
import { CALL_CAUSES } from '#ledger';
import { PRIORITIES, WATCH_STATES } from '#watch';

import { ROLES } from '../auth/operator.js';

/** The names of a type whose values are texts like their names. */
function named<T extends string>(values: readonly T[]): { readonly [Name in T]: Name } {
  return Object.fromEntries(values.map((value) => [value, value])) as { [Name in T]: Name };
}

export const ObservableTypeEnum = { IP: 'ip', IPV6: 'ipv6', DOMAIN: 'domain' } as const;
export const DnsRecordTypeEnum = named(DNS_RECORD_TYPES);
export const RoleEnum = named(ROLES);
export const PriorityEnum = named(PRIORITIES);
export const WatchStateEnum = named(WATCH_STATES);
export const ChangeKindEnum = named(CHANGE_KINDS);
export const JobStateEnum = named(JOB_STATES);
export const CallCauseEnum = named(CALL_CAUSES);
export const LedgerGroupEnum = named([
  'CAUSE',
  'WATCHLIST',
  'OBSERVABLE',
  'ENDPOINT',
  'DAY',
] as const);
export const CacheOutcomeEnum = named(['HIT', 'STALE', 'NEGATIVE', 'MISS', 'ERROR'] as const);
export const CacheStateEnum = { FRESH: 'fresh', STALE: 'stale', NEGATIVE: 'negative' } as const;
export const UserErrorCodeEnum = named([
  'INVALID',
  'NOT_FOUND',
  'CONFLICT',
  'TOO_MANY',
  'UNSUPPORTED',
  'FORBIDDEN_TARGET',
] as const);

registerEnumType(ObservableTypeEnum, {
  name: 'ObservableType',
  description: 'What SecurityTrails can say something about.',
});
registerEnumType(DnsRecordTypeEnum, {
  name: 'DnsRecordType',
  description:
    'For an IP observable the record is the A or AAAA record of the host name that points to it.',
});
registerEnumType(RoleEnum, {
  name: 'Role',
  description: 'What an operator may do; each role may what those before it may.',
  valuesMap: {
    VIEWER: { description: 'Reads.' },
    OPERATOR: { description: 'Changes lists, acknowledges changes, refreshes, invalidates.' },
    ADMIN: { description: 'Runs the queues.' },
  },
});
registerEnumType(PriorityEnum, {
  name: 'Priority',
  description: 'Whose refreshes come first when calls are scarce.',
});
registerEnumType(WatchStateEnum, {
  name: 'WatchState',
  description: 'Where a watched observable stands.',
  valuesMap: {
    PENDING: { description: 'Never fetched.' },
    FRESH: { description: 'Refreshed, and not due yet.' },
    DUE: { description: 'Waits for its refresh.' },
    REFRESHING: { description: "In a worker's hands." },
    FAILING: { description: 'The last refresh failed; the next one is put off.' },
    PAUSED: { description: 'Rests, itself or its list.' },
    EXPIRED: { description: 'Its time is over.' },
  },
});
registerEnumType(ChangeKindEnum, {
  name: 'ChangeKind',
  description: 'What became of a value.',
  valuesMap: {
    ADDED: {
      description: 'A value that the history did not hold, first seen since the last look.',
    },
    ENDED: { description: 'A value that was current at the last look and is no longer.' },
    RETURNED: { description: 'A value that had ended and is current again.' },
    BACKFILLED: {
      description:
        'A value that the history did not hold, but whose first_seen lies before the last look: upstream learned late; nothing new in the world.',
    },
  },
});
registerEnumType(JobStateEnum, { name: 'JobState', description: 'Where a job of a queue stands.' });
registerEnumType(CallCauseEnum, {
  name: 'CallCause',
  description: 'Why SecurityTrails was called.',
  valuesMap: {
    OBSERVE: { description: 'An analyst asked.' },
    REFRESH: { description: 'Something watched was due.' },
    FIRST_FETCH: { description: 'Something watched was new.' },
    OPERATOR: { description: 'An operator asked for a refresh.' },
    HEALTH: { description: 'The state of the account was asked for.' },
  },
});
registerEnumType(LedgerGroupEnum, {
  name: 'LedgerGroup',
  description: 'What the rows of the ledger are summed by.',
});
registerEnumType(CacheOutcomeEnum, {
  name: 'CacheOutcome',
  description: 'How a question is answered.',
  valuesMap: {
    HIT: { description: 'From the cache, fresh.' },
    STALE: { description: 'From the cache, while it is refreshed behind the answer.' },
    NEGATIVE: { description: 'From the cache: SecurityTrails knows nothing about it.' },
    MISS: { description: 'By SecurityTrails.' },
    ERROR: { description: 'Not at all.' },
  },
});
registerEnumType(CacheStateEnum, {
  name: 'CacheState',
  description: 'How good a held answer is.',
  valuesMap: {
    FRESH: { description: 'Served without a second thought.' },
    STALE: { description: 'Served while it is refreshed.' },
    NEGATIVE: { description: 'Nothing known, and lately asked.' },
  },
});
registerEnumType(UserErrorCodeEnum, {
  name: 'UserErrorCode',
  description: 'What is wrong with an input.',
});
