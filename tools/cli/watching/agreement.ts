import { createInterface } from 'node:readline/promises';

import type { CliEdges } from '../cli-edges.js';
import { CliFailure } from '../cli-failure.js';

import { shown } from './terminal-text.js';

/**
 * Asks the operator, who has to be there; anything but yes is no.
 *
 * @throws CliFailure `bad-option` when nobody is at a terminal.
 */
export async function agrees(question: string, edges: CliEdges): Promise<boolean> {
  if (edges.stdin.isTTY !== true) {
    throw new CliFailure('bad-option', `${question} Say so with --yes`);
  }
  edges.remark(`${shown(question)} [y/N] `);
  const lines = createInterface({ input: edges.stdin });
  try {
    for await (const answer of lines) {
      return /^y(?:es)?$/i.test(answer.trim());
    }
    return false;
  } finally {
    lines.close();
  }
}
