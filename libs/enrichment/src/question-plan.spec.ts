import { describe, expect, it } from '@jest/globals';

import { planQuestions } from './question-plan.js';
import { ScriptedSource } from './testing/scripted-source.js';

const TENANT = 'f'.repeat(32);

describe('planQuestions', () => {
  it('counts the copies of an observable by its spelling and type', () => {
    const { observables } = planQuestions([new ScriptedSource()], TENANT, [
      { type: 'domain', value: 'a.example.com' },
      { type: 'domain', value: 'A.example.com' },
      { type: 'domain', value: 'a.example.com' },
      { type: 'url', value: 'a.example.com' },
    ]);
    expect(observables.map(({ occurrence }) => occurrence)).toEqual([1, 1, 2, 1]);
  });

  it('asks each distinct question once, under a key of the tenant', () => {
    const { distinct } = planQuestions([new ScriptedSource()], TENANT, [
      { type: 'domain', value: 'a.example.com' },
      { type: 'domain', value: 'A.EXAMPLE.COM.' },
      { type: 'ipv6', value: '2001:DB8:0::1' },
    ]);
    expect([...distinct.keys()]).toEqual([
      `st:cache:1:${TENANT}:a:a.example.com`,
      `st:cache:1:${TENANT}:aaaa:a.example.com`,
      `st:cache:1:${TENANT}:list:2001:db8::1`,
    ]);
  });

  it('asks the sources in their order', () => {
    const sources = [new ScriptedSource('first'), new ScriptedSource('second')];
    const { observables } = planQuestions(sources, TENANT, [{ type: 'ip', value: '192.0.2.1' }]);
    expect(observables[0]?.asked.map(({ source }) => source.name)).toEqual(['first', 'second']);
  });
});
