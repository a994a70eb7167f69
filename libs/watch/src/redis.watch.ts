import type { Cluster, Redis } from 'ioredis';

import { BackupService } from './backup.service.js';
import type { WatchLimits } from './limits.js';
import { ListService } from './list.service.js';
import { MemberService } from './member.service.js';
import { ObservableReader } from './observable-reader.js';
import { RedisEntryStore } from './redis.entry-store.js';
import { RedisJournal } from './redis.journal.js';
import { RedisListStore } from './redis.list-store.js';
import { RedisMemberReader } from './redis.member-reader.js';
import { RefreshSchedule } from './refresh-schedule.js';
import { RollForward } from './roll-forward.js';
import type { ScheduleTuning } from './schedule.js';

export interface WatchOptions {
  /** Of the durable Redis; commands may be sent again, every write is safe to repeat. */
  readonly redis: Redis | Cluster;
  readonly clock: () => number;
  /** 16 url-safe random characters, such as 12 random bytes in base64url. */
  readonly newId: () => string;
  readonly limits: WatchLimits;
  readonly tuning: ScheduleTuning;
}

/** Everything about watchlists, over one Redis. */
export interface Watch {
  readonly lists: ListService;
  readonly members: MemberService;
  readonly reader: ObservableReader;
  readonly schedule: RefreshSchedule;
  readonly backup: BackupService;
  /** To be run at start and now and then: what another process died over is done. */
  readonly rollForward: RollForward;
}

export function openWatch(options: WatchOptions): Watch {
  const { redis } = options;
  const entries = new RedisEntryStore(redis);
  const store = new RedisListStore(redis);
  const index = new RedisMemberReader(redis);
  const journal = new RedisJournal(redis);
  const rollForward = new RollForward({ ...options, journal, entries, members: index });
  const lists = new ListService({ ...options, lists: store, rollForward });
  const members = new MemberService({ ...options, lists: store, entries, journal, rollForward });
  const reader = new ObservableReader({ ...options, entries, members: index });
  return {
    lists,
    members,
    reader,
    schedule: new RefreshSchedule({ ...options, entries, members: index, due: index }),
    backup: new BackupService({ lists, members, reader }),
    rollForward,
  };
}
