import { describe, expect, it } from '@jest/globals';

import { DEFAULT_LIMITS } from './limits.js';
import { foldedName } from './plain-text.js';
import { DEFAULT_SETTINGS, settingsFaults, tidySettings } from './watchlist.js';
import type { ListSettings } from './watchlist.js';

function faultsOf(over: Partial<ListSettings>) {
  const settings = tidySettings({ ...DEFAULT_SETTINGS, name: 'Phishing', ...over });
  return settingsFaults(settings, DEFAULT_LIMITS).map(({ field, code }) => [field.join('.'), code]);
}

describe('the settings of a watchlist', () => {
  it('are kept as plain text, each tag once', () => {
    const settings = { ...DEFAULT_SETTINGS, name: ' a\n\tb ', description: ' ', tags: ['x', ' x'] };
    expect(tidySettings(settings)).toMatchObject({ name: 'a b', description: null, tags: ['x'] });
  });

  it.each<[string, Partial<ListSettings>]>([
    ['the least', { name: 'a', refreshIntervalSeconds: 3_600, monthlyCallBudget: 0 }],
    ['the most', { name: 'a'.repeat(100), refreshIntervalSeconds: 7_776_000 }],
  ])('take %s', (_title, over) => {
    expect(faultsOf(over)).toEqual([]);
  });

  it.each<[string, Partial<ListSettings>, string, string]>([
    ['no name', { name: ' ' }, 'name', 'INVALID'],
    ['a long name', { name: 'a'.repeat(101) }, 'name', 'INVALID'],
    ['a long description', { description: 'a'.repeat(1_001) }, 'description', 'INVALID'],
    ['an empty tag', { tags: ['a', ''] }, 'tags.1', 'INVALID'],
    ['many tags', { tags: Array.from({ length: 21 }, (_, i) => `t${i}`) }, 'tags', 'TOO_MANY'],
    ['a short interval', { refreshIntervalSeconds: 3_599 }, 'refreshIntervalSeconds', 'INVALID'],
    ['a long interval', { refreshIntervalSeconds: 7_776_001 }, 'refreshIntervalSeconds', 'INVALID'],
    ['half a second', { refreshIntervalSeconds: 3_600.5 }, 'refreshIntervalSeconds', 'INVALID'],
    ['a negative budget', { monthlyCallBudget: -1 }, 'monthlyCallBudget', 'INVALID'],
    ['no number', { monthlyCallBudget: NaN }, 'monthlyCallBudget', 'INVALID'],
  ])('refuse %s', (_title, over, field, code) => {
    expect(faultsOf(over)).toEqual([[field, code]]);
  });

  it('name all that is wrong at once', () => {
    expect(faultsOf({ name: '', refreshIntervalSeconds: 1 })).toHaveLength(2);
  });

  it('are named alike when they read alike', () => {
    expect(foldedName('ＰＨＩＳＨＩＮＧ')).toBe(foldedName('Phishing'));
  });
});
