import { LedgerRefusal } from '#ledger';
import type { Config } from '#platform';
import { SecurityTrailsClient, SecurityTrailsError } from '#securitytrails';
import type { CallGate } from '#securitytrails';

import { withBookedCalls } from './booked-calls.js';
import type { Finding } from './finding.js';

const NAME = 'API key';
const LOW_SHARE = 0.1;
const UNBOOKED = 'the ledger may lack this call, for the queue Redis did not take it';

/**
 * Whether SecurityTrails takes the key, and how many calls are left this month. Costs one call, booked
 * before it is made. With a hard limit none is made that cannot be booked.
 */
export async function keyFinding(config: Config, now: () => number): Promise<Finding> {
  if (config.securitytrails.apiKey === undefined) {
    return { level: 'skip', name: NAME, text: 'SECURITYTRAILS_API_KEY is not set' };
  }
  return withBookedCalls(config, now, async ({ gate, settled }) => {
    const finding = await askedFinding(config, gate);
    return (await settled()) ? finding : { ...finding, text: `${finding.text}; ${UNBOOKED}` };
  });
}

async function askedFinding(config: Config, gate: CallGate): Promise<Finding> {
  const { apiKey = '', apiUrl, timeoutMs } = config.securitytrails;
  const client = new SecurityTrailsClient({
    baseUrl: apiUrl,
    timeoutMs,
    userAgent: 'securitytrails-relay-doctor',
  });
  try {
    return usageFinding(await client.session({ apiKey, gate }).usage());
  } catch (error) {
    return error instanceof LedgerRefusal
      ? refusalFinding(error)
      : failureFinding(error, new URL(apiUrl).host);
  } finally {
    await client.close();
  }
}

function usageFinding({ used, allowed }: { used: number; allowed: number }): Finding {
  const left = Math.max(0, allowed - used);
  const text = `works; ${left} of ${allowed} calls left this month`;
  if (left > allowed * LOW_SHARE) {
    return { level: 'ok', name: NAME, text };
  }
  return { level: 'warn', name: NAME, text, remedy: 'wait for the next month, or change the plan' };
}

function refusalFinding({ code, message }: LedgerRefusal): Finding {
  if (code === 'hard_limit') {
    const text = 'not asked: SECURITYTRAILS_HARD_MONTHLY_LIMIT is reached';
    return {
      level: 'warn',
      name: NAME,
      text,
      remedy: 'wait for the next month (UTC), or raise it',
    };
  }
  if (code === 'uncounted') {
    const why = 'the queue Redis is away, and SECURITYTRAILS_HARD_MONTHLY_LIMIT is set';
    return { level: 'skip', name: NAME, text: `not asked: it could not be counted, for ${why}` };
  }
  return { level: 'skip', name: NAME, text: `not asked: ${message}` };
}

function failureFinding(error: unknown, host: string): Finding {
  const code = error instanceof SecurityTrailsError ? error.code : 'unknown';
  const isKeyAtFault = code === 'bad_key' || code === 'unencodable_key';
  const remedy = isKeyAtFault
    ? 'copy it again from https://securitytrails.com/app/account/credentials'
    : `let https out to ${host}, or try again later`;
  return { level: 'FAIL', name: NAME, text: `usage cannot be read: ${code}`, remedy };
}
