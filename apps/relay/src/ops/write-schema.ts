import { writeFileSync } from 'node:fs';

import { printedSchema } from './ops.schema.js';

// Writes the schema anew, as it is served. Run in the root.
writeFileSync('docs/schema.graphql', await printedSchema());
