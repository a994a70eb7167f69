import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { startSimulator } from '../../simulator/simulator.js';
import type { Simulator } from '../../simulator/simulator.js';

import { Stage } from './stage.js';

describe('Stage', () => {
  let simulator: Simulator;
  let stage: Stage;

  beforeEach(async () => {
    simulator = await startSimulator({ now: '2026-01-31T12:00:00Z' });
    stage = new Stage(simulator.url.replace('/v1', ''));
  });

  afterEach(async () => {
    await simulator.close();
  });

  it('lets one day pass at a time', async () => {
    expect(await stage.today()).toBe('2026-01-31');
    expect(await stage.nextDay()).toBe('2026-02-01');
    expect(simulator.today()).toBe('2026-02-01');
  });

  it('says what the simulator does not take', async () => {
    const order = { path: '/_sim/hosts', body: { address: 'nowhere', hostnames: [] } } as const;
    await expect(stage.arrange([order])).rejects.toMatchObject({
      code: 'story-failed',
      message: expect.stringContaining('must be an IPv4 or IPv6 address'),
    });
  });
});
