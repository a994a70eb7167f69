import { describe, expect, it } from '@jest/globals';

import { DEFAULT_LIMITS } from './limits.js';
import { settingsFaults, shownUrl, tidySettings } from './webhook.js';
import type { WebhookSettings } from './webhook.js';

const SETTINGS: WebhookSettings = {
  name: 'SOC',
  format: 'STANDARD',
  enabled: true,
  watchlistIds: ['wl_1'],
};

function faultsOf(over: Partial<WebhookSettings>): string[] {
  const tidy = tidySettings({ ...SETTINGS, ...over }, DEFAULT_LIMITS);
  return settingsFaults(tidy, DEFAULT_LIMITS).map(
    ({ code, field }) => `${code} ${field.join('.')}`,
  );
}

describe('settings of a webhook', () => {
  it('makes one line of a name, and names a list once', () => {
    const tidy = tidySettings(
      { ...SETTINGS, name: ' a\nb ', watchlistIds: ['wl_1', 'wl_1'] },
      DEFAULT_LIMITS,
    );
    expect(tidy).toMatchObject({ name: 'a b', watchlistIds: ['wl_1'] });
  });

  it.each<[Partial<WebhookSettings>, string[]]>([
    [{}, []],
    [{ name: 'x'.repeat(100) }, []],
    [{ name: 'x'.repeat(101) }, ['INVALID name']],
    [{ name: '\u200b' }, ['INVALID name']],
    [{ watchlistIds: ['wl_1', 'no list'] }, ['INVALID watchlistIds.1']],
    [
      { watchlistIds: Array.from({ length: 101 }, (_, index) => `wl_${index}`) },
      ['TOO_MANY watchlistIds'],
    ],
  ])('judges %j', (over, faults) => {
    expect(faultsOf(over)).toEqual(faults);
  });
});

describe('shownUrl', () => {
  it.each([
    ['https://h.example.com/a/b', 'STANDARD', 'https://h.example.com/a/b'],
    ['https://h.example.com:8443/a?token=CANARY', 'STANDARD', 'https://h.example.com:8443/a?…'],
    ['https://h.example.com/services/CANARY', 'SLACK', 'https://h.example.com/…'],
    ['https://h.example.com/CANARY?sig=CANARY', 'TEAMS', 'https://h.example.com/…'],
  ] as const)('shows of %s in %s no secret', (url, format, shown) => {
    expect(shownUrl(url, format)).toBe(shown);
  });
});
