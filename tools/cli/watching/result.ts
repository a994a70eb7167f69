import type { CliEdges } from '../cli-edges.js';

import { jsonLine, shown } from './terminal-text.js';

/** Prints what a command came to: one JSON document for scripts, else lines for people. */
export function result(
  edges: CliEdges,
  json: boolean | undefined,
  document: object,
  lines: () => readonly string[],
): void {
  if (json === true) {
    edges.print(jsonLine(document));
  } else {
    say(edges, lines());
  }
}

/** Lines for people; nothing in them moves a cursor. */
export function say(edges: CliEdges, lines: readonly string[]): void {
  lines.map(shown).forEach(edges.print);
}
