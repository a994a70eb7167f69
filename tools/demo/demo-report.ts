import { table } from '../cli/watching/table.js';

import type { RelayCall, RelayCallResult } from './relay-calls.js';

/** What the report needs to know of the running demo. */
export interface DemoFacts {
  readonly url: string;
  readonly token: string;
  /** Who answers upstream, in words. */
  readonly upstream: string;
  readonly seen: readonly RelayCallResult[];
  readonly toCopy: readonly RelayCall[];
  readonly folder: string;
}

const COLUMNS = ['call', 'status', 'cache', 'ms', 'upstream calls', 'finding'];

/** All that the demo prints once it is up. */
export function demoReport(facts: DemoFacts): string {
  const { url, token } = facts;
  return [
    `The relay answers at ${url} (upstream: ${facts.upstream}).`,
    '',
    'What it did just now:',
    '',
    ...callTable(facts.seen).map((line) => `  ${line}`),
    '',
    'A valid token:',
    '',
    token,
    '',
    'To copy:',
    ...facts.toCopy.flatMap((call) => [
      '',
      `# ${call.title} (${call.expected})`,
      curlLine(call, { url, token }),
    ]),
    '',
    `API documentation: ${url}/docs   Logs and data: ${facts.folder}`,
    'Ctrl-C ends all of it.',
  ].join('\n');
}

/** One line for bash that makes the call. */
export function curlLine(call: RelayCall, relay: { url: string; token: string }): string {
  return [
    'curl -sS -X POST',
    quoted(relay.url + call.path),
    '-H',
    quoted(`Authorization: Bearer ${relay.token}`),
    '-H',
    quoted('Content-Type: application/json'),
    '-d',
    quoted(JSON.stringify([call.observable])),
  ].join(' ');
}

/** A text as one word of bash; the only character that needs care between '…' is ' itself. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** What calls showed, in columns. */
export function callTable(results: readonly RelayCallResult[]): string[] {
  return table(COLUMNS, results.map(rowOf));
}

function rowOf(result: RelayCallResult): string[] {
  const { title, status, cache, milliseconds, upstreamCalls, finding } = result;
  const upstream = upstreamCalls === undefined ? '-' : String(upstreamCalls);
  return [title, String(status), cache ?? '-', milliseconds.toFixed(0), upstream, finding];
}
