import { Command, Option } from 'commander';

import type { CliEdges } from './cli-edges.js';
import { CliFailure } from './cli-failure.js';
import { moduleTypeFor } from './module-type.js';
import type { ModuleTypeAuth } from './module-type.js';
import { parseRelayUrl } from './option-values.js';
import { REGIONS } from './regions.js';
import type { RegionName } from './regions.js';
import { readSecret } from './secret-input.js';
import { writeTextFile } from './text-file.js';

interface ModuleTypeOptions {
  readonly url: string;
  readonly region: RegionName;
  readonly title: string;
  readonly auth: ModuleTypeAuth;
  readonly secretFile?: string;
  readonly out?: string;
}

/** `module-type`: writes the JSON that registers the relay with the platform (relay-protocol 2.5). */
export function moduleTypeCommand(edges: CliEdges): Command {
  return new Command('module-type')
    .description('write the module type JSON that registers this relay with Cisco XDR')
    .requiredOption('--url <url>', 'the URL under which Cisco XDR reaches the relay', parseRelayUrl)
    .addOption(
      new Option('--region <name>', 'where your Cisco XDR runs')
        .choices(Object.keys(REGIONS))
        .makeOptionMandatory(),
    )
    .option('--title <text>', 'name of the module type', 'SecurityTrails (relay)')
    .addOption(
      new Option('--auth <kind>', 'how the platform proves who a call is for')
        .choices(['rs256', 'hs256', 'bearer'])
        .default('rs256'),
    )
    .option('--secret-file <file>', 'with --auth hs256: the SECRET_KEY of the relay')
    .option('--out <file>', 'write to a file (else: to the standard output)')
    .action(async (options: ModuleTypeOptions) => {
      await printModuleType(options, edges);
    });
}

async function printModuleType(options: ModuleTypeOptions, edges: CliEdges): Promise<void> {
  const { url, region, title, auth, out } = options;
  const secret = await secretFor(options);
  const moduleType = moduleTypeFor({
    ...{ url, title, auth },
    region: REGIONS[region],
    ...(secret !== undefined && { secret }),
  });
  const json = JSON.stringify(moduleType, undefined, 2);
  if (out === undefined) {
    edges.print(json);
  } else {
    await writeTextFile(out, `${json}\n`, secret !== undefined);
  }
  edges.remark(nextStep(options));
}

async function secretFor(options: ModuleTypeOptions): Promise<string | undefined> {
  if (options.auth !== 'hs256') {
    return undefined;
  }
  if (options.secretFile === undefined) {
    throw new CliFailure('bad-option', '--auth hs256 needs --secret-file FILE');
  }
  return readSecret(options.secretFile);
}

/** What to do with the JSON (relay-protocol 2.5). */
function nextStep({ url, region }: ModuleTypeOptions): string {
  const insecure = url.startsWith('http:') ? 'Cisco XDR calls public https URLs only.\n' : '';
  const host = REGIONS[region].jwksHost;
  return `${insecure}Register it: POST https://${host}/iroh/iroh-int/module-type\n`;
}
