import type { Finding } from './finding.js';
import type { JwksAnswer } from './jwks-facts.js';

const WARN_MS = 2_000;
const FAIL_MS = 30_000;

/** One finding for each host that may sign tokens. */
export function jwksFindings(answers: readonly JwksAnswer[]): Finding[] {
  if (answers.length === 0) {
    return [{ level: 'skip', name: 'JWKS', text: 'JWKS_HOSTS is empty: RS256 tokens are off' }];
  }
  return answers.map((answer) => {
    const name = 'JWKS';
    if ('keys' in answer) {
      return { level: 'ok', name, text: `${answer.host}: ${answer.keys} key(s)` };
    }
    const remedy = 'let https out to it, or take it off JWKS_HOSTS';
    return { level: 'FAIL', name, text: `${answer.host} ${answer.problem}`, remedy };
  });
}

/** A clock seen from here: how far it is ahead of ours. */
export interface SeenClock {
  readonly of: string;
  readonly offsetMs: number;
}

/** Compares our clock with those seen: tokens' times and the rate limit depend on it. */
export function clockFinding(clocks: readonly SeenClock[]): Finding {
  const name = 'clock';
  const [worst] = clocks.toSorted((a, b) => Math.abs(b.offsetMs) - Math.abs(a.offsetMs));
  if (worst === undefined) {
    return { level: 'skip', name, text: 'nobody answered to compare with' };
  }
  const seconds = (Math.abs(worst.offsetMs) / 1000).toFixed(1);
  const text = `${seconds} s ${worst.offsetMs < 0 ? 'ahead of' : 'behind'} ${worst.of}`;
  if (Math.abs(worst.offsetMs) <= WARN_MS) {
    return { level: 'ok', name, text };
  }
  const level = Math.abs(worst.offsetMs) > FAIL_MS ? 'FAIL' : 'warn';
  return { level, name, text, remedy: 'synchronize both machines (NTP)' };
}
