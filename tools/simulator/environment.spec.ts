import { describe, expect, it } from '@jest/globals';

import { readEnvironment } from './environment.js';

describe('readEnvironment', () => {
  it('has a default for everything', () => {
    expect(readEnvironment({})).toEqual({
      ok: true,
      options: { port: 9092, seed: 1, keys: { 'demo-key': { perSecond: 1000, monthly: 100_000 } } },
    });
  });

  it('reads all variables', () => {
    const reading = readEnvironment({
      SIMULATOR_PORT: '0',
      SIMULATOR_HOST: '::1',
      SIMULATOR_SEED: '7',
      SIMULATOR_KEYS: 'one:2:50, two:5:0',
      RECORDINGS_DIR: '/recordings',
    });
    expect(reading).toEqual({
      ok: true,
      options: {
        port: 0,
        host: '::1',
        seed: 7,
        keys: { one: { perSecond: 2, monthly: 50 }, two: { perSecond: 5, monthly: 0 } },
        recordingsDir: '/recordings',
      },
    });
  });

  it('says all that is wrong, one line each, without a value', () => {
    const reading = readEnvironment({
      SIMULATOR_PORT: '70000',
      SIMULATOR_SEED: '-1',
      SIMULATOR_KEYS: 'canary-secret:0:1,fine:1:1,canary-secret',
    });
    expect(reading).toMatchObject({ ok: false });
    const faults = reading.ok ? [] : reading.faults;
    expect(faults.map((fault) => fault.slice(0, fault.indexOf(' must')))).toEqual([
      'SIMULATOR_PORT:',
      'SIMULATOR_SEED:',
      'SIMULATOR_KEYS: entry 1',
      'SIMULATOR_KEYS: entry 3',
    ]);
    expect(faults.join()).not.toContain('canary');
  });
});
