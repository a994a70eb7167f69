import { readFileSync } from 'node:fs';

import { faultLine, loadConfig } from '#platform';
import type { Config, ProcessName } from '#platform';

import type { CliEdges } from '../cli-edges.js';

import type { Finding } from './finding.js';
import { askJwks } from './jwks-facts.js';
import { keyFinding } from './key-finding.js';
import { askRedis } from './redis-facts.js';
import type { RedisAnswer } from './redis-facts.js';
import { cacheFindings, queueFindings } from './redis-findings.js';
import { secretFindings } from './secret-findings.js';
import { clockFinding, jwksFindings } from './trust-findings.js';
import type { SeenClock } from './trust-findings.js';

const NEEDED_NODE_MAJOR = 24;

/** What the doctor looks through. */
export type DoctorEdges = Pick<CliEdges, 'env' | 'fetch' | 'now'>;

/** Examines what a process would meet with this environment. Costs one API call, and books it. */
export async function examine(process: ProcessName, edges: DoctorEdges): Promise<Finding[]> {
  const loaded = loadConfig(process, edges.env, (path) => readFileSync(path, 'utf8'));
  const node = nodeFinding(globalThis.process.versions.node);
  if ('faults' in loaded) {
    const faults = loaded.faults.map((fault): Finding => {
      return { level: 'FAIL', name: 'configuration', text: faultLine(fault) };
    });
    return [...faults, node, { level: 'skip', name: 'the rest', text: 'needs the configuration' }];
  }
  const sound: Finding = {
    level: 'ok',
    name: 'configuration',
    text: `complete for the ${process}`,
  };
  return [sound, node, ...(await surroundings(loaded.config, edges))];
}

/** The Node that runs this, for package.json asks for 24. */
export function nodeFinding(version: string): Finding {
  const name = 'Node';
  if (Number.parseInt(version, 10) >= NEEDED_NODE_MAJOR) {
    return { level: 'ok', name, text: version };
  }
  return { level: 'FAIL', name, text: version, remedy: `use ${NEEDED_NODE_MAJOR} or later` };
}

async function surroundings(config: Config, edges: DoctorEdges): Promise<Finding[]> {
  const { queueUrl, cacheUrl } = config.redis;
  const isShared = queueUrl === cacheUrl;
  const [queue, otherCache, jwks, key] = await Promise.all([
    askRedis(queueUrl, edges.now),
    isShared ? undefined : askRedis(cacheUrl, edges.now),
    Promise.all(config.auth.jwksHosts.map((host) => askJwks(host, edges))),
    keyFinding(config, edges.now),
  ]);
  const cache = otherCache ?? queue;
  const clocks = [
    ...clockOf('the queue Redis', queue),
    ...(isShared ? [] : clockOf('the cache Redis', cache)),
    ...jwks.flatMap((answer): SeenClock[] =>
      'keys' in answer && answer.clockOffsetMs !== undefined
        ? [{ of: answer.host, offsetMs: answer.clockOffsetMs }]
        : [],
    ),
  ];
  return [
    ...queueFindings(queue),
    ...cacheFindings(cache, isShared),
    clockFinding(clocks),
    ...jwksFindings(jwks),
    ...secretFindings(config.auth),
    key,
  ];
}

function clockOf(of: string, answer: RedisAnswer): SeenClock[] {
  return 'facts' in answer ? [{ of, offsetMs: answer.facts.clockOffsetMs }] : [];
}
