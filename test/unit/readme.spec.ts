import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { configurationTable, envExample } from '#platform';

import { withConfiguration } from '../../tools/docs/configuration-section.js';

const ADRS = readdirSync('docs/adr').map((name) => join('docs/adr', name));
const DOCUMENTS = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'],
  ...['docs/architecture.md', 'docs/walkthrough.md'],
  ...ADRS,
];

function read(path: string): string {
  return readFileSync(path, 'utf8');
}

/** Targets of relative links, without their anchors. */
function linksIn(path: string): string[] {
  const targets = [...read(path).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)];
  return targets.map(([, target = '']) => join(dirname(path), target));
}

describe('what the documents say of the settings', () => {
  it('is in the README what the definitions say', () => {
    expect(read('README.md')).toContain(`<!-- configuration -->\n\n${configurationTable()}\n\n`);
  });

  it('is in .env.example what the definitions say', () => {
    expect(read('.env.example')).toBe(envExample());
  });
});

describe('withConfiguration', () => {
  it('replaces what is between the markers and nothing else', () => {
    const readme = 'before <!-- configuration -->old<!-- configuration --> after';
    expect(withConfiguration(readme, 'new')).toBe(
      'before <!-- configuration -->\n\nnew\n\n<!-- configuration --> after',
    );
  });

  it('refuses a text that has lost a marker', () => {
    expect(() => withConfiguration('<!-- configuration -->', 'new')).toThrow(RangeError);
  });
});

describe('links between the documents', () => {
  it.each(DOCUMENTS)('lead somewhere in %s', (path) => {
    expect(linksIn(path).filter((target) => !existsSync(target))).toEqual([]);
  });

  it('name every decision in the index', () => {
    const index = linksIn('docs/adr/README.md').sort();
    expect(index).toEqual(ADRS.filter((path) => !path.endsWith('README.md')).sort());
  });
});

describe('npm scripts named in the documents', () => {
  it.each(DOCUMENTS)('exist in %s', (path) => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...read(path).matchAll(/npm run (?:--silent )?([a-z:-]+)/g)].map(
      ([, name = '']) => name,
    );
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});
