import { fault } from './fault.js';
import type { WatchFault } from './fault.js';
import type { WatchLimits } from './limits.js';
import { plainText } from './plain-text.js';

export const PRIORITIES = ['LOW', 'NORMAL', 'HIGH'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** What an operator decides about a list. */
export interface ListSettings {
  /** Unique over all lists, without regard to case. */
  readonly name: string;
  readonly description: string | null;
  readonly tags: readonly string[];
  /** A list that is not costs nothing; what it holds stays. */
  readonly enabled: boolean;
  /** Changes are recorded, nobody is told. */
  readonly muted: boolean;
  readonly priority: Priority;
  readonly refreshIntervalSeconds: number;
  /** Upstream calls a month that its refreshes may cost; null: no limit of its own. */
  readonly monthlyCallBudget: number | null;
}

export interface Watchlist extends ListSettings {
  /** `wl_` and 16 url-safe characters. */
  readonly id: string;
  /** Its number in the order of creation: never used twice, the order of pages. */
  readonly no: number;
  /** Instants are epoch milliseconds. */
  readonly createdAt: number;
  readonly createdBy: string;
  readonly updatedAt: number;
}

export const DEFAULT_SETTINGS: Omit<ListSettings, 'name'> = {
  description: null,
  tags: [],
  enabled: true,
  muted: false,
  priority: 'NORMAL',
  refreshIntervalSeconds: 86_400,
  monthlyCallBudget: null,
};

const LIST_ID = /^wl_[A-Za-z0-9_-]{16}$/;

export function isListId(text: string): boolean {
  return LIST_ID.test(text);
}

/** The settings alone, of whatever has them among other fields. */
export function pickSettings(from: ListSettings): ListSettings {
  const { name, description, tags, enabled, muted, priority } = from;
  const { refreshIntervalSeconds, monthlyCallBudget } = from;
  return {
    name,
    description,
    tags,
    enabled,
    muted,
    priority,
    refreshIntervalSeconds,
    monthlyCallBudget,
  };
}

/** The settings as they are kept: plain text, each tag once. */
export function tidySettings(settings: ListSettings): ListSettings {
  const description = plainText(settings.description ?? '');
  return {
    ...settings,
    name: plainText(settings.name),
    description: description === '' ? null : description,
    tags: [...new Set(settings.tags.map(plainText))],
  };
}

/** All that is wrong with tidy settings; empty when nothing is. */
export function settingsFaults(settings: ListSettings, limits: WatchLimits): WatchFault[] {
  return [
    ...nameFaults(settings.name, limits),
    ...tagFaults(settings.tags, limits),
    ...numberFaults(settings, limits),
    ...check(
      (settings.description ?? '').length <= limits.descriptionLength,
      ['description'],
      `is longer than ${limits.descriptionLength} characters`,
    ),
  ];
}

function nameFaults(name: string, limits: WatchLimits): WatchFault[] {
  return [
    ...check(name !== '', ['name'], 'is empty'),
    ...check(
      name.length <= limits.nameLength,
      ['name'],
      `is longer than ${limits.nameLength} characters`,
    ),
  ];
}

function tagFaults(tags: readonly string[], limits: WatchLimits): WatchFault[] {
  const tooMany =
    tags.length > limits.tags ? [fault('TOO_MANY', ['tags'], `are more than ${limits.tags}`)] : [];
  const each = tags.flatMap((tag, index) =>
    check(
      tag !== '' && tag.length <= limits.tagLength,
      ['tags', String(index)],
      `is empty or longer than ${limits.tagLength} characters`,
    ),
  );
  return [...tooMany, ...each];
}

function numberFaults(settings: ListSettings, limits: WatchLimits): WatchFault[] {
  const { refreshIntervalSeconds: interval, monthlyCallBudget: budget } = settings;
  const { minIntervalSeconds: least, maxIntervalSeconds: most } = limits;
  return [
    ...check(
      Number.isInteger(interval) && interval >= least && interval <= most,
      ['refreshIntervalSeconds'],
      `is not a whole number from ${least} to ${most}`,
    ),
    ...check(
      budget === null || (Number.isSafeInteger(budget) && budget >= 0),
      ['monthlyCallBudget'],
      'is neither null nor a whole number from 0',
    ),
  ];
}

function check(holds: boolean, field: readonly string[], message: string): WatchFault[] {
  return holds ? [] : [fault('INVALID', field, message)];
}
