import type { Config, DraftConfig, ProcessName } from './config.js';
import { SETTINGS } from './config.js';
import type { ConfigFault, Setting } from './setting.js';

/**
 * What one setting alone cannot tell: which settings a process needs, and which need each other.
 * A field that could not be read counts as given, so that one mistake makes one fault.
 */
export function unmetRequirements(process: ProcessName, draft: DraftConfig): ConfigFault[] {
  const faults = operatorFaults(draft);
  return process === 'relay'
    ? [...relayFaults(draft), ...faults]
    : [...workerFaults(draft), ...faults];
}

function relayFaults({ auth, http }: DraftConfig): ConfigFault[] {
  const usesJwks = auth.jwksHosts?.length !== 0;
  if (usesJwks) {
    return http.publicUrls?.length === 0
      ? [fault(SETTINGS.http.publicUrls, 'is required while JWKS_HOSTS is not empty')]
      : [];
  }
  return auth.secretKey === undefined
    ? [
        fault(
          SETTINGS.auth.jwksHosts,
          'is empty and SECRET_KEY is unset: no token could be verified',
        ),
      ]
    : [];
}

function workerFaults({ securitytrails }: DraftConfig): ConfigFault[] {
  return securitytrails.apiKey === undefined
    ? [fault(SETTINGS.securitytrails.apiKey, 'is required by the worker')]
    : [];
}

function operatorFaults({ ops }: DraftConfig): ConfigFault[] {
  if (ops.jwksUrl === undefined) {
    return [];
  }
  const needed: readonly (keyof Config['ops'])[] = ['issuer', 'audience'];
  return needed
    .filter((key) => ops[key] === undefined)
    .map((key) => fault(SETTINGS.ops[key], 'is required with OPS_JWKS_URL'));
}

function fault({ name, example }: Setting<unknown>, problem: string): ConfigFault {
  return { name, problem, example };
}
