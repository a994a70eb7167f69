import { SecurityTrailsClient, SecurityTrailsError } from '#securitytrails';
import type { SecurityTrailsConfig } from '#platform';

import type { Finding } from './finding.js';

const NAME = 'API key';
const LOW_SHARE = 0.1;
/** One call, made by hand: the governor of the running processes has no part in it. */
const OPEN_GATE = { enter: async () => Promise.resolve(), leave: () => undefined };

/** Whether SecurityTrails takes the key, and how many calls are left this month. Costs one call. */
export async function keyFinding(config: SecurityTrailsConfig): Promise<Finding> {
  const { apiKey, apiUrl, timeoutMs } = config;
  if (apiKey === undefined) {
    return { level: 'skip', name: NAME, text: 'SECURITYTRAILS_API_KEY is not set' };
  }
  const client = new SecurityTrailsClient({
    baseUrl: apiUrl,
    timeoutMs,
    userAgent: 'securitytrails-relay-doctor',
  });
  try {
    return usageFinding(await client.session({ apiKey, gate: OPEN_GATE }).usage());
  } catch (error) {
    return failureFinding(error, new URL(apiUrl).host);
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

function failureFinding(error: unknown, host: string): Finding {
  const code = error instanceof SecurityTrailsError ? error.code : 'unknown';
  const isKeyAtFault = code === 'bad_key' || code === 'unencodable_key';
  const remedy = isKeyAtFault
    ? 'copy it again from https://securitytrails.com/app/account/credentials'
    : `let https out to ${host}, or try again later`;
  return { level: 'FAIL', name: NAME, text: `usage cannot be read: ${code}`, remedy };
}
