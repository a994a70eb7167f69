import { Command, InvalidArgumentError, Option } from 'commander';
import jwt from 'jsonwebtoken';

import type { CliEdges } from './cli-edges.js';
import { CliFailure } from './cli-failure.js';
import { parseDuration } from './option-values.js';
import { isLongEnough, MINIMUM_BYTES } from './secret-input.js';
import { readTextFile } from './text-file.js';

interface OpsTokenOptions {
  readonly role: string;
  readonly subject: string;
  /** Seconds. */
  readonly expires: number;
}

const ROLES = ['VIEWER', 'OPERATOR', 'ADMIN'];
const WORKING_DAY_SECONDS = 8 * 3_600;

/** `ops-token`: a token for the operators' API, where no identity provider makes them. */
export function opsTokenCommand(edges: CliEdges): Command {
  return new Command('ops-token')
    .description("make an operator's token for the GraphQL API, signed with OPS_JWT_SECRET")
    .addOption(new Option('--role <role>', 'what it allows').choices(ROLES).makeOptionMandatory())
    .requiredOption('--subject <who>', 'whose token it is, as it is written down', parseSubject)
    .option(
      '--expires <time>',
      'how long it is valid, such as 8h',
      parseDuration,
      WORKING_DAY_SECONDS,
    )
    .action(async (options: OpsTokenOptions) => {
      edges.print(tokenOf(options, await opsSecret(edges.env), edges));
    });
}

function tokenOf({ role, subject, expires }: OpsTokenOptions, secret: string, edges: CliEdges) {
  const { OPS_ROLE_CLAIM: path = 'role', OPS_ISSUER: iss, OPS_AUDIENCE: aud } = edges.env;
  const iat = Math.floor(edges.now() / 1_000);
  const claims = {
    ...claimAt(path.split('.'), role),
    sub: subject,
    iat,
    exp: iat + expires,
    ...(iss !== undefined && { iss }),
    ...(aud !== undefined && { aud }),
  };
  return jwt.sign(claims, secret, { algorithm: 'HS256' });
}

/** A claim under a dotted path. */
function claimAt([name = 'role', ...rest]: readonly string[], value: string): object {
  return { [name]: rest.length === 0 ? value : claimAt(rest, value) };
}

async function opsSecret({ OPS_JWT_SECRET: given, OPS_JWT_SECRET_FILE: file }: NodeJS.ProcessEnv) {
  const secret = file === undefined ? given : (await readTextFile(file)).trim();
  if (secret === undefined || secret === '') {
    throw new CliFailure('bad-configuration', 'OPS_JWT_SECRET is not set: it signs the token');
  }
  if (!isLongEnough(secret)) {
    const wanted = `HS256 wants ${MINIMUM_BYTES} bytes or more`;
    throw new CliFailure('bad-secret', `OPS_JWT_SECRET is too short: ${wanted}`);
  }
  return secret;
}

function parseSubject(text: string): string {
  if (text.trim() === '' || text.length > 200) {
    throw new InvalidArgumentError('Give 1 to 200 characters.');
  }
  return text;
}
