import { describe, expect, it } from '@jest/globals';
import { jwtVerify } from 'jose';

import { run } from './testing/cli-bench.js';

const SECRET = 'an-operators-secret-of-more-than-32-bytes';
const ARGS = ['ops-token', '--role', 'OPERATOR', '--subject', 'lead@example.com'];

async function claimsOf(token: string | undefined): Promise<Record<string, unknown>> {
  const currentDate = new Date('2026-01-01T00:00:00Z');
  const key = new TextEncoder().encode(SECRET);
  return (await jwtVerify(token ?? '', key, { algorithms: ['HS256'], currentDate })).payload;
}

describe('ops-token', () => {
  it('prints nothing but a token for eight hours, signed with OPS_JWT_SECRET', async () => {
    const { exitCode, printed } = await run(ARGS, { env: { OPS_JWT_SECRET: SECRET } });
    expect(exitCode).toBe(0);
    expect(printed).toHaveLength(1);
    const claims = await claimsOf(printed[0]);
    expect(claims).toMatchObject({ sub: 'lead@example.com', role: 'OPERATOR' });
    expect(Number(claims['exp']) - Number(claims['iat'])).toBe(8 * 3_600);
  });

  it('puts the role where OPS_ROLE_CLAIM has it, and names issuer and audience', async () => {
    const env = {
      OPS_JWT_SECRET: SECRET,
      OPS_ROLE_CLAIM: 'realm_access.role',
      OPS_ISSUER: 'https://id.example.com',
      OPS_AUDIENCE: 'ops',
    };
    const { printed } = await run([...ARGS, '--expires', '30m'], { env });
    const claims = await claimsOf(printed[0]);
    expect(claims).toMatchObject({
      realm_access: { role: 'OPERATOR' },
      iss: 'https://id.example.com',
      aud: 'ops',
    });
    expect(Number(claims['exp']) - Number(claims['iat'])).toBe(1_800);
  });

  it.each([
    ['no secret', {}],
    ['a secret too short for HS256', { OPS_JWT_SECRET: 'short' }],
  ])('makes none with %s', async (_, env) => {
    const { exitCode, printed, remarked } = await run(ARGS, { env });
    expect(exitCode).not.toBe(0);
    expect(printed).toEqual([]);
    expect(remarked).toContain('OPS_JWT_SECRET');
  });

  it('refuses a role that there is not', async () => {
    const args = ['ops-token', '--role', 'operator', '--subject', 'lead@example.com'];
    const { exitCode } = await run(args, { env: { OPS_JWT_SECRET: SECRET } });
    expect(exitCode).not.toBe(0);
  });
});
