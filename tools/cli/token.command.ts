import { jwksUrl } from '#platform';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { Command } from 'commander';

import type { CliEdges } from './cli-edges.js';
import { CliFailure } from './cli-failure.js';
import { readKey } from './key-input.js';
import { parseDuration, parseHost, parsePages, parseRelayUrl } from './option-values.js';
import { REGIONS, modulePage } from './regions.js';
import { developmentKeys, hs256Token, rs256Token } from './relay-token.js';
import type { DevelopmentKeys, RelayClaims } from './relay-token.js';
import { readSecret } from './secret-input.js';
import { writeTextFile } from './text-file.js';

interface TokenOptions {
  readonly keyFile?: string;
  readonly secretFile?: string;
  readonly pages?: number;
  readonly allPages?: boolean;
  readonly expires?: number;
  readonly rs256?: boolean;
  readonly audience?: string;
  readonly jwksHost?: string;
  readonly out?: string;
}

/** `token`: makes a token for the relay, and what belongs to it (relay-protocol 2.1, 2.2). */
export function tokenCommand(edges: CliEdges): Command {
  return new Command('token')
    .description('make a token that carries a SecurityTrails API key, and what the relay needs')
    .option('--key-file <file>', 'read the API key from a file (else: piped in, or typed)')
    .option('--secret-file <file>', 'sign with the SECRET_KEY in this file (else: a new one)')
    .option('--pages <number>', 'pages of 100 records per question, 0 for all', parsePages)
    .option('--all-pages', 'read every page')
    .option('--expires <time>', 'how long the token is valid, such as 90d', parseDuration)
    .option('--rs256', 'for development: sign with a new key pair, as the platform does')
    .option('--audience <url>', 'with --rs256: the PUBLIC_URL of the relay', parseRelayUrl)
    .option('--jwks-host <host>', 'with --rs256: the host that publishes the keys', parseHost)
    .option('--out <folder>', 'with --rs256: where to write private-key.pem and jwks.json')
    .action(async (options: TokenOptions) => {
      await (options.rs256 === true ? printRs256(options, edges) : printHs256(options, edges));
    });
}

async function printHs256(options: TokenOptions, edges: CliEdges): Promise<void> {
  const secret = await readSecret(options.secretFile);
  const claims = await claimsOf(options, edges);
  const lines = [
    `# In the relay's environment:`,
    `SECRET_KEY=${secret}`,
    `# In the module, as the authorization bearer token:`,
    `TOKEN=${hs256Token(claims, secret)}`,
    `# Where to add the module to Cisco XDR (formerly SecureX):`,
    ...Object.values(REGIONS).map((region) => `#   ${region.label}: ${modulePage(region)}`),
    `# No SecurityTrails module there? Register one of your own: see the command module-type.`,
  ];
  lines.forEach(edges.print);
}

async function printRs256(options: TokenOptions, edges: CliEdges): Promise<void> {
  const { audience, jwksHost } = options;
  if (audience === undefined || jwksHost === undefined) {
    throw new CliFailure('bad-option', '--rs256 needs --audience URL and --jwks-host HOST');
  }
  const claims = await claimsOf(options, edges);
  const keys = developmentKeys();
  const lines = [
    ...(await keepKeys(keys, options.out)),
    `# ${jwksUrl(jwksHost)} has to answer this, and JWKS_HOSTS has to list the host:`,
    `JWKS='${JSON.stringify(keys.jwks)}'`,
    `# For calls to ${audience}:`,
    `TOKEN=${rs256Token({ ...claims, aud: audience, jwks_host: jwksHost }, keys)}`,
  ];
  lines.forEach(edges.print);
}

async function claimsOf(options: TokenOptions, edges: CliEdges): Promise<RelayClaims> {
  const { pages, allPages, expires } = options;
  return {
    key: await readKey(options.keyFile, edges),
    ...(pages !== undefined && { NUMBER_OF_PAGES: pages }),
    ...(allPages === true && { GET_ALL_PAGES: true }),
    ...(expires !== undefined && { exp: Math.floor(edges.now() / 1000) + expires }),
  };
}

/** Writes the key pair down when asked to; says where. */
async function keepKeys(keys: DevelopmentKeys, folder: string | undefined): Promise<string[]> {
  if (folder === undefined) {
    return [];
  }
  await mkdir(folder, { recursive: true });
  const privateKey = join(folder, 'private-key.pem');
  const jwks = join(folder, 'jwks.json');
  await writeTextFile(privateKey, keys.privateKey, true);
  await writeTextFile(jwks, `${JSON.stringify(keys.jwks, undefined, 2)}\n`);
  return [`# Private key: ${privateKey}, public key: ${jwks}`];
}
