import { Command, InvalidArgumentError, Option } from 'commander';

import { DNS_RECORD_TYPES, RECORDS_OF } from '#changes';
import type { DnsRecordType, Interval, KnownHistory } from '#changes';
import type { CanonicalObservable } from '#observables';
import { DEPLOYMENT } from '#watching';

import type { CliEdges } from '../cli-edges.js';
import { CliFailure } from '../cli-failure.js';

import { instantNamed, observableNamed, observableText } from './naming.js';
import { result } from './result.js';
import { table } from './table.js';
import { instantText, minuteText } from './terminal-text.js';
import type { WatchingDesk } from './watching-desk.js';
import { atDesk } from './watching-desk.js';

interface HistoryOptions {
  readonly type?: DnsRecordType;
  readonly at?: string;
  readonly json?: boolean;
}

interface Shown {
  readonly recordType: DnsRecordType;
  readonly history: KnownHistory;
  readonly intervals: readonly Interval[];
}

/** `history`: what is held of a value, or what was known of it at an instant. No upstream call. */
export function historyCommand(edges: CliEdges): Command {
  return new Command('history')
    .description('what is held of a domain or an address, or was known of it at an instant')
    .argument('<value>')
    .addOption(new Option('--type <record>').choices(DNS_RECORD_TYPES).argParser(parseRecordType))
    .option('--at <when>', 'as it was known then: a day or an instant')
    .option('--json', 'for scripts')
    .action(async (value: string, { type, at, json }: HistoryOptions) => {
      const instant = at === undefined ? undefined : instantNamed('--at', at);
      await atDesk(edges, async (desk) => {
        const observable = await observableNamed(desk, value);
        const types = type === undefined ? RECORDS_OF[observable.type] : [type];
        const all = await Promise.all(
          types.map((recordType) => shownAt(desk, { observable, recordType, instant })),
        );
        const histories = all.filter((one) => one !== undefined);
        if (histories.length === 0) {
          const then = instant === undefined ? 'is held' : `was known at ${minuteText(instant)}`;
          throw new CliFailure(
            'not-found',
            `NOT_FOUND: nothing ${then} of ${observableText(observable)}`,
          );
        }
        const document = {
          observable,
          asKnownAt: instantText(instant ?? null),
          histories: histories.map(historyJson),
        };
        result(edges, json, document, () => histories.flatMap(historyLines));
      });
    });
}

async function shownAt(
  { histories }: WatchingDesk,
  about: {
    readonly observable: CanonicalObservable;
    readonly recordType: DnsRecordType;
    readonly instant: number | undefined;
  },
): Promise<Shown | undefined> {
  const { observable, recordType, instant } = about;
  const subject = { tenant: DEPLOYMENT, observable, recordType };
  const history = await histories.known(subject);
  const intervals =
    instant === undefined ? history?.intervals : await histories.asKnownAt(subject, instant);
  return history && intervals && { recordType, history, intervals };
}

function historyJson({ recordType, history, intervals }: Shown): object {
  return {
    recordType,
    firstLookAt: instantText(history.baselineAt),
    lastLookAt: instantText(history.lookedAt),
    complete: history.complete,
    intervals: intervals.map(({ first, last, values, orgs, ...rest }) => ({
      values,
      firstSeen: first,
      lastSeen: last,
      organizations: orgs,
      ...('learnedAt' in rest &&
        typeof rest.learnedAt === 'number' && { learnedAt: instantText(rest.learnedAt) }),
    })),
  };
}

function historyLines({ recordType, history, intervals }: Shown): string[] {
  const rows = intervals.map(({ first, last, values, orgs }) => [
    values.join(' '),
    first ?? '-',
    last ?? '-',
    orgs.join(', '),
  ]);
  const looks = `first looked at ${minuteText(history.baselineAt)}, last ${minuteText(history.lookedAt)}`;
  const part = history.complete ? '' : ', not all of it was read';
  return [
    `${recordType}: ${intervals.length} intervals, ${looks}${part}`,
    ...(rows.length === 0 ? [] : table(['VALUES', 'FIRST', 'LAST', 'ORGANIZATIONS'], rows)),
    '',
  ];
}

function parseRecordType(text: string): DnsRecordType {
  const type = DNS_RECORD_TYPES.find((one) => one === text.toUpperCase());
  if (type === undefined) {
    throw new InvalidArgumentError(`Give ${DNS_RECORD_TYPES.join(', ')}.`);
  }
  return type;
}
