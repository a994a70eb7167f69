import { readFileSync, writeFileSync } from 'node:fs';

import { configurationTable, envExample } from '#platform';

import { withConfiguration } from './configuration-section.js';

// Writes what the documents say of the settings anew, from their definitions. Run in the root.
writeFileSync(
  'README.md',
  withConfiguration(readFileSync('README.md', 'utf8'), configurationTable()),
);
writeFileSync('.env.example', envExample());
